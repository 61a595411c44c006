import { readFileSync } from "node:fs";
import {
	type AuthenticationResponseJSON,
	androidOrigin,
	decodeAttestationObject,
	decodeAuthenticatorData,
	decodeClientDataJSON,
	generateAuthenticationOptions,
	generateRegistrationOptions,
	type RegistrationResponseJSON,
	verifyAuthenticationResponse,
	verifyAuthenticationResponseSync,
	verifyRegistrationResponse,
	WebAuthnError,
} from "touchstone-webauthn";
import { describe, expect, it } from "vitest";

// The package does not export it: the test measures the memory of the instance that the functions use. The sources use the
// wasm in pkg/, the package uses its own. Vitest sets MODE.
const folder = process.env.MODE === "source" ? "../../../pkg" : "../../node_modules/touchstone-webauthn";
const glue = new URL(`${folder}/wasm/core-glue.js`, import.meta.url).href;
const { initSync } = (await import(glue)) as { initSync(input: { module: undefined }): { memory: WebAssembly.Memory } };

interface Vector {
	name: string;
	expectedChallenge: string;
	credential: { id: string; publicKey: string; counter: number };
	response: unknown;
}

const { cases } = JSON.parse(readFileSync(new URL("../../../tests/vectors/accepts.json", import.meta.url), "utf8")) as {
	cases: Vector[];
};

function vector(name: string): Vector {
	const found = cases.find((candidate) => candidate.name === name);
	if (!found) throw new Error(`no vector ${name}`);
	return found;
}

function authentication(name = "ES256/authentication") {
	const { expectedChallenge, credential, response } = vector(name);
	return {
		response: response as AuthenticationResponseJSON,
		expectedChallenge,
		expectedOrigin: "https://example.org",
		expectedRPID: "example.org",
		credential: { ...credential, publicKey: new Uint8Array(Buffer.from(credential.publicKey, "base64url")) },
	};
}

function registration(name = "none.ES256/registration") {
	const { expectedChallenge, response } = vector(name);
	return {
		response: response as RegistrationResponseJSON,
		expectedChallenge,
		expectedOrigin: "https://example.org",
		expectedRPID: "example.org",
	};
}

const refusal = (code: string, field?: string) => expect.objectContaining({ code, ...(field && { field }) });

