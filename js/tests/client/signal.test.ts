import { APIError } from "better-auth/api";
import { createAuthClient } from "better-auth/client";
import type { PasskeyOptions } from "touchstone-webauthn/better-auth";
import { type PasskeyClientOptions, passkeyClient } from "touchstone-webauthn/better-auth/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { type Behaviour, stubCredentials } from "../support/credentials-container.js";
import { type Browser, ORIGIN, openSite } from "../support/site.js";

afterEach(() => void vi.unstubAllGlobals());

/** A Signal API that only records its calls. */
function signalApi() {
	const told: [string, object][] = [];
	const method = (name: string) => async (payload: object) => void told.push([name, payload]);
	const names = ["signalUnknownCredential", "signalAllAcceptedCredentials", "signalCurrentUserDetails"];
	return { told, signals: Object.fromEntries(names.map((name) => [name, method(name)])) };
}

interface Setting {
	client?: PasskeyClientOptions;
	site?: PasskeyOptions;
	behaviour?: Behaviour;
	answer?: (url: string) => Response | undefined;
}

async function signedUp({ client: options, site: siteOptions, behaviour, answer }: Setting = {}) {
	const site = await openSite(siteOptions);
	const browser = site.browser();
	await browser.signUp("ada@example.com");
	const authenticator = new SoftwareAuthenticator();
	const { told, signals } = signalApi();
	stubCredentials(authenticator, { signals, ...behaviour });
	const asked: string[] = [];
	const fetch: Browser["fetch"] = async (url, init) => {
		asked.push(String(url).split("/").slice(-1).join());
		return answer?.(String(url)) ?? browser.fetch(url, init);
	};
	const client = createAuthClient({
		baseURL: ORIGIN,
		fetchOptions: { customFetchImpl: fetch },
		plugins: [passkeyClient(options)],
	});
	return { site, browser, authenticator, told, asked, client };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("a passkey that the server does not know", () => {
	it("is signalled as unknown, and the caller still gets the refusal", async () => {
		const { site, client, authenticator, told } = await signedUp();
		await client.passkey.addPasskey();
		await client.signOut();
		await site.db.deleteMany({ model: "passkey", where: [] });
		expect(await client.signIn.passkey()).toMatchObject({ data: null, error: { code: "PASSKEY_NOT_FOUND" } });
		const credentialId = authenticator.credentials[0]?.id;
		expect(told).toEqual([["signalUnknownCredential", { rpId: "localhost", credentialId }]]);
	});

	it("is not signalled if the client is configured not to", async () => {
		const { site, client, told } = await signedUp({ client: { autoSignal: false } });
		const { data } = await client.passkey.addPasskey();
		await client.passkey.deletePasskey({ id: data?.id ?? "" });
		expect(await site.passkeys()).toEqual([]);
		await client.signOut();
		expect(await client.signIn.passkey()).toMatchObject({ error: { code: "PASSKEY_NOT_FOUND" } });
		await soon();
		expect(told).toEqual([]);
	});
});

describe("no passkey is signalled as unknown", () => {
	const answered = (status: number, code: string | undefined) => ({
		code,
		answer: (url: string) => (url.includes("verify-auth") ? Response.json({ code }, { status }) : undefined),
	});
	const refusals: [string, Setting & { code: string | undefined }][] = [
		[
			"when a hook refuses the sign-in",
			{
				code: "BANNED",
				site: {
					authentication: {
						before: async ({ step }) => {
							if (step === "verify") throw new APIError("UNAUTHORIZED", { code: "BANNED" });
						},
					},
				},
			},
		],
		[
			"when the sign-in fails for another reason",
			{
				code: "AUTHENTICATION_FAILED",
				site: { authentication: { afterVerification: () => Promise.reject(new Error("no")) } },
			},
		],
		["by a server that fails with that code", answered(500, "PASSKEY_NOT_FOUND")],
		["by a path that is not there", answered(404, "PASSKEY_NOT_FOUND")],
		["when the challenge expired", answered(400, "CHALLENGE_NOT_FOUND")],
		["by a proxy that wants a password", answered(401, undefined)],
		["by a server that is busy", answered(429, undefined)],
	];

	it.each(refusals)("%s", async (_, { code, ...setting }) => {
		const { client, told, browser, authenticator } = await signedUp(setting);
		await browser.addPasskey(authenticator);
		await client.signOut();
		const { error } = await client.signIn.passkey();
		expect(error?.code).toBe(code);
		await soon();
		expect(told).toEqual([]);
	});

	it("by a network that is gone", async () => {
		const { client, told } = await signedUp({
			answer: (url) => {
				if (url.includes("verify-auth")) throw new TypeError("fetch failed");
				return undefined;
			},
		});
		await client.passkey.addPasskey();
		expect(await client.signIn.passkey()).toMatchObject({ error: { code: "NETWORK_ERROR" } });
		await soon();
		expect(told).toEqual([]);
	});
});

describe("syncPasskeys", () => {
	it("tells the browser which passkeys the account has and what it is called", async () => {
		const { client, authenticator, told } = await signedUp();
		await client.passkey.addPasskey();
		expect(told).toEqual([]);
		const { data, error } = await client.passkey.syncPasskeys();
		const [credential] = authenticator.credentials;
		const signal = {
			rpId: "localhost",
			userId: credential?.userHandle,
			allAcceptedCredentialIds: [credential?.id],
			name: "ada@example.com",
			displayName: "ada",
		};
		expect({ data, error }).toEqual({ data: [signal], error: null });
		expect(told).toEqual([
			["signalAllAcceptedCredentials", signal],
			["signalCurrentUserDetails", signal],
		]);
	});

	it.each(["before", "while"])("includes a passkey that is added %s the list is read", async (moment) => {
		let finish = () => {};
		const finished = new Promise<void>((resolve) => {
			finish = resolve;
		});
		let adding: Promise<unknown> | undefined;
		const { client, authenticator, told } = await signedUp({
			answer: (url) => {
				if (url.endsWith("/signals")) adding ??= client.passkey.addPasskey();
				return undefined;
			},
		});
		const { credentials } = navigator;
		const create = credentials.create.bind(credentials);
		Object.assign(credentials, { create: (request: never) => finished.then(() => create(request)) });
		if (moment === "before") adding = client.passkey.addPasskey();
		const synced = client.passkey.syncPasskeys();
		await soon();
		expect(told).toEqual([]);
		finish();
		expect(await adding).toMatchObject({ error: null });
		expect(await synced).toMatchObject({ data: [{ allAcceptedCredentialIds: [authenticator.credentials[0]?.id] }] });
		expect(told).toHaveLength(2);
	});

	it("runs automatically after the removal of a passkey", async () => {
		const { client, told } = await signedUp();
		const { data } = await client.passkey.addPasskey();
		await client.passkey.deletePasskey({ id: data?.id ?? "" });
		await vi.waitFor(() => expect(told).toHaveLength(2));
		expect(told[0]).toMatchObject(["signalAllAcceptedCredentials", { allAcceptedCredentialIds: [] }]);
	});

	it("sends no request if the browser has no Signal API", async () => {
		const { client, asked } = await signedUp({ behaviour: { signals: {} } });
		const unsupported = { data: null, error: { code: "PASSKEY_NOT_SUPPORTED" } };
		expect(await client.passkey.syncPasskeys()).toMatchObject(unsupported);
		vi.stubGlobal("PublicKeyCredential", undefined);
		expect(await client.passkey.syncPasskeys()).toMatchObject(unsupported);
		expect(asked).toEqual([]);
	});

	it("tells the browser nothing without a session", async () => {
		const { client, told } = await signedUp();
		await client.signOut();
		expect(await client.passkey.syncPasskeys()).toMatchObject({ data: null, error: { status: 401 } });
		expect(told).toEqual([]);
	});

	it("settles if the browser refuses each signal, by rejection or by exception", async () => {
		const { told, signals } = signalApi();
		const { client } = await signedUp({
			behaviour: {
				signals: {
					...signals,
					signalAllAcceptedCredentials: () => Promise.reject(new DOMException("no", "SecurityError")),
					signalUnknownCredential: () => {
						throw new TypeError("no");
					},
				},
			},
		});
		const { data } = await client.passkey.addPasskey();
		expect(await client.passkey.syncPasskeys()).toMatchObject({ error: null });
		expect(told).toMatchObject([["signalCurrentUserDetails", {}]]);
		await client.passkey.deletePasskey({ id: data?.id ?? "" });
		await client.signOut();
		expect(await client.signIn.passkey()).toMatchObject({ error: { code: "PASSKEY_NOT_FOUND" } });
	});
});
