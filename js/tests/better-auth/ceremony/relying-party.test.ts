import type { AuthContext, GenericEndpointContext } from "better-auth";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { prepareRelyingParty, resolveRelyingParty } from "../../../src/better-auth/ceremony/relying-party.js";
import type { PasskeyOptions } from "../../../src/better-auth/options/options.js";
import { parseOptions } from "../../../src/better-auth/options/resolve.js";
import { reportingContext } from "../../../src/better-auth/reporting/log.js";

const environment = vi.hoisted(() => ({ isProduction: true }));
vi.mock("better-auth", async (original) => ({
	...(await original<typeof import("better-auth")>()),
	get isProduction() {
		return environment.isProduction;
	},
}));

const warnings: string[] = [];

function prepare(options: PasskeyOptions, baseURL: unknown = "https://example.com") {
	const logger = { warn: (line: string) => void warnings.push(line) };
	const resolved = parseOptions(options);
	const started = { options: { baseURL }, appName: "Better Auth", logger, ...reportingContext(resolved) };
	const context = started as unknown as AuthContext;
	return { ...context, ...prepareRelyingParty(resolved, context) };
}

/** The relying party of a request whose base URL Better Auth has resolved to this one. */
function resolve(options: PasskeyOptions, baseURL: unknown = "https://example.com", resolved = String(baseURL)) {
	const context = { ...prepare(options, baseURL), baseURL: resolved };
	return resolveRelyingParty({ context } as unknown as GenericEndpointContext, parseOptions(options));
}

beforeEach(() => {
	environment.isProduction = true;
	warnings.length = 0;
});

describe("the relying party", () => {
	it("is derived from a baseURL that is a string", async () => {
		expect(await resolve({}, "https://auth.example.com/api/auth")).toEqual({
			rpID: "auth.example.com",
			rpName: "Better Auth",
			origins: ["https://auth.example.com"],
		});
	});

	it("is taken from the options if they are set", async () => {
		expect(await resolve({ rpID: "example.com", rpName: "Example", origin: "https://app.example.com" })).toEqual({
			rpID: "example.com",
			rpName: "Example",
			origins: ["https://app.example.com"],
		});
	});

	it("accepts rpId as another name of rpID", async () => {
		expect((await resolve({ rpId: "example.com" })).rpID).toBe("example.com");
		expect((await resolve({ rpId: "example.com", rpID: "example.com" })).rpID).toBe("example.com");
		expect(() => prepare({ rpId: "example.com", rpID: "example.org" })).toThrow("rpID and rpId have different values");
	});

	it("uses the host of the only web origin if baseURL does not name one host", async () => {
		const android = "android:apk-key-hash:sYUC8p5I9SxqFernBPHmDxz_YVZXmVJdW8qwdnE8Lyg";
		expect(
			await resolve({ origin: ["https://example.com", android] }, { allowedHosts: ["*.example.com"] }),
		).toMatchObject({
			rpID: "example.com",
			origins: ["https://example.com", android],
		});
		const several = { origin: ["https://a.example.com", "https://b.example.com"] };
		expect(() => prepare(several, "")).toThrow('Use passkey({ rpID: "example.com" }).');
	});

	it("without an origin or a baseURL is a start-up error in production", () => {
		for (const origin of [undefined, null, ""]) {
			expect(() => prepare({ origin, rpID: "example.com" }, "")).toThrow(
				'passkey: no origin is configured. Use passkey({ origin: "https://example.com" }).',
			);
		}
	});

	it("without an origin or a baseURL is localhost in development, with a warning", async () => {
		environment.isProduction = false;
		expect(await resolve({}, "")).toEqual({
			rpID: "localhost",
			rpName: "Better Auth",
			origins: ["http://localhost:3000"],
		});
		expect(warnings).toEqual(["[passkey] neither origin nor baseURL is set; only http://localhost:3000 is accepted."]);
	});

	it("warns if sign-in requires user verification and registration does not", () => {
		prepare({ authenticatorSelection: { userVerification: "preferred" } });
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain("A passkey created without it cannot sign in");
		prepare({
			authenticatorSelection: { userVerification: "preferred" },
			authentication: { userVerification: "preferred" },
		});
		expect(warnings).toHaveLength(1);
	});
});