describe("verification", () => {
	it("names the expected and the received origin when they do not match", async () => {
		const options = { ...authentication(), expectedOrigin: ["https://example.com", "https://example.net"] };
		const error = await verifyAuthenticationResponse(options).catch((error: unknown) => error);
		expect(error).toBeInstanceOf(WebAuthnError);
		expect(error).toMatchObject({
			name: "WebAuthnError",
			code: "ORIGIN_MISMATCH",
			class: "Refused",
			status: 401,
			field: "response.clientDataJSON.origin",
			expected: ["https://example.com", "https://example.net"],
			received: "https://example.org",
		});
		expect(String(error)).toContain(
			'Expected https://example.com, https://example.net; received "https://example.org"',
		);
	});

	it("accepts a function that decides whether the challenge was issued", async () => {
		const options = authentication();
		const accepting = {
			...options,
			expectedChallenge: async (challenge: string) => challenge === options.expectedChallenge,
		};
		expect((await verifyAuthenticationResponse(accepting)).verified).toBe(true);
		const refusing = { ...options, expectedChallenge: () => false };
		await expect(verifyAuthenticationResponse(refusing)).rejects.toEqual(refusal("CHALLENGE_MISMATCH"));
		expect(() => verifyAuthenticationResponseSync(refusing)).toThrow(refusal("CHALLENGE_MISMATCH"));
		expect(verifyAuthenticationResponseSync({ ...options, expectedChallenge: () => true }).verified).toBe(true);
		expect(() => verifyAuthenticationResponseSync(accepting)).toThrow(refusal("POLICY_MALFORMED", "expectedChallenge"));
	});

	it("uses the origin's host as the RP ID when a registration names none", async () => {
		const { expectedRPID: _, ...options } = registration();
		expect((await verifyRegistrationResponse(options)).registrationInfo.rpID).toBe("example.org");
		const elsewhere = { ...options, expectedOrigin: ["https://example.org", "https://example.net"] };
		expect((await verifyRegistrationResponse(elsewhere)).registrationInfo.rpID).toBe("example.org");
	});

	it("returns the outputs of authenticator extensions", async () => {
		const { authenticationInfo } = await verifyAuthenticationResponse(authentication("extensions/authentication"));
		expect(authenticationInfo.authenticatorExtensionResults).toEqual({ credProtect: 2 });
	});

	it.each([
		null,
		undefined,
		1,
		"",
		"{}",
		[],
		{},
		{ response: null },
		{ id: "AA", rawId: "AA", type: "public-key", response: 7 },
	])("refuses %j as a credential", async (response) => {
		const options = { ...authentication(), response: response as unknown as AuthenticationResponseJSON };
		const error = await verifyAuthenticationResponse(options).catch((error: unknown) => error);
		expect(error).toBeInstanceOf(WebAuthnError);
		expect((error as WebAuthnError).class).toBe("Malformed");
	});

	it("refuses a member whose getter throws, and can verify afterwards", async () => {
		const options = authentication();
		const trap = {
			get rawId(): string {
				throw new Error("no");
			},
		};
		const response = Object.assign(Object.create(trap), { id: options.response.id }) as AuthenticationResponseJSON;
		await expect(verifyAuthenticationResponse({ ...options, response })).rejects.toEqual(
			refusal("CREDENTIAL_MALFORMED", "rawId"),
		);
		expect((await verifyAuthenticationResponse(options)).verified).toBe(true);
	});

	it("checks the length of a member before it copies it", async () => {
		const options = authentication();
		const response = { ...options.response.response, signature: "A".repeat(200_000_000) };
		await expect(
			verifyAuthenticationResponse({ ...options, response: { ...options.response, response } }),
		).rejects.toEqual(refusal("CREDENTIAL_TOO_LARGE", "response.signature"));
	});

	it("refuses malformed arguments as misuse", async () => {
		const options = authentication();
		for (const [bent, field] of [
			[{ expectedOrigin: [] }, "expectedOrigin"],
			[{ expectedOrigin: "https://example.org/" }, "expectedOrigin"],
			[{ expectedRPID: [] }, "expectedRPID"],
			[{ expectedChallenge: "" }, "expectedChallenge"],
			[{ credential: { ...options.credential, publicKey: "AA" } }, "credential.publicKey"],
			[{ credential: { ...options.credential, counter: -1 } }, "credential"],
			[{ credential: { ...options.credential, counter: 1.5 } }, "credential"],
			[{ credential: { ...options.credential, id: "=" } }, "credential.id"],
			[{ credential: undefined }, "credential.publicKey"],
		] as const) {
			const error = await verifyAuthenticationResponse({ ...options, ...bent } as typeof options).catch(
				(e: unknown) => e,
			);
			expect(error, JSON.stringify(bent)).toMatchObject({
				code: "POLICY_MALFORMED",
				class: "Misuse",
				status: 500,
				field,
			});
		}
	});
});

describe("the wasm instance", () => {
	it("does not grow with use", () => {
		const options = authentication();
		const size = () => initSync({ module: undefined }).memory.buffer.byteLength;
		for (let i = 0; i < 50; i++) verifyAuthenticationResponseSync(options);
		const before = size();
		for (let i = 0; i < 500; i++) verifyAuthenticationResponseSync(options);
		expect(size()).toBe(before);
	});
});

