import { readFileSync } from "node:fs";
import {
	type AuthenticationResponseJSON,
	type RegistrationResponseJSON,
	verifyAuthenticationResponseSync,
	verifyRegistrationResponseSync,
	WebAuthnError,
} from "touchstone-webauthn";
import { describe, expect, it } from "vitest";

interface Vector {
	name: string;
	expectedChallenge: string;
	credential: { id: string; publicKey: string; counter: number };
	response: { [member: string]: unknown; response: Record<string, string> };
}

const { cases } = JSON.parse(readFileSync(new URL("../../../tests/vectors/accepts.json", import.meta.url), "utf8")) as {
	cases: Vector[];
};

function options(name: string) {
	const vector = cases.find((candidate) => candidate.name === name);
	if (!vector) throw new Error(`no vector ${name}`);
	const { expectedChallenge, credential, response } = vector;
	const publicKey = new Uint8Array(Buffer.from(credential?.publicKey ?? "", "base64url"));
	return {
		response,
		expectedChallenge,
		expectedOrigin: "https://example.org",
		expectedRPID: "example.org",
		credential: { ...credential, publicKey },
	};
}

type Options = ReturnType<typeof options>;

const signIn = options("ES256/authentication");
const signUp = options("none.ES256/registration");

const authenticate = (bent: object) =>
	outcome(() =>
		verifyAuthenticationResponseSync({ ...(signIn as Options & { response: AuthenticationResponseJSON }), ...bent }),
	);
const register = (bent: object) =>
	outcome(() =>
		verifyRegistrationResponseSync({ ...(signUp as Options & { response: RegistrationResponseJSON }), ...bent }),
	);

function outcome(verify: () => { verified: true }): string {
	try {
		verify();
		return "accepted";
	} catch (error) {
		if (!(error instanceof WebAuthnError)) throw error;
		return `${error.code} ${error.field}`;
	}
}

/** The outcome after replacing the member of the response at this path. */
function withMember(path: string, descriptor: PropertyDescriptor): string {
	const [outer = "", inner] = path.split(".");
	const [base, verify] = path.endsWith("attestationObject") ? [signUp, register] : [signIn, authenticate];
	const define = (object: object, name: string, property: PropertyDescriptor) =>
		Object.defineProperty({ ...object }, name, { enumerable: true, ...property });
	const response = inner
		? { ...base.response, response: define(base.response.response, inner, descriptor) }
		: define(base.response, outer, descriptor);
	return verify({ response });
}

const INNER = [
	"response.clientDataJSON",
	"response.attestationObject",
	"response.authenticatorData",
	"response.signature",
	"response.userHandle",
];

describe("a member of the response", () => {
	it.each(["id", "rawId", "type", ...INNER])("%s must be a string if it is present", (path) => {
		const missing = path === "response.userHandle" ? "accepted" : `CREDENTIAL_FIELD_MISSING ${path}`;
		expect(withMember(path, { value: undefined })).toBe(missing);
		expect(withMember(path, { value: null })).toBe(missing);
		for (const value of [0, true, {}, [], ["AQID"], Object("AQID"), Symbol("AQID"), () => "AQID"]) {
			expect(withMember(path, { value })).toBe(`CREDENTIAL_MALFORMED ${path}`);
		}
		const get = () => {
			throw new Error("no");
		};
		expect(withMember(path, { get })).toBe(`CREDENTIAL_MALFORMED ${path}`);
	});

	it.each(INNER)("%s is refused if it contains characters outside base64url", (path) => {
		const valid = signIn.response.response.clientDataJSON;
		for (const value of [
			"?",
			"!",
			">",
			"=",
			"\0",
			"\0?",
			`${valid}\0`,
			`${valid}\0=AA`,
			`\0=${valid}`,
			"AA\0\0",
			"ü",
		]) {
			expect(withMember(path, { value }), JSON.stringify(value)).toBe(`ENCODING_MALFORMED ${path}`);
		}
	});

	it("cannot pass half a surrogate pair on to the next member", () => {
		const { clientDataJSON, ...others } = signIn.response.response;
		const response = { ...others, clientDataJSON: `${clientDataJSON}\ud800`, authenticatorData: "\udc00" };
		const refused = authenticate({ response: { ...signIn.response, response } });
		expect(refused).toBe("ENCODING_MALFORMED response.clientDataJSON");
	});

	it("does not end at a NUL where it is compared and not decoded", () => {
		expect(withMember("type", { value: "public-key\0" })).toBe("CREDENTIAL_TYPE_UNSUPPORTED type");
		expect(withMember("id", { value: `${signIn.response.id}\0` })).toBe("CREDENTIAL_ID_MISMATCH id");
		expect(withMember("rawId", { value: `${signIn.response.rawId}\0` })).toBe("ENCODING_MALFORMED rawId");
	});

	it.each([
		["id", 1_364, "CREDENTIAL_ID_TOO_LARGE"],
		["rawId", 1_364, "CREDENTIAL_ID_TOO_LARGE"],
		["type", 1_364, "CREDENTIAL_TYPE_UNSUPPORTED"],
		["response.clientDataJSON", 10_923, "CREDENTIAL_TOO_LARGE"],
		["response.attestationObject", 65_536, "CREDENTIAL_TOO_LARGE"],
		["response.authenticatorData", 10_923, "CREDENTIAL_TOO_LARGE"],
		["response.signature", 6_827, "CREDENTIAL_TOO_LARGE"],
		["response.userHandle", 10_923, "CREDENTIAL_TOO_LARGE"],
	])("%s is at most %i characters", (path, longest, code) => {
		const tooLong = `${code} ${path}`;
		for (const length of [longest + 1, 65_536, 65_537, 1_000_000].filter((length) => length > longest)) {
			expect(withMember(path, { value: "A".repeat(length) })).toBe(tooLong);
		}
		if (path !== "type") expect(withMember(path, { value: "A".repeat(longest) })).not.toBe(tooLong);
	});

	it("is read only once", () => {
		for (const [base, verify] of [
			[signIn, authenticate],
			[signUp, register],
		] as const) {
			const reads: string[] = [];
			const counted = <T extends object>(object: T): T =>
				new Proxy(object, { get: (target, name) => reads.push(String(name)) && Reflect.get(target, name) });
			const inner = counted(base.response.response);
			expect(verify({ response: { ...base.response, response: inner } })).toBe("accepted");
			expect(verify({ response: counted({ ...base.response, response: base.response.response }) })).toBe("accepted");
			const members = reads.filter((name) => name !== "transports" && name !== "response");
			expect(new Set(members).size).toBe(members.length);
		}
	});

	it("can verify other responses in its getter", () => {
		const { clientDataJSON } = signIn.response.response;
		const nested: string[] = [];
		const get = () => {
			nested.push(register({}), authenticate({}));
			return clientDataJSON;
		};
		expect(withMember("response.clientDataJSON", { get })).toBe("accepted");
		expect(nested).toEqual(["accepted", "accepted"]);
	});
});

