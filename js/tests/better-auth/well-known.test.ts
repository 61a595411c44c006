import {
	appleAppSiteAssociation,
	assetLinks,
	relatedOrigins,
	type WellKnownOptions,
	wellKnown,
} from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import { isPublicSuffix, registrableLabel } from "../../src/core/origin.js";

const HEX = Array.from({ length: 32 }, (_, byte) => (byte + 0xa0).toString(16).toUpperCase());
const BASE64URL = Buffer.from(HEX.join(""), "hex").toString("base64url");
const all = {
	appleApps: ["ABCDE12345.com.example.app", "ABCDE12345.com.example.app.dev"],
	androidApps: [{ packageName: "com.example.app", fingerprints: [HEX.join(":").toLowerCase(), BASE64URL] }],
	relatedOrigins: ["https://example.com", "https://example.co.uk"],
} satisfies WellKnownOptions;
const at = (path: string, method = "GET") => new Request(`https://example.com${path}`, { method });

describe("wellKnown serves", () => {
	const files = wellKnown(all);
	const fingerprint = HEX.join(":");

	it.each([
		[
			"apple-app-site-association",
			{ webcredentials: { apps: ["ABCDE12345.com.example.app", "ABCDE12345.com.example.app.dev"] } },
		],
		[
			"assetlinks.json",
			[
				{
					relation: ["delegate_permission/common.handle_all_urls", "delegate_permission/common.get_login_creds"],
					target: {
						namespace: "android_app",
						package_name: "com.example.app",
						sha256_cert_fingerprints: [fingerprint, fingerprint],
					},
				},
			],
		],
		["webauthn", { origins: ["https://example.com", "https://example.co.uk"] }],
	])("%s to GET and HEAD requests", async (name, content) => {
		for (const method of ["GET", "HEAD"]) {
			const response = files(at(`/.well-known/${name}?v=1`, method));
			expect(response?.status).toBe(200);
			expect(response?.headers.get("content-type")).toBe("application/json");
			expect(response?.headers.get("cache-control")).toBe("public, max-age=3600");
			const text = await response?.text();
			if (method === "HEAD") expect(text).toBe("");
			else expect(JSON.parse(text ?? "")).toEqual(content);
		}
		for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
			const response = files(at(`/.well-known/${name}`, method));
			expect(response?.status).toBe(405);
			expect(response?.headers.get("allow")).toBe("GET, HEAD");
		}
	});

	it("the same file to every request", async () => {
		for (let time = 0; time < 3; time += 1) {
			expect(await files(at("/.well-known/webauthn"))?.json()).toEqual({ origins: all.relatedOrigins });
		}
	});

	it("no other path", () => {
		for (const path of [
			"/",
			"/webauthn",
			"/.well-known/",
			"/.well-known/webauthn/",
			"/.well-known/webauthn.json",
			"/app/.well-known/webauthn",
			"/.well-known/apple-app-site-association.json",
			"/.well-known/constructor",
			"//.well-known/webauthn",
		]) {
			expect(files(at(path)), path).toBeUndefined();
		}
	});

	it("no file whose option is not set", () => {
		const apple = wellKnown({ appleApps: all.appleApps });
		expect(apple(at("/.well-known/assetlinks.json"))).toBeUndefined();
		expect(apple(at("/.well-known/webauthn"))).toBeUndefined();
		expect(apple(at("/.well-known/apple-app-site-association"))?.status).toBe(200);
	});

	it("only the credentials relation when handleAllUrls is false", async () => {
		const apps = all.androidApps.map((app) => ({ ...app, handleAllUrls: false }));
		const served = await assetLinks(apps)(at("/any")).json();
		expect(served[0].relation).toEqual(["delegate_permission/common.get_login_creds"]);
	});

	it("files with the configured max-age", () => {
		const handlers = [
			appleAppSiteAssociation(all.appleApps, { maxAge: 0 }),
			assetLinks(all.androidApps, { maxAge: 0 }),
			relatedOrigins(all.relatedOrigins, { maxAge: 0 }),
		];
		for (const handler of handlers) {
			expect(handler(at("/any")).headers.get("cache-control")).toBe("public, max-age=0");
		}
	});
});

