import { existsSync } from "node:fs";
import * as core from "touchstone-webauthn";
import { WebAuthnError } from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { describe, expect, it } from "vitest";
import {
	at,
	base64url,
	bytes,
	type Case,
	cases,
	read,
	registrationOptions,
	run,
	type Verifiers,
} from "../support/vectors.js";

const accepts = cases("tests/vectors/accepts.json");
const rejects = cases("tests/vectors/rejects.json");
const attested = cases("tests/vectors/attestation.json");

async function expectRefused(library: Verifiers, vector: Case) {
	const outcome = await run(library, vector);
	expect(outcome).toBeInstanceOf(WebAuthnError);
	// If a vector's response is not JSON, these functions receive it as a string, which is not a credential either.
	const field = typeof vector.response === "string" ? "id" : vector.field;
	expect(outcome).toMatchObject({ code: vector.code, field });
}

describe("the project's own vectors", () => {
	it.each(accepts)("accepts $name", async (vector) => {
		expect(await run(core, vector)).not.toBeInstanceOf(WebAuthnError);
	});

	it.each(rejects)("refuses $name", async (vector) => {
		await expectRefused(core, vector);
	});
});

describe("the project's own vectors, through touchstone-webauthn/attestation", () => {
	it("are not fewer than when this test was written", () => {
		const refused = attested.filter(({ code }) => code !== undefined).length;
		expect(attested.length - refused).toBeGreaterThanOrEqual(34);
		expect(refused).toBeGreaterThanOrEqual(77);
	});

	it.each(accepts)("accepts $name", async (vector) => {
		expect(await run(attestation, vector)).toEqual(await run(core, vector));
	});

	it.each(rejects.filter(({ build }) => build !== "core"))("refuses $name", async (vector) => {
		await expectRefused(attestation, vector);
	});

	it.each(attested.filter(({ code }) => code === undefined))("accepts $name", async (vector) => {
		expect(await run(attestation, vector)).toMatchObject(vector.expect ?? {});
	});

	it.each(attested.filter(({ code }) => code !== undefined))("refuses $name", async (vector) => {
		await expectRefused(attestation, vector);
	});
});

describe("the result of an attested registration", () => {
	const vector = (name: string) => {
		const found = attested.find((candidate) => candidate.name === `${name}/registration`);
		if (!found) throw new Error(`no vector ${name}`);
		return found;
	};
	const verify = (name: string) => attestation.verifyRegistrationResponseSync(registrationOptions(vector(name)));

	it("has the certificates and the anchor of their chain", () => {
		const { attestation: found } = verify("packed").registrationInfo;
		expect(found).toEqual({
			format: "packed",
			type: "basic",
			trusted: true,
			anchor: bytes(vector("packed").trustAnchors?.[0] ?? ""),
			aaguid: "12345678-9abc-def0-1234-56789abcdef0",
			certificates: [expect.any(Uint8Array), expect.any(Uint8Array)],
		});
	});

	it("has no anchor if the attestation is not trusted", () => {
		const { attestation: found } = verify("packed.untrusted").registrationInfo;
		expect(Object.keys(found).sort()).toEqual(["aaguid", "certificates", "format", "trusted", "type"]);
		expect(found.trusted).toBe(false);
		expect(found.certificates.map(base64url)).toEqual(
			verify("packed").registrationInfo.attestation.certificates.map(base64url),
		);
	});

	it("names the matching one of several anchors", () => {
		const anchor = verify("packed.second-anchor").registrationInfo.attestation.anchor;
		expect(base64url(anchor ?? new Uint8Array())).toBe(vector("packed.second-anchor").trustAnchors?.[1]);
	});
});

const folder = "../shared/conformance/";
const supportedByCore =
	/^(none\.|packed-self\.)|^(packed\.(ES256|RS256|EdDSA)|tpm|android-key|apple|fido-u2f)\S*\/authentication/;

describe.skipIf(!existsSync(at(folder)))("the W3C vectors", () => {
	const codes = read("tests/vectors/w3c-codes.json") as Record<string, string[]>;
	const files = ["w3c-webauthn-l3.json", "w3c-webauthn-l3-mutations.json"];
	// The body of a skipped suite still runs, so read the files only if the folder exists.
	const vectors = existsSync(at(folder)) ? files.flatMap((file) => cases(folder + file)) : [];

	/** Checks that a vector gets the crate's verdict; "later" if the entry does not support its format. */
	async function judge(library: Verifiers, vector: Case, supported: RegExp): Promise<"accepted" | "refused" | "later"> {
		const [base = "", mutation] = vector.name.split("#");
		const outcome = await run(library, vector);
		if (!supported.test(base)) {
			expect(outcome, vector.name).toBeInstanceOf(WebAuthnError);
			return "later";
		}
		if (mutation !== undefined) {
			expect(codes[mutation], vector.name).toContain((outcome as WebAuthnError).code);
			return "refused";
		}
		const { flags, ...expected } = vector.expect ?? {};
		const { up: _, ...shown } = flags as Record<string, boolean>;
		expect(outcome, vector.name).toMatchObject({ ...expected, flags: shown });
		if (vector.ceremony === "registration" && vector.trustAnchors && library === attestation) {
			expect(outcome, vector.name).toMatchObject({ trusted: true });
		}
		return "accepted";
	}

	async function count(library: Verifiers, supported: RegExp) {
		const count = { accepted: 0, refused: 0, later: 0 };
		for (const vector of vectors) count[await judge(library, vector, supported)]++;
		return count;
	}

	it("get the crate's verdicts in the formats that the core supports", async () => {
		expect(await count(core, supportedByCore)).toEqual({ accepted: 17, refused: 278, later: 202 });
	});

	it("get the crate's verdicts in touchstone-webauthn/attestation, with trust required", async () => {
		const found = await count(attestation, /./);
		// Not the console: Vitest hides its output for tests that pass.
		process.stderr.write(`W3C vectors in wasm: ${found.accepted} accepted, ${found.refused} refused as expected\n`);
		expect(found).toEqual({ accepted: 30, refused: 467, later: 0 });
	});
});
