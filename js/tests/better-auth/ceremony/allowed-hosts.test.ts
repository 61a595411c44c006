import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { APIError } from "better-auth/api";
import { passkey } from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import type { PasskeyOptions } from "../../../src/better-auth/options/options.js";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { Browser, enrolled, openSite } from "../../support/site.js";

/** A server for several hosts behind a TLS proxy. */
function openHosts(options: PasskeyOptions, allowedHosts = ["a.example.com", "b.example.com"]) {
	const tables = { user: [], session: [], account: [], verification: [], passkey: [] };
	const auth = betterAuth({
		secret: "a secret that is long enough for its validation",
		baseURL: { allowedHosts, protocol: "https" },
		database: memoryAdapter(tables),
		emailAndPassword: { enabled: true },
		advanced: { disableOriginCheck: false },
		logger: { disabled: true },
		plugins: [passkey(options)],
	});
	const browser = (host: string) =>
		new Browser((request) => {
			const headers = new Headers(request.headers);
			headers.set("origin", `https://${host}`);
			headers.set("host", host);
			return auth.handler(
				new Request(request.url.replace("http://localhost:3000", `https://${host}`), new Request(request, { headers })),
			);
		});
	return { auth, browser };
}

describe("a server for several hosts", () => {
	it("has a relying party for each host, and a passkey of one does not sign in to another", async () => {
		const { browser } = openHosts({});
		const [a, b] = [browser("a.example.com"), browser("b.example.com")];
		await a.signUp("ada@example.com");
		const options = await a.creationOptions();
		expect(options.rp.id).toBe("a.example.com");
		const authenticator = new SoftwareAuthenticator({ origin: "https://a.example.com" });
		expect(await a.verifyRegistration(authenticator.register(options))).toMatchObject({ status: 200 });
		await a.signOut();
		expect(await a.signIn(authenticator)).toMatchObject({ status: 200 });
		const atB = await b.requestOptions();
		expect(atB.rpId).toBe("b.example.com");
		for (const deviations of [{ rpId: "a.example.com" }, { rpId: "a.example.com", origin: "https://b.example.com" }]) {
			const response = authenticator.authenticate({ challenge: (await b.requestOptions()).challenge }, deviations);
			expect(await b.verifyAuthentication(response)).toMatchObject({ status: 401 });
		}
	});

	it("has one relying party for all hosts with a shared rpID", async () => {
		const { browser } = openHosts({ rpID: "example.com" });
		const [a, b] = [browser("a.example.com"), browser("b.example.com")];
		await a.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator({ origin: "https://a.example.com" });
		expect(await a.addPasskey(authenticator)).toMatchObject({ status: 200 });
		expect(await b.signIn(authenticator, { origin: "https://b.example.com" })).toMatchObject({ status: 200 });
	});

	it("verifies against the host of the options, regardless of the host that receives the response", async () => {
		const { browser } = openHosts({ rpID: "example.com" });
		const a = browser("a.example.com");
		await a.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator({ origin: "https://a.example.com" });
		await a.addPasskey(authenticator);
		await a.signOut();
		const { ceremonyId, ...options } = await a.requestOptions();
		const response = authenticator.authenticate(options, { origin: "https://b.example.com" });
		const answer = await browser("b.example.com").verifyAuthentication(response, { ceremonyId });
		expect(answer).toMatchObject({ status: 401, body: { code: "AUTHENTICATION_FAILED" } });
	});

	it("refuses hosts that are not allowed", async () => {
		const { browser } = openHosts({});
		await expect(browser("evil.example").get("/passkey/generate-authenticate-options")).rejects.toThrow(
			"not in the allowed",
		);
	});

	it("uses the host from the headers of server-side calls", async () => {
		const { auth } = openHosts({});
		const headers = new Headers({ host: "b.example.com" });
		const options = await auth.api.generatePasskeyAuthenticationOptions({ headers });
		expect(options.rpId).toBe("b.example.com");
		await expect(auth.api.generatePasskeyAuthenticationOptions()).rejects.toThrow("could not be resolved");
	});
});

describe("an origin function", () => {
	it("determines the origin of the ceremony, and an APIError that it throws becomes the response", async () => {
		let tenant: string | null = "localhost";
		const origin: PasskeyOptions["origin"] = async ({ ctx }) => {
			if (!tenant) throw new APIError("NOT_FOUND", { code: "NO_SUCH_TENANT", message: String(ctx.path) });
			return `http://${tenant}:3000`;
		};
		const site = await openSite({ origin });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
		tenant = null;
		const answer = await browser.get("/passkey/generate-authenticate-options");
		expect(answer).toMatchObject({ status: 404, body: { code: "NO_SUCH_TENANT" } });
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
	});
});

it("an origin on another domain signs in only if it is a related origin", async () => {
	const site = await openSite({ relatedOrigins: ["https://example.org"] });
	const { browser, authenticator } = await enrolled(site, "ada@example.com");
	expect(await browser.signIn(authenticator, { origin: "https://example.org" })).toMatchObject({ status: 200 });
	await browser.signOut();
	expect(await browser.signIn(authenticator, { origin: "https://example.net" })).toMatchObject({ status: 401 });
});