describe("wellKnown refuses, and says what to use instead of,", () => {
	const app = { packageName: "com.example.app", fingerprints: [HEX.join(":")] };
	it.each<[string, WellKnownOptions, string]>([
		["empty options", {}, "the options contain no file to serve"],
		["an empty list", { appleApps: [] }, "appleApps: the value is not a list, or the list is empty"],
		[
			"a string in place of a list",
			{ relatedOrigins: "https://example.com" as never },
			"relatedOrigins: the value is not a list",
		],
		["an app without a team ID", { appleApps: ["com.example.app"] }, 'Use "ABCDE12345.com.example.app"'],
		["a team in lower case", { appleApps: ["abcde12345.com.example.app"] }, "is not an application identifier"],
		["a wildcard", { appleApps: ["ABCDE12345.*"] }, "is not an application identifier"],
		["an app that is not a string", { appleApps: [7 as never] }, "appleApps has 7"],
		[
			"a package name of one word",
			{ androidApps: [{ ...app, packageName: "app" }] },
			'Use packageName: "com.example.app"',
		],
		["a package with a dash", { androidApps: [{ ...app, packageName: "com.my-app" }] }, "is not an application ID"],
		["no fingerprint", { androidApps: [{ ...app, fingerprints: [] }] }, "the fingerprints of com.example.app"],
		[
			"a SHA-1",
			{ androidApps: [{ ...app, fingerprints: [HEX.slice(0, 20).join(":")] }] },
			"is a SHA-1 fingerprint. Use the line",
		],
		["half a fingerprint", { androidApps: [{ ...app, fingerprints: ["AA:BB"] }] }, '"AA:BB" is not a SHA-256'],
		[
			"a path",
			{ relatedOrigins: ["https://example.com/a"] },
			'is not an exact https origin. Use "https://example.com"',
		],
		["http", { relatedOrigins: ["http://example.com"] }, "is not an exact https origin"],
		["a host", { relatedOrigins: ["example.com"] }, 'Use "https://example.com"'],
		["a negative max-age", { appleApps: all.appleApps, maxAge: -1 }, "maxAge is -1"],
		["a fractional max-age", { appleApps: all.appleApps, maxAge: 0.5 }, "maxAge is 0.5"],
	])("%s", (_, options, message) => {
		expect(() => wellKnown(options)).toThrow(message);
	});

	it("more related origins than browsers accept, counted by registrable label", () => {
		const origins = ["a.com", "www.b.com", "c.co.uk", "d.vercel.app", "e.de"].map((host) => `https://${host}`);
		const same = ["https://a.net", "https://shop.a.com", "https://b.co.jp", "https://b.com:8443"];
		expect(() => wellKnown({ relatedOrigins: [...origins, ...same] })).not.toThrow();
		const six = [...origins, ...same, "https://f.example"];
		expect(() => wellKnown({ relatedOrigins: six })).toThrow("6 different labels (a, b, c, d, e, f), more than 5");
		expect(() => wellKnown({ relatedOrigins: six, maxLabels: 6 })).not.toThrow();
	});
});

it.each([
	["example.com", "example"],
	["shop.example.com", "example"],
	["example.co.uk", "example"],
	["shop.example.com.au", "example"],
	["co.de.example.com", "example"],
	["preview.vercel.app", "preview"],
	["a.preview.vercel.app", "preview"],
	["vercel.app", null],
	["co.uk", null],
	["com", null],
	["localhost", null],
])("the registrable label of %s is %s", (host, label) => {
	expect(registrableLabel(host)).toBe(label);
	expect(isPublicSuffix(host)).toBe(label === null && host !== "localhost");
});
