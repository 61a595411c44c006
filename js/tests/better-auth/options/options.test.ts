import { describe, expect, it } from "vitest";
import type { PasskeyOptions } from "../../../src/better-auth/options/options.js";
import { parseOptions } from "../../../src/better-auth/options/resolve.js";

describe("options that cannot work", () => {
	it.each<[PasskeyOptions, string]>([
		[{ rpID: "https://example.com" }, 'rpID "https://example.com" is not a plain domain. Use rpID: "example.com"'],
		[{ rpID: "example.com:3000" }, 'Use rpID: "example.com"'],
		[{ rpID: "Example.com" }, 'Use rpID: "example.com"'],
		[{ rpID: "example.com/" }, 'Use rpID: "example.com"'],
		[
			{ origin: "https://example.com/" },
			'origin "https://example.com/" is not an exact origin. Use "https://example.com"',
		],
		[{ origin: "https://example.com:443" }, 'Use "https://example.com"'],
		[{ origin: ["https://a.example", "https://b.example/path"] }, 'Use "https://b.example"'],
		[{ origin: "example.com" }, '"example.com" is not an origin'],
		[{ origin: "*" }, '"*" is not an origin'],
		[{ origin: [] }, "origin is an empty list"],
		[{ relatedOrigins: ["https://example.org/"] }, 'relatedOrigins "https://example.org/" is not an exact origin'],
		[{ rpId: "example.com", rpID: "example.org" }, "rpID and rpId have different values"],
		[{ authentication: { userVerification: "always" as never } }, 'authentication.userVerification is "always"'],
		[
			{ authenticatorSelection: { userVerification: true as never } },
			"authenticatorSelection.userVerification is true",
		],
	])("%j is refused with a message that says what to use", (options, message) => {
		expect(() => parseOptions(options)).toThrow(message);
	});
});

describe("user verification", () => {
	it("is required in both ceremonies by default", () => {
		const { registration, authentication } = parseOptions({});
		expect([registration.userVerification, authentication.userVerification]).toEqual(["required", "required"]);
		expect(parseOptions({ authenticatorSelection: {} }).registration.authenticatorSelection).toEqual({
			residentKey: "preferred",
			userVerification: "required",
		});
	});
});