describe("the caller's values", () => {
	it("reach the right checks, however many there are", () => {
		const others = Array.from({ length: 400 }, (_, i) => Buffer.from(`credential ${i}`).toString("base64url"));
		const many = {
			expectedType: ["", "other", "webauthn.get"],
			expectedOrigin: ["https://exämple.org", "https://example.org"],
			expectedRPID: ["example.net", "example.com", "example.org"],
			expectedTopOrigin: ["https://example.com"],
			allowCredentials: [...others, signIn.credential.id],
			credential: { ...signIn.credential, backupEligible: true },
		};
		expect(authenticate(many)).toBe("accepted");
		expect(authenticate({ ...many, expectedType: ["other"] })).toMatch("CLIENT_DATA_TYPE_MISMATCH");
		expect(authenticate({ ...many, expectedOrigin: ["https://exämple.org"] })).toMatch("ORIGIN_MISMATCH");
		expect(authenticate({ ...many, expectedRPID: ["example.net"] })).toMatch("RP_ID_MISMATCH");
		expect(authenticate({ ...many, allowCredentials: others })).toMatch("CREDENTIAL_ID_FORBIDDEN");
		const record = { ...signIn.credential, backupEligible: false };
		expect(authenticate({ ...many, credential: record })).toMatch("BACKUP_ELIGIBILITY_MISMATCH");
		expect(authenticate({ ...many, credential: record, backupEligibilityPolicy: "report" })).toBe("accepted");
		expect(authenticate({ ...many, expectedUserHandle: "" })).toMatch("USER_HANDLE_MISMATCH");
		expect(register({ supportedAlgorithmIDs: [-7] })).toBe("accepted");
		expect(register({ supportedAlgorithmIDs: [-8, -257, 2 ** 53 - 1] })).toMatch("ALGORITHM_FORBIDDEN");
		expect(register({ supportedAlgorithmIDs: [] })).toMatch("ALGORITHM_FORBIDDEN");
	});

	it("are not cut off at a NUL", () => {
		expect(authenticate({ expectedType: ["webauthn.get\0", "x"] })).toMatch("CLIENT_DATA_TYPE_MISMATCH");
		expect(authenticate({ expectedChallenge: `${signIn.expectedChallenge}\0` })).toMatch("CHALLENGE_MISMATCH");
		expect(authenticate({ expectedOrigin: "https://example.org\0" })).toMatch("ORIGIN_MISMATCH");
		expect(authenticate({ expectedRPID: "example.org\0" })).toMatch("RP_ID_MISMATCH");
	});

	it.each([
		[{ expectedChallenge: 7 }, "options"],
		[{ expectedOrigin: [7] }, "options"],
		[{ expectedRPID: [undefined] }, "options"],
		[{ expectedType: [null] }, "options"],
		[{ expectedTopOrigin: [{}] }, "options"],
		[{ allowCrossOrigin: 1 }, "options"],
		[{ requireUserVerification: "no" }, "options"],
		[{ allowCredentials: "AQID" }, "options"],
		[{ allowCredentials: 7 }, "options"],
		[{ allowCredentials: ["AQID", 7] }, "options"],
		[{ allowCredentials: ["="] }, "allowCredentials"],
		[{ expectedUserHandle: 7 }, "credential"],
		[{ expectedUserHandle: "=" }, "expectedUserHandle"],
	])("are refused if they have the wrong type: %j", (bent, field) => {
		expect(authenticate(bent)).toBe(`POLICY_MALFORMED ${field}`);
	});

	it.each([{ id: undefined }, { counter: "0" }, { counter: 2 ** 32 }, { counter: Number.NaN }, { backupEligible: 1 }])(
		"of the credential record are refused if they have the wrong type: %j",
		(bent) => {
			expect(authenticate({ credential: { ...signIn.credential, ...bent } })).toBe("POLICY_MALFORMED credential");
		},
	);

	it.each([
		{ requireUserPresence: 1 },
		{ supportedAlgorithmIDs: ["-7"] },
		{ supportedAlgorithmIDs: [-7.5] },
		{ supportedAlgorithmIDs: [2 ** 53] },
		{ supportedAlgorithmIDs: -7 },
	])("of a registration are refused if they have the wrong type: %j", (bent) => {
		expect(register(bent)).toBe("POLICY_MALFORMED options");
	});

	it("may be null where they may be absent", () => {
		const credential = { ...signIn.credential, backupEligible: null };
		expect(authenticate({ credential, expectedUserHandle: null, allowCredentials: null })).toBe("accepted");
	});
});
