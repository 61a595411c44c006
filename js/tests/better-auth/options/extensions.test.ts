import { passkey } from "touchstone-webauthn/better-auth";
import { afterEach, describe, expect, it, vi } from "vitest";
import type {
	PasskeyAuthenticationOptions,
	PasskeyOptions,
	PasskeyRegistrationOptions,
} from "../../../src/better-auth/options/options.js";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { openSite } from "../../support/site.js";

afterEach(() => void vi.restoreAllMocks());

type Inputs = NonNullable<Exclude<PasskeyRegistrationOptions["extensions"], (...args: never[]) => unknown>>;

const MADE: Inputs = {
	prf: { eval: { first: "AAEC", second: "" } },
	largeBlob: { support: "preferred" },
	credentialProtectionPolicy: "userVerificationRequired",
	enforceCredentialProtectionPolicy: true,
	minPinLength: true,
	vendor: { any: ["thing"] },
};
const USED: Inputs = {
	prf: { evalByCredential: { AAAA: { first: "AAEC" } } },
	largeBlob: { read: true },
	appid: "https://example.com/app-id.json",
};

async function signedUp(options: PasskeyOptions) {
	const site = await openSite(options);
	const browser = site.browser();
	const userId = await browser.signUp("ada@example.com");
	return { site, browser, userId };
}

describe("the inputs of extensions", () => {
	it("are in the ceremony options as configured", async () => {
		const { browser } = await signedUp({ registration: { extensions: MADE }, authentication: { extensions: USED } });
		expect((await browser.creationOptions()).extensions).toEqual({ ...MADE, credProps: true });
		expect((await browser.requestOptions()).extensions).toEqual(USED);
	});

	it("can be computed for each request", async () => {
		const { browser } = await signedUp({
			registration: {
				extensions: ({ ctx }) => ({ prf: { eval: { first: `for-${ctx.query?.context}` } } }),
			},
			authentication: {
				extensions: async ({ ctx }) => (ctx.headers?.has("x-app") ? { largeBlob: { read: true } } : {}),
			},
		});
		for (const context of ["a", "b"]) {
			const { extensions } = await browser.creationOptions(`?context=${context}`);
			expect(extensions).toEqual({ credProps: true, prf: { eval: { first: `for-${context}` } } });
		}
		expect((await browser.requestOptions()).extensions).toEqual({});
	});

	const bytes = new Uint8Array([0]) as never;
	it.each<["registration" | "authentication", Record<string, unknown>, string]>([
		["registration", { prf: { eval: { first: bytes } } }, "prf.eval.first"],
		["registration", { prf: { eval: { first: "a+b=" } } }, "prf.eval.first"],
		["registration", { prf: { eval: {} } }, "prf.eval.first"],
		["registration", { prf: { evalByCredential: {} } }, "prf"],
		["registration", { largeBlob: { support: "yes" } }, "largeBlob.support"],
		["registration", { largeBlob: { support: "required", write: "AA" } }, "largeBlob"],
		["registration", { credProps: "yes" }, "credProps"],
		["registration", { credentialProtectionPolicy: 3 }, "credentialProtectionPolicy"],
		["authentication", { largeBlob: { support: "required" } }, "largeBlob"],
		["authentication", { largeBlob: { write: bytes } }, "largeBlob.write"],
		["authentication", { prf: { evalByCredential: { AAAA: { first: bytes } } } }, "prf.evalByCredential.AAAA.first"],
	])("of %s that browsers do not accept are refused when the plugin is created: %j", (ceremony, extensions, name) => {
		const message = `${ceremony}.extensions.${name} is not a value that browsers accept. Use `;
		expect(() => passkey({ [ceremony]: { extensions } })).toThrow(message);
	});

	it("that a function returns and browsers do not accept fail the request, and the log states the reason", async () => {
		const said = vi.spyOn(console, "error").mockImplementation(() => {});
		const { site, browser } = await signedUp({
			registration: { extensions: () => ({ prf: { eval: { first: bytes } } }) },
		});
		expect(await browser.get("/passkey/generate-register-options")).toMatchObject({ status: 500 });
		expect(String(said.mock.calls)).toContain(
			"registration.extensions.prf.eval.first is not a value that browsers accept",
		);
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
	});
});

