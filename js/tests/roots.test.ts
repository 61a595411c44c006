import { X509Certificate } from "node:crypto";
import * as roots from "touchstone-webauthn/roots";
import { describe, expect, it } from "vitest";

const lists = Object.entries(roots);
const all = lists.flatMap(([, list]) => list);
const YEAR = 365 * 24 * 60 * 60 * 1000;

/** The type and size of each root's key as Node.js reads them, by name: a different key would mean a different root. */
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
	it("are exported in these lists", () => {
		expect(lists.map(([name, list]) => `${name} ${list.length}`).sort()).toEqual([
			"appleWebAuthnRoots 1",
			"fidoMetadataRoots 2",
			"googleHardwareRoots 5",
			"microsoftTpmRoots 1",
			"safetyNetRoots 1",
		]);
	});

	it("contain no duplicates", () => {
		expect(new Set(all.map((root) => root.name)).size).toBe(all.length);
		expect(new Set(all.map((root) => root.sha256)).size).toBe(all.length);
		expect(new Set(all.map((root) => root.certificate)).size).toBe(all.length);
	});

	it("of Google that were issued for its RSA key share one subject and one key", () => {
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

	it("is one certificate, written as openssl writes PEM", () => {
		expect(certificate.toString()).toBe(root.certificate);
	});

	it("has the fingerprint and the expiry date that its entry states", () => {
		expect(certificate.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(root.sha256);
		expect(new Date(certificate.validTo).toISOString().slice(0, 10)).toBe(root.expires);
	});

	it("is a self-signed certificate authority", () => {
		expect(certificate.ca).toBe(true);
		expect(certificate.issuer).toBe(certificate.subject);
		expect(certificate.verify(certificate.publicKey)).toBe(true);
	});

	it("has the expected key type and size", () => {
		const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
		const size = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength;
		expect(`${asymmetricKeyType} ${size}`).toBe(KEYS[root.name]);
	});

	// Fails a year before the root expires, so that there is time to find its successor.
	it("is valid for another year, or has a note about its expiry", () => {
		if (Date.parse(certificate.validTo) < Date.now() + YEAR) {
			expect(root.note).toMatch(/^Expire/);
		}
	});

	it("names an https page as its source", () => {
		expect(new URL(root.source).protocol).toBe("https:");
	});
});
