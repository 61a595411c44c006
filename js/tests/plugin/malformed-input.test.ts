import { describe, expect, it } from "vitest";
import { encode, SoftwareAuthenticator } from "../support/authenticator.js";
import { concat, encodeCbor } from "../support/cbor.js";
import { expectRefusal } from "../support/refusal.js";
import { enrolled, openSite } from "../support/site.js";

type Registration = ReturnType<SoftwareAuthenticator["register"]>;
type Assertion = ReturnType<SoftwareAuthenticator["authenticate"]>;

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64url"));
const utf8 = (text: string) => encode(new TextEncoder().encode(text));
const withResponse = <R extends { response: object }>(credential: R, response: Partial<R["response"]>) => ({
	...credential,
	response: { ...credential.response, ...response },
});

/** Ways to corrupt a response that are the same in both ceremonies, with the reason in the log. */
const either: [string, (credential: Registration | Assertion) => unknown, string][] = [
	["is missing", () => undefined, "CREDENTIAL_MALFORMED"],
	["is null", () => null, "CREDENTIAL_MALFORMED"],
	["is a string", () => "response", "CREDENTIAL_MALFORMED"],
	["is a list", () => [], "CREDENTIAL_MALFORMED"],
	["is empty", () => ({}), "CREDENTIAL_MALFORMED"],
	["has an id that is a database query", (c) => ({ ...c, id: { $ne: null } }), "CREDENTIAL_MALFORMED"],
	["has an empty id", (c) => ({ ...c, id: "" }), "CREDENTIAL_MALFORMED"],
	["has an id with a NUL character", (c) => ({ ...c, id: "A\0A" }), "CREDENTIAL_MALFORMED"],
	["has no inner response", ({ response: _, ...c }) => c, "CREDENTIAL_MALFORMED"],
	["has members of the wrong type", (c) => withResponse(c, { clientDataJSON: 7 as never }), "CREDENTIAL_MALFORMED"],
	["has client data that is a list", (c) => withResponse(c, { clientDataJSON: utf8("[]") }), "CLIENT_DATA_MALFORMED"],
	["has an id that is too long", (c) => ({ ...c, id: "A".repeat(1365) }), "CREDENTIAL_TOO_LARGE"],
	["is of another type", (c) => ({ ...c, type: "password" }), "CREDENTIAL_TYPE_UNSUPPORTED"],
	["has an id and a rawId that differ", (c) => ({ ...c, rawId: "AAAA" }), "CREDENTIAL_ID_MISMATCH"],
	["is not base64url", (c) => withResponse(c, { clientDataJSON: "a+b/" }), "ENCODING_MALFORMED"],
	["is padded", (c) => withResponse(c, { clientDataJSON: "YQ==" }), "ENCODING_MALFORMED"],
	["has client data that is not JSON", (c) => withResponse(c, { clientDataJSON: utf8("{") }), "CLIENT_DATA_MALFORMED"],
	[
		"has client data with an unknown type",
		(c) => withResponse(c, { clientDataJSON: utf8("{}") }),
		"CLIENT_DATA_TYPE_MISMATCH",
	],
];

function deep(levels: number): Uint8Array {
	return concat(new Uint8Array(levels).fill(0x81), Uint8Array.of(0));
}

const registrations: [string, (credential: Registration) => unknown, string][] = [
	...either,
	["has CBOR that ends early", (c) => cut(c, -1), "CBOR_MALFORMED"],
	[
		"has CBOR with bytes after its end",
		(c) => object(c, concat(attestation(c), Uint8Array.of(0))),
		"CBOR_TRAILING_DATA",
	],
	["has CBOR nested deeply", (c) => object(c, deep(5000)), "CBOR_TOO_LARGE"],
	["has CBOR that announces more than there is", (c) => object(c, Uint8Array.of(0x9b, 0xff, 0xff)), "CBOR_MALFORMED"],
	["has an attestation object that is not a map", (c) => object(c, encodeCbor(7)), "ATTESTATION_OBJECT_MALFORMED"],
];

const attestation = (c: Registration) => bytes(c.response.attestationObject);
const object = (c: Registration, encoded: Uint8Array) => withResponse(c, { attestationObject: encode(encoded) });
const cut = (c: Registration, end: number) => object(c, attestation(c).slice(0, end));