describe("the results of extensions", () => {
	const SECRET = "c2VjcmV0LW9mLXByZg";
	const claimed = {
		appid: false,
		credProps: { rk: true, more: "text" },
		prf: { enabled: true, results: { first: SECRET, second: SECRET } },
		largeBlob: { supported: true, written: true, blob: SECRET },
		hmacGetSecret: { output1: SECRET },
	};
	const flags = {
		appid: false,
		credProps: { rk: true },
		prf: { enabled: true },
		largeBlob: { supported: true, written: true },
	};

	it("reach hooks: all signed outputs, but only the flags of the client outputs, without secrets", async () => {
		const seen: { client: unknown; authenticator: unknown; all: string }[] = [];
		const afterRegistration: PasskeyRegistrationOptions["afterVerification"] = async (args) => {
			const { ctx: _, ...rest } = args;
			seen.push({
				client: args.clientData.clientExtensionResults,
				authenticator: args.verification.registrationInfo.authenticatorExtensionResults,
				all: JSON.stringify(rest),
			});
		};
		const afterSignIn: PasskeyAuthenticationOptions["afterVerification"] = async (args) => {
			const { ctx: _, ...rest } = args;
			seen.push({
				client: args.clientData.clientExtensionResults,
				authenticator: args.verification.authenticationInfo.authenticatorExtensionResults,
				all: JSON.stringify(rest),
			});
		};
		const { site, browser } = await signedUp({
			registration: { afterVerification: afterRegistration },
			authentication: { afterVerification: afterSignIn },
		});
		const authenticator = new SoftwareAuthenticator();
		const extensions = new Map([["credProtect", 3]]);
		const made = authenticator.register(await browser.creationOptions(), { extensions });
		expect(await browser.verifyRegistration({ ...made, clientExtensionResults: claimed })).toMatchObject({
			status: 200,
		});
		const used = authenticator.authenticate(await browser.requestOptions(), { extensions });
		expect(await browser.verifyAuthentication({ ...used, clientExtensionResults: claimed })).toMatchObject({
			status: 200,
		});
		expect(seen.map(({ client }) => client)).toEqual([flags, flags]);
		expect(seen.map(({ authenticator: signed }) => signed)).toEqual([{ credProtect: 3 }, { credProtect: 3 }]);
		expect(seen.map(({ all }) => all).join() + site.fullLog.join() + JSON.stringify(site.events)).not.toContain(SECRET);
	});

	it.each([
		["none", undefined],
		["null", null],
		["empty", {}],
		["of the wrong types", { credProps: "yes", prf: null, largeBlob: [true], appid: 1 }],
	])("may be %s", async (_, clientExtensionResults) => {
		const seen: unknown[] = [];
		const { browser } = await signedUp({
			registration: {
				afterVerification: ({ clientData }) => void seen.push(clientData.clientExtensionResults),
			},
		});
		const made = new SoftwareAuthenticator().register(await browser.creationOptions());
		expect(await browser.verifyRegistration({ ...made, clientExtensionResults })).toMatchObject({ status: 200 });
		expect(seen).toEqual([{}]);
	});

	it("that are not an object make the server refuse the response", async () => {
		const { browser } = await signedUp({});
		const made = new SoftwareAuthenticator().register(await browser.creationOptions());
		const answer = await browser.verifyRegistration({ ...made, clientExtensionResults: "credProps" });
		expect(answer).toMatchObject({ status: 400, body: { code: "FAILED_TO_VERIFY_REGISTRATION" } });
	});
});