describe("options", () => {
	it("have a new challenge and a new user handle of 32 bytes each time", async () => {
		const options = { rpName: "Example", rpID: "example.org", userName: "user@example.org" };
		const [one, two] = await Promise.all([generateRegistrationOptions(options), generateRegistrationOptions(options)]);
		expect(Buffer.from(one.challenge, "base64url")).toHaveLength(32);
		expect(Buffer.from(one.user.id, "base64url")).toHaveLength(32);
		expect(one.challenge).not.toBe(two.challenge);
		expect(one.user.id).not.toBe(two.user.id);
	});

	it("for creation equal those of the peer library", async () => {
		const options = await generateRegistrationOptions({
			rpName: "Example",
			rpID: "example.org",
			userName: "user@example.org",
			userID: new Uint8Array([1, 2, 3]),
			challenge: "challenge",
			excludeCredentials: [{ id: "AQID", transports: ["usb"] }],
			preferredAuthenticatorType: "securityKey",
		});
		expect(options).toEqual({
			challenge: "Y2hhbGxlbmdl",
			rp: { name: "Example", id: "example.org" },
			user: { id: "AQID", name: "user@example.org", displayName: "" },
			pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: "public-key" })),
			timeout: 60_000,
			attestation: "none",
			excludeCredentials: [{ id: "AQID", type: "public-key", transports: ["usb"] }],
			authenticatorSelection: {
				residentKey: "preferred",
				requireResidentKey: false,
				userVerification: "preferred",
				authenticatorAttachment: "cross-platform",
			},
			extensions: { credProps: true },
			hints: ["security-key"],
		});
	});

	it("do not change the caller's options", async () => {
		const authenticatorSelection = Object.freeze({ residentKey: "required" as const });
		const options = await generateRegistrationOptions({ rpName: "", rpID: "a", userName: "b", authenticatorSelection });
		expect(options.authenticatorSelection).toEqual({ residentKey: "required", requireResidentKey: true });
	});

	it("for a request equal those of the peer library, without an empty list", async () => {
		const options = await generateAuthenticationOptions({
			rpID: "example.org",
			challenge: new Uint8Array([0xfb, 0xff]),
			allowCredentials: [],
		});
		expect(options).toEqual({ rpId: "example.org", challenge: "-_8", timeout: 60_000, userVerification: "preferred" });
		await expect(
			generateAuthenticationOptions({ rpID: "example.org", allowCredentials: [{ id: "a/b" }] }),
		).rejects.toEqual(refusal("POLICY_MALFORMED", "allowCredentials"));
	});

	it("name the origins of an Android app by its certificate's fingerprint", () => {
		const hash = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
		const hex = Array.from({ length: 32 }, (_, byte) => byte.toString(16).padStart(2, "0"));
		const origins = [`android:apk-key-hash:${hash}`, `android:apk-key-hash-sha256:${hash}`];
		for (const form of [hex.join(":"), hex.join(":").toUpperCase(), hex.join(""), hash, `${hash}=`, ` ${hash}\n`]) {
			expect(androidOrigin(form)).toEqual(origins);
		}
		const [urlSafe, standard] = [`${"-_".repeat(21)}8`, `${"+/".repeat(21)}8=`];
		expect(androidOrigin(standard)).toEqual(androidOrigin(urlSafe));
		expect(androidOrigin(standard)[0]).toBe(`android:apk-key-hash:${urlSafe}`);
		const sha1 = hex.slice(0, 20).join(":");
		const wrong = [sha1, hex.slice(1).join(":"), `${hex.join(":")}:`, `:${hex.join("")}`, hash.slice(1), `${hash}A`];
		for (const form of [...wrong, `${hash.slice(0, -1)}9`, "", "00:11", undefined as never]) {
			expect(() => androidOrigin(form)).toThrow(refusal("POLICY_MALFORMED", "fingerprint"));
		}
	});
});

describe("decoders", () => {
	it("decode each part of a registration", () => {
		const { response } = registration("extensions/registration").response;
		expect(decodeClientDataJSON(response.clientDataJSON)).toMatchObject({
			type: "webauthn.create",
			origin: "https://example.org",
			crossOrigin: false,
		});
		const object = decodeAttestationObject(response.attestationObject);
		expect(object).toMatchObject({ fmt: "none", attStmt: {} });
		const data = decodeAuthenticatorData(Buffer.from(object.authData).toString("base64url"));
		expect(data).toMatchObject({
			flags: { up: true, uv: true, be: true, bs: true },
			counter: 0,
			aaguid: "00000000-0000-0000-0000-000000000000",
			extensions: { credProtect: 2 },
		});
		expect(data.credentialID).toBe(registration().response.id);
	});

	it("refuse input that is not such a part", () => {
		expect(() => decodeClientDataJSON(7)).toThrow(refusal("CREDENTIAL_MALFORMED"));
		expect(() => decodeClientDataJSON("!")).toThrow(refusal("ENCODING_MALFORMED"));
		expect(() => decodeAttestationObject("AA")).toThrow(refusal("ATTESTATION_OBJECT_MALFORMED"));
		expect(() => decodeAuthenticatorData("AA")).toThrow(refusal("AUTHENTICATOR_DATA_MALFORMED"));
	});
});