describe("the rpID", () => {
	it.each([
		["the host itself", "app.example.com", "https://app.example.com"],
		["a parent domain of the host", "example.com", "https://a.app.example.com"],
		["a common domain of several hosts", "example.com", ["https://example.com", "https://app.example.com:8443"]],
		["a short country-code domain that is not a public suffix", "go.io", "https://app.go.io"],
		["a host without dots, for local development", "localhost", "http://localhost:3000"],
		["unrelated to the origin of an app", "example.com", ["https://example.com", "android:apk-key-hash:abc"]],
	])("may be %s", async (_, rpID, origin) => {
		expect(await resolve({ rpID, origin })).toMatchObject({ rpID });
	});

	it.each([
		["another domain", "example.org", "https://example.com", "example.com"],
		["a subdomain of the host", "app.example.com", "https://example.com", "example.com"],
		[
			"a suffix of the host name that cuts through a label",
			"example.com",
			"https://evil-example.com",
			"evil-example.com",
		],
		["a top-level domain", "com", "https://example.com", "example.com"],
		["a public suffix that other sites share", "vercel.app", "https://mine.vercel.app", "mine.vercel.app"],
		["a suffix of an IP address", "0.0.1", "https://127.0.0.1", "127.0.0.1"],
		["valid for only one of two origins", "example.com", ["https://example.com", "https://example.net"], "example.net"],
	])("that is %s is a start-up error", (_, rpID, origin, host) => {
		// A URL parses 0.0.1 as an IP address, so it is refused with another message.
		const problem = rpID === "0.0.1" ? "is not a plain domain" : `${host} cannot use the rpID "${rpID}"`;
		expect(() => prepare({ rpID, origin })).toThrow(problem);
	});

	it("of baseURL is checked against other origins, and the error names relatedOrigins", async () => {
		const options = { origin: "https://app.example.org" };
		expect(() => prepare(options, "https://auth.example.com")).toThrow(
			'app.example.org cannot use the rpID "auth.example.com". Use an rpID that equals app.example.org or is a parent ' +
				"domain of it, or add its origin to relatedOrigins.",
		);
		const related = { relatedOrigins: ["https://app.example.org"] };
		expect(await resolve(related, "https://auth.example.com")).toMatchObject({
			rpID: "auth.example.com",
			origins: ["https://auth.example.com", "https://app.example.org"],
		});
	});
});

describe("a baseURL with allowedHosts", () => {
	const allowedHosts = ["a.example.com", "b.example.com:8443", "*.preview.example.com"];

	it("gives each host its own origin and rpID", async () => {
		expect(await resolve({}, { allowedHosts }, "https://b.example.com:8443/api/auth")).toMatchObject({
			rpID: "b.example.com",
			origins: ["https://b.example.com:8443"],
		});
	});

	it("gives all hosts the configured rpID, which must be a suffix of each host", async () => {
		const resolved = "https://x.preview.example.com/api/auth";
		expect(await resolve({ rpID: "example.com" }, { allowedHosts }, resolved)).toMatchObject({
			rpID: "example.com",
			origins: ["https://x.preview.example.com"],
		});
		const other = { allowedHosts: ["a.example.com", "*-example.com"] };
		expect(() => prepare({ rpID: "example.com" }, { allowedHosts: ["example.org"] })).toThrow(
			"example.org of allowedHosts",
		);
		const fallback = { allowedHosts: ["example.com"], fallback: "https://example.org/api/auth" };
		expect(() => prepare({ rpID: "example.com" }, fallback)).toThrow("example.org of allowedHosts");
		expect(() => prepare({ rpID: "example.com" }, other)).toThrow("hosts of other owners match");
	});

	it.each([
		"*",
		"*.com",
		"*:3000",
		"https://*",
		"*example.com",
		"*.vercel.app",
		"my-*.vercel.app",
		"*-team.vercel.app",
		"a.*",
	])("that accepts %s is a start-up error, unless origin is set", async (pattern) => {
		const baseURL = { allowedHosts: ["example.com", pattern] };
		expect(() => prepare({}, baseURL)).toThrow("hosts of other owners match");
		expect(await resolve({ origin: "https://example.com" }, baseURL)).toMatchObject({ rpID: "example.com" });
	});

	it.each(["*.example.com", "my-*.example.com", "*.mine.vercel.app", "*.localhost:3000", "localhost:*"])(
		"may accept %s",
		(pattern) => {
			expect(() => prepare({}, { allowedHosts: [pattern] })).not.toThrow();
		},
	);
});

describe("option functions", () => {
	it("determine origin, rpID and rpName for each request", async () => {
		const options: PasskeyOptions = {
			origin: async () => ["https://a.tenant.example", "https://b.tenant.example"],
			rpID: () => "tenant.example",
			rpName: async () => "Tenant",
		};
		expect(await resolve(options, "")).toEqual({
			rpID: "tenant.example",
			rpName: "Tenant",
			origins: ["https://a.tenant.example", "https://b.tenant.example"],
		});
	});

	it("that determine only the origin leave the rpID to baseURL or to the only host", async () => {
		const origin = () => "https://app.example.com";
		expect(await resolve({ origin }, "https://example.com")).toMatchObject({ rpID: "example.com" });
		expect(await resolve({ origin }, "")).toMatchObject({ rpID: "app.example.com" });
		const several = () => ["https://a.example.com", "https://b.example.com"];
		await expect(resolve({ origin: several }, "")).rejects.toThrow("no rpID is configured");
	});

	it.each<[PasskeyOptions, string]>([
		[{ origin: () => "https://example.org" }, 'example.org cannot use the rpID "example.com"'],
		[{ origin: () => "https://example.com/" }, "is not an exact origin"],
		[{ origin: () => [] }, "origin is an empty list"],
		[{ origin: () => undefined as never }, "origin() returned no origin"],
		[{ rpID: () => "example.org" }, 'example.com cannot use the rpID "example.org"'],
		[{ rpID: () => "https://example.com" }, "is not a plain domain"],
	])("must return values that follow the same rules (%#)", async (options, message) => {
		await expect(resolve(options)).rejects.toThrow(message);
	});
});

it("a context that the plugin did not initialize is an error", async () => {
	const ctx = { context: {} } as GenericEndpointContext;
	await expect(resolveRelyingParty(ctx, parseOptions({}))).rejects.toThrow("did not initialise the plugin");
});
