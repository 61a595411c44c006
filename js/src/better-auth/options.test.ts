import type { AuthContext } from "better-auth";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parseOptions, relyingPartyOf, resolveRelyingParty } from "./options.js";
import type { PasskeyOptions } from "./types.js";

const environment = vi.hoisted(() => ({ isProduction: true }));
vi.mock("better-auth", async (original) => ({
	...(await original<typeof import("better-auth")>()),
	get isProduction() {
		return environment.isProduction;
	},
}));

const warnings: string[] = [];

function resolve(options: PasskeyOptions, baseURL: unknown = "https://example.com") {
	const logger = { warn: (line: string) => void warnings.push(line) };
	const context = { options: { baseURL }, appName: "Better Auth", logger } as unknown as AuthContext;
	return relyingPartyOf(resolveRelyingParty(parseOptions(options), context));
}

beforeEach(() => {
	environment.isProduction = true;
	warnings.length = 0;
});

describe("the relying party", () => {
	it("comes from a baseURL that is a string", () => {
		expect(resolve({}, "https://auth.example.com/api/auth")).toEqual({
			rpID: "auth.example.com",
			rpName: "Better Auth",
			origins: ["https://auth.example.com"],
		});
	});

	it("is what the options say", () => {
		expect(resolve({ rpID: "example.com", rpName: "Example", origin: "https://app.example.com" })).toEqual({
			rpID: "example.com",
			rpName: "Example",
			origins: ["https://app.example.com"],
		});
	});

	it("takes rpId for rpID", () => {
		expect(resolve({ rpId: "example.com" }).rpID).toBe("example.com");
		expect(resolve({ rpId: "example.com", rpID: "example.com" }).rpID).toBe("example.com");
		expect(() => resolve({ rpId: "example.com", rpID: "example.org" })).toThrow("rpID and rpId differ");
	});

	it("takes the host of the only web origin where there is no baseURL", () => {
		const android = "android:apk-key-hash:sYUC8p5I9SxqFernBPHmDxz_YVZXmVJdW8qwdnE8Lyg";
		expect(resolve({ origin: ["https://example.com", android] }, { allowedHosts: ["*.example.com"] })).toMatchObject({
			rpID: "example.com",
			origins: ["https://example.com", android],
		});
		const several = { origin: ["https://a.example.com", "https://b.example.com"] };
		expect(() => resolve(several, "")).toThrow('Write passkey({ rpID: "example.com" }).');
	});

	it.each([
		["nothing", ""],
		["a baseURL that depends on the request", { allowedHosts: ["example.com"] }],
	])("is a start-up error in production with %s configured", (_, baseURL) => {
		for (const origin of [undefined, null, ""]) {
			expect(() => resolve({ origin, rpID: "example.com" }, baseURL)).toThrow(
				'passkey: no origin is configured. Write passkey({ origin: "https://example.com" }).',
			);
		}
	});

	it("is localhost in development with nothing configured, and says so", () => {
		environment.isProduction = false;
		expect(resolve({}, "")).toEqual({ rpID: "localhost", rpName: "Better Auth", origins: ["http://localhost:3000"] });
		expect(warnings).toEqual(["[passkey] neither origin nor baseURL is set; only http://localhost:3000 is accepted."]);
	});
});

describe("options that cannot work", () => {
	it.each<[PasskeyOptions, string]>([
		[{ rpID: "https://example.com" }, 'rpID "https://example.com" is not a plain domain. Write rpID: "example.com"'],
		[{ rpID: "example.com:3000" }, 'Write rpID: "example.com"'],
		[{ rpID: "Example.com" }, 'Write rpID: "example.com"'],
		[{ rpID: "example.com/" }, 'Write rpID: "example.com"'],
		[{ origin: "https://example.com/" }, 'origin "https://example.com/" is not exact. Write "https://example.com"'],
		[{ origin: "https://example.com:443" }, 'Write "https://example.com"'],
		[{ origin: ["https://a.example", "https://b.example/path"] }, 'Write "https://b.example"'],
		[{ origin: "example.com" }, '"example.com" is not an origin'],
		[{ origin: "*" }, '"*" is not an origin'],
		[{ origin: [] }, "the list of origins is empty"],
		[{ authentication: { userVerification: "always" as never } }, 'authentication.userVerification is "always"'],
		[
			{ authenticatorSelection: { userVerification: true as never } },
			"authenticatorSelection.userVerification is true",
		],
	])("%j is refused with what to write", (options, message) => {
		expect(() => resolve(options)).toThrow(message);
	});
});

describe("user verification", () => {
	it("is required by both ceremonies unless the options say otherwise", () => {
		const { registration, authentication } = parseOptions({});
		expect([registration.userVerification, authentication.userVerification]).toEqual(["required", "required"]);
		expect(parseOptions({ authenticatorSelection: {} }).registration.authenticatorSelection).toEqual({
			residentKey: "preferred",
			userVerification: "required",
		});
	});

	it("that registration does not require and sign-in does is warned about", () => {
		resolve({ authenticatorSelection: { userVerification: "preferred" } });
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain("a passkey made without it cannot sign in");
		resolve({
			authenticatorSelection: { userVerification: "preferred" },
			authentication: { userVerification: "preferred" },
		});
		expect(warnings).toHaveLength(1);
	});
});

it("a context that the plugin did not prepare is an error", () => {
	expect(() => relyingPartyOf({})).toThrow("was not initialised");
});
