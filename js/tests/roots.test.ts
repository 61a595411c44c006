import { X509Certificate } from "node:crypto";
import * as roots from "touchstone-webauthn/roots";
import { describe, expect, it } from "vitest";

const lists = Object.entries(roots);
const all = lists.flatMap(([, list]) => list);
const YEAR = 365 * 24 * 60 * 60 * 1000;

/** What node says of the key of each root, by name: a root of another key would be another root. */
const KEYS: Record<string, string> = {
	"Apple WebAuthn Root CA": "ec secp384r1",
	"Google Key Attestation CA1": "ec secp384r1",
	"Google Hardware Attestation Root, 2022": "rsa 4096",
	"Google Hardware Attestation Root, 2021": "rsa 4096",
	"Google Hardware Attestation Root, 2019": "rsa 4096",
	"Google Hardware Attestation Root, 2016": "rsa 4096",
	"Microsoft TPM Root Certificate Authority 2014": "rsa 4096",
	"GlobalSign Root R46": "rsa 4096",
	"GlobalSign Root CA - R3": "rsa 2048",
	"GlobalSign Root CA": "rsa 2048",
};

describe("the roots", () => {
	it("are in these lists", () => {
		expect(lists.map(([name, list]) => `${name} ${list.length}`).sort()).toEqual([
			"appleWebAuthnRoots 1",
			"fidoMetadataRoots 2",
			"googleHardwareRoots 5",
			"microsoftTpmRoots 1",
			"safetyNetRoots 1",
		]);
	});

	it("are each there once", () => {
		expect(new Set(all.map((root) => root.name)).size).toBe(all.length);
		expect(new Set(all.map((root) => root.sha256)).size).toBe(all.length);
		expect(new Set(all.map((root) => root.certificate)).size).toBe(all.length);
	});

	it("of Google's RSA key are one name and one key", () => {
		const issued = roots.googleHardwareRoots.filter((root) => root.name.startsWith("Google Hardware"));
		const read = issued.map((root) => new X509Certificate(root.certificate));
		expect(issued.length).toBe(4);
		expect(new Set(read.map((certificate) => certificate.subject)).size).toBe(1);
		const keys = read.map((certificate) => certificate.publicKey.export({ type: "spki", format: "der" }));
		expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(1);
	});
});

describe.each(all)("$name", (root) => {
	const certificate = new X509Certificate(root.certificate);

	it("is one certificate, as openssl writes PEM", () => {
		expect(certificate.toString()).toBe(root.certificate);
	});

	it("has the fingerprint and the last day that its entry says", () => {
		expect(certificate.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(root.sha256);
		expect(new Date(certificate.validTo).toISOString().slice(0, 10)).toBe(root.expires);
	});

	it("is a certificate authority that signed itself", () => {
		expect(certificate.ca).toBe(true);
		expect(certificate.issuer).toBe(certificate.subject);
		expect(certificate.verify(certificate.publicKey)).toBe(true);
	});

	it("has the key that it is known by", () => {
		const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
		const size = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength;
		expect(`${asymmetricKeyType} ${size}`).toBe(KEYS[root.name]);
	});

	// Fails a year ahead, so that a successor is found in time.
	it("is valid for another year, or says that it is not", () => {
		if (Date.parse(certificate.validTo) < Date.now() + YEAR) {
			expect(root.note).toMatch(/^Expire/);
		}
	});

	it("names a page of its owner", () => {
		expect(new URL(root.source).protocol).toBe("https:");
	});
});