describe("a registration whose response", () => {
	it.each(registrations)("%s is refused", async (_, spoil, reason) => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const response = spoil(new SoftwareAuthenticator().register(await browser.creationOptions()));
		const status = reason.endsWith("TOO_LARGE") ? 413 : 400;
		const expected = { status, code: "FAILED_TO_VERIFY_REGISTRATION", reason };
		await expectRefusal(site, () => browser.verifyRegistration(response), expected);
	});

	it("has bytes after the authenticator data is refused", async () => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const attempt = () => browser.addPasskey(new SoftwareAuthenticator(), { trailing: Uint8Array.of(1) });
		const reason = "AUTHENTICATOR_DATA_TRAILING_DATA";
		await expectRefusal(site, attempt, { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION", reason });
	});

	it("has a key with the algorithm of another key type is refused", async () => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator();
		const response = authenticator.register(await browser.creationOptions());
		// COSE encodes -7 as 0x26 after the label 3. 0x27 is EdDSA, which is offered, but this key is not an EdDSA key.
		const spoiled = attestation(response);
		const at = Buffer.from(spoiled).indexOf(Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26]));
		spoiled[at + 4] = 0x27;
		const attempt = () => browser.verifyRegistration(object(response, spoiled));
		const reason = "COSE_KEY_MISMATCH";
		await expectRefusal(site, attempt, { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION", reason });
	});

	it("has a key with an unknown algorithm is refused", async () => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const spoiled = attestation(response);
		const at = Buffer.from(spoiled).indexOf(Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26]));
		spoiled[at + 4] = 0x37;
		const answer = await browser.verifyRegistration(object(response, spoiled));
		expect(answer).toMatchObject({ status: 400, body: { code: "FAILED_TO_VERIFY_REGISTRATION" } });
		expect(await site.passkeys()).toEqual([]);
	});
});

const assertions: [string, (credential: Assertion) => unknown, string][] = [
	...either,
	[
		"has authenticator data that ends early",
		(c) => withResponse(c, { authenticatorData: encode(bytes(c.response.authenticatorData).slice(0, 36)) }),
		"AUTHENTICATOR_DATA_MALFORMED",
	],
	["has no signature", (c) => withResponse(c, { signature: "" }), "SIGNATURE_INVALID"],
	["has a signature that is not DER", (c) => withResponse(c, { signature: "AAAA" }), "SIGNATURE_INVALID"],
	[
		"has a user handle that is too long",
		(c) => withResponse(c, { userHandle: "A".repeat(88) }),
		"USER_HANDLE_MALFORMED",
	],
];

describe("a sign-in whose response", () => {
	it.each(assertions)("%s is refused with the same answer as all others", async (_, spoil, reason) => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = spoil(authenticator.authenticate(await browser.requestOptions()));
		const expected = { status: 401, code: "AUTHENTICATION_FAILED", reason };
		await expectRefusal(site, () => browser.verifyAuthentication(response), expected);
	});

	it("has bytes after the authenticator data is refused", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempt = () => browser.signIn(authenticator, { trailing: Uint8Array.of(1) });
		const reason = "AUTHENTICATOR_DATA_TRAILING_DATA";
		await expectRefusal(site, attempt, { status: 401, code: "AUTHENTICATION_FAILED", reason });
	});
});

describe("a request that is", () => {
	it.each([
		["not JSON", "application/json", "{", 400],
		["empty", "application/json", "", 400],
		["JSON of another kind", "application/json", "[]", 400],
		["JSON that sets __proto__", "application/json", '{"__proto__":{"response":{}}}', 400],
		["a form", "application/x-www-form-urlencoded", "response=x", 415],
	])("%s gets a client error from every endpoint", async (_, type, body, status) => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		const before = [await site.passkeys(), (await site.sessions()).length];
		for (const path of ["verify-registration", "verify-authentication", "delete-passkey", "update-passkey"]) {
			await browser.requestOptions();
			const init = { method: "POST", headers: { "content-type": type }, body };
			const answer = await browser.send(`/passkey/${path}`, init);
			expect([400, 401, status]).toContain(answer.status);
		}
		expect([await site.passkeys(), (await site.sessions()).length]).toEqual(before);
	});

	it("deeply nested in members that are not read is accepted", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const nested = `${"[".repeat(15_000)}${"]".repeat(15_000)}`;
		const response = authenticator.authenticate(await browser.requestOptions());
		const json = JSON.stringify({ response: { ...response, clientExtensionResults: { nested: 0 }, more: 1 } });
		const body = json.replace('"nested":0', `"nested":${nested}`).replace('"more":1', `"more":${nested}`);
		const init = { method: "POST", headers: { "content-type": "application/json" }, body };
		expect(await browser.send("/passkey/verify-authentication", init)).toMatchObject({ status: 200 });
	});

	it("randomly corrupted never causes a status of 500", { timeout: 60_000 }, async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		let seed = 1;
		const random = (below: number) => {
			seed = (seed * 48271) % 2147483647;
			return seed % below;
		};
		for (let round = 0; round < 100; round++) {
			const copy = browser.copy();
			const response = structuredClone(authenticator.authenticate(await copy.requestOptions()));
			const members = response.response as Record<string, string>;
			const name = Object.keys(members)[random(Object.keys(members).length)] ?? "";
			const spoiled = bytes(members[name] ?? "");
			spoiled[random(spoiled.length)] = (spoiled[random(spoiled.length)] ?? 0) ^ (1 + random(255));
			members[name] = encode(spoiled.slice(0, spoiled.length - random(3)));
			expect([200, 401]).toContain((await copy.verifyAuthentication(response)).status);
		}
	});
});
