import { createECDH, createPrivateKey } from "node:crypto";
import {
	type AttestationOptions,
	attestation,
	Metadata,
	verifyRegistrationResponseSync,
} from "touchstone-webauthn/attestation";
import { passkey } from "touchstone-webauthn/better-auth";
import { appleWebAuthnRoots } from "touchstone-webauthn/roots";
import { describe, expect, it } from "vitest";
import { type Attestor, encode, SoftwareAuthenticator } from "../support/authenticator.js";
import { expectRefusal } from "../support/refusal.js";
import { openSite } from "../support/site.js";
import { bytes, cases, read, registrationOptions } from "../support/vectors.js";

const FAILED = { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION" };
const AAGUID = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4";
const OTHER_AAGUID = "00000000-0000-0000-0000-000000000001";

/** The root of the packed attestation vector, and its attestor: the certificates and the key of the first one. */
function fixture(): { root: Uint8Array; attestor: Attestor } {
	const vector = cases("tests/vectors/attestation.json").find(({ name }) => name === "packed/registration");
	if (!vector) throw new Error("no vector of packed attestation");
	const { certificates, anchor } = verifyRegistrationResponseSync(registrationOptions(vector)).registrationInfo
		.attestation;
	const { attestationKey } = read("tests/vectors/attestation.json") as { attestationKey: string };
	const pair = createECDH("prime256v1");
	pair.setPrivateKey(bytes(attestationKey));
	const point = pair.getPublicKey();
	const key = createPrivateKey({
		format: "jwk",
		key: {
			kty: "EC",
			crv: "P-256",
			d: attestationKey,
			x: encode(point.subarray(1, 33)),
			y: encode(point.subarray(33)),
		},
	});
	return { root: anchor ?? new Uint8Array(), attestor: { key, certificates } };
}

const { root, attestor } = fixture();
interface MetadataVector {
	current: string;
	trustAnchors: string[];
	signer: string;
	now: number;
}

function metadata(): Metadata {
	const { current, trustAnchors, signer, now } = read("tests/vectors/metadata.json") as MetadataVector;
	return Metadata.verify(current, { trustAnchors: trustAnchors.map(bytes), signer, now: new Date(now * 1000) });
}

const certified = () => new SoftwareAuthenticator({ attestation: "packed", attestor });
const byItself = () => new SoftwareAuthenticator({ attestation: "packed" });

async function signedUp(options: AttestationOptions) {
	const site = await openSite({ attestation: attestation(options) });
	const browser = site.browser();
	await browser.signUp("ada@example.com");
	return { site, browser };
}

describe("the options for a new passkey", () => {
	it("ask for direct attestation in the accepted formats", async () => {
		const { browser } = await signedUp({ anchors: [root], formats: ["packed", "tpm"] });
		expect(await browser.creationOptions()).toMatchObject({
			attestation: "direct",
			attestationFormats: ["packed", "tpm"],
		});
	});

	it("name no formats when all are accepted", async () => {
		const { browser } = await signedUp({ conveyance: "enterprise" });
		const options = await browser.creationOptions();
		expect(options.attestation).toBe("enterprise");
		expect(options).not.toHaveProperty("attestationFormats");
	});
});

describe("a new passkey", () => {
	it("is stored with the format of its attestation, and as trusted", async () => {
		const { site, browser } = await signedUp({ anchors: [root], aaguids: [AAGUID] });
		const answer = await browser.addPasskey(certified());
		const told = { attestationFormat: "packed", attestationTrusted: true, aaguid: AAGUID };
		expect(answer).toMatchObject({ status: 200, body: told });
		expect(await site.passkeys()).toMatchObject([told]);
	});

	it("signs in afterwards", async () => {
		const { browser } = await signedUp({ anchors: [root] });
		const authenticator = certified();
		await browser.addPasskey(authenticator);
		await browser.signOut();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	});

	it("is stored as not trusted when the site does not require trust", async () => {
		const { site, browser } = await signedUp({ anchors: [root], requireTrusted: false });
		await browser.addPasskey(byItself());
		await browser.addPasskey(new SoftwareAuthenticator());
		await browser.addPasskey(certified());
		expect(await site.passkeys()).toMatchObject([
			{ attestationFormat: "packed", attestationTrusted: false },
			{ attestationFormat: "none", attestationTrusted: false },
			{ attestationFormat: "packed", attestationTrusted: true },
		]);
	});

	const apple = appleWebAuthnRoots.map(({ certificate }) => certificate);
	it.each<[string, AttestationOptions, () => SoftwareAuthenticator, string]>([
		["without attestation", { anchors: [root] }, () => new SoftwareAuthenticator(), "ATTESTATION_UNTRUSTED"],
		["that attests itself", { anchors: [root] }, byItself, "ATTESTATION_UNTRUSTED"],
		["of a model that is missing in the metadata", { mds: async () => metadata() }, certified, "METADATA_MISSING"],
		["whose chain ends at another root", { anchors: apple }, certified, "ATTESTATION_UNTRUSTED"],
		["of another model", { anchors: [root], aaguids: [OTHER_AAGUID] }, certified, "AAGUID_FORBIDDEN"],
		["of another format", { formats: ["tpm"] }, certified, "ATTESTATION_FORMAT_FORBIDDEN"],
	])("%s is refused, and only the log states the reason", async (_, options, authenticator, reason) => {
		const { site, browser } = await signedUp(options);
		await expectRefusal(site, () => browser.addPasskey(authenticator()), { ...FAILED, reason });
		expect(await site.passkeys()).toEqual([]);
	});

	it("whose attestation has a wrong signature is refused", async () => {
		const { site, browser } = await signedUp({ requireTrusted: false });
		const attempt = () => browser.addPasskey(certified(), { wrongSignature: true });
		await expectRefusal(site, attempt, { ...FAILED, reason: "SIGNATURE_INVALID" });
	});
});

describe("the table", () => {
	const columns = (options: Parameters<typeof passkey>[0]) => Object.keys(passkey(options).schema.passkey.fields);

	it("has columns for attestation only when the option is set", () => {
		const without = columns({});
		expect(columns({ attestation: attestation() })).toEqual([...without, "attestationFormat", "attestationTrusted"]);
		expect(without.filter((name) => /attestation/i.test(name))).toEqual([]);
	});

	it("stores nothing about the attestation of a passkey without the option", async () => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		expect((await browser.creationOptions()).attestation).toBe("none");
		const authenticator = byItself();
		expect((await browser.addPasskey(authenticator)).status).toBe(200);
		expect(Object.keys((await site.passkeys())[0] ?? {}).filter((name) => /attestation/i.test(name))).toEqual([]);
	});
});

describe("attestation()", () => {
	it.each<[AttestationOptions, string]>([
		[{ requireTrusted: true }, "trustAnchors"],
		[{ aaguids: [AAGUID] }, "trustAnchors"],
		[{ aaguids: [AAGUID], anchors: [root], requireTrusted: false }, "requireTrustedAttestation"],
		[{ anchors: [7 as unknown as string] }, "trustAnchors"],
		[{ anchors: ["garbage"] }, "trustAnchors"],
		[{ anchors: [new Uint8Array(3)] }, "trustAnchors"],
		[{ anchors: [root], aaguids: ["x"] }, "aaguids"],
		[{ anchors: [root], tpmManufacturers: ["Infineon"] }, "tpmManufacturers"],
		[{ formats: ["nonsense" as "none"] }, "attestationFormats"],
	])("throws at start for %j, which cannot be enforced", (options, field) => {
		expect(() => attestation(options)).toThrow(expect.objectContaining({ code: "POLICY_MALFORMED", field }));
	});

	it("asks for direct attestation in any format by default", () => {
		expect(attestation()).toMatchObject({ conveyance: "direct", formats: [] });
	});
});
