import { createAuthClient } from "better-auth/client";
import { twoFactorClient } from "better-auth/client/plugins";
import { twoFactor } from "better-auth/plugins";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { type Behaviour, stubCredentials } from "../support/credentials-container.js";
import { ORIGIN, openSite } from "../support/site.js";

afterEach(() => void vi.unstubAllGlobals());

type Options = Parameters<typeof openSite>[0];

async function withPasskey(options: Options = {}, behaviour: Behaviour = {}, userVerified = true) {
	const site = await openSite(options, { session: { freshAge: 60 }, plugins: [twoFactor()] });
	const browser = site.browser();
	const userId = await browser.signUp("ada@example.com");
	const authenticator = new SoftwareAuthenticator({ userVerified });
	await browser.addPasskey(authenticator);
	const urls: string[] = [];
	const redirects: unknown[] = [];
	const client = createAuthClient({
		baseURL: ORIGIN,
		fetchOptions: {
			customFetchImpl: async (url, init) => {
				urls.push(String(url));
				return browser.fetch(url, init);
			},
		},
		plugins: [passkeyClient(), twoFactorClient({ onTwoFactorRedirect: (context) => void redirects.push(context) })],
	});
	stubCredentials(authenticator, behaviour);
	return { site, browser, userId, client, urls, redirects };
}

async function age(site: Awaited<ReturnType<typeof openSite>>) {
	await site.db.updateMany({
		model: "session",
		where: [{ field: "userId", operator: "ne", value: "" }],
		update: { createdAt: new Date(Date.now() - 61_000) },
	});
}

describe("the client's step-up", () => {
	it("gets a proof, with which a passkey is added, renamed and removed in a session that is not fresh", async () => {
		const { site, client, urls, userId } = await withPasskey({ stepUp: { require: ["rename", "remove"] } });
		await age(site);
		expect(await client.passkey.addPasskey()).toMatchObject({ error: { code: "SESSION_NOT_FRESH", status: 403 } });
		const stepUp = async (purpose: string) => {
			const { data, error } = await client.passkey.stepUp({ purpose });
			expect({ data, error }).toEqual({
				data: { proof: expect.any(String), purpose, expiresAt: expect.any(Date) },
				error: null,
			});
			return data?.proof ?? "";
		};
		const [proof, renaming, removing] = [
			await stepUp("passkey:add"),
			await stepUp("passkey:rename"),
			await stepUp("passkey:remove"),
		];
		stubCredentials(new SoftwareAuthenticator());
		const added = await client.passkey.addPasskey({ name: "Phone", proof });
		expect(added).toMatchObject({ data: { userId, name: "Phone" }, error: null });
		const id = added.data?.id ?? "";
		expect(await client.passkey.updatePasskey({ id, name: "x" })).toMatchObject({
			error: { code: "SESSION_NOT_FRESH" },
		});
		expect(await client.passkey.updatePasskey({ id, name: "Old", proof: renaming })).toMatchObject({ error: null });
		expect(await client.passkey.deletePasskey({ id, proof: removing })).toMatchObject({ data: { status: true } });
		expect(await site.passkeys()).toHaveLength(1);
		expect(urls.join()).not.toContain(proof);
	});

	it("reports a dismissed dialog, and asks nothing more of the server", async () => {
		const get = async () => {
			throw new DOMException("", "NotAllowedError");
		};
		const { client, urls } = await withPasskey({}, { get });
		const result = await client.passkey.stepUp({ purpose: "transfer" });
		expect(result).toMatchObject({ data: null, error: { code: "AUTH_CANCELLED" } });
		expect(urls).toEqual([`${ORIGIN}/api/auth/passkey/generate-step-up-options`]);
	});

	it("returns the browser's response when asked", async () => {
		const { client } = await withPasskey();
		const result = await client.passkey.stepUp({ purpose: "transfer", returnWebAuthnResponse: true });
		expect(result.webauthn?.response.type).toBe("public-key");
	});
});

describe("the client's second factor", () => {
	async function withTotp(options: Options, userVerified: boolean) {
		const all = await withPasskey(options, {}, userVerified);
		await all.site.db.update({
			model: "user",
			where: [{ field: "id", value: all.userId }],
			update: { twoFactorEnabled: true },
		});
		await all.browser.signOut();
		return all;
	}

	it("is a passkey after a password", async () => {
		const options: Options = {
			authenticatorSelection: { userVerification: "discouraged" },
			authentication: { userVerification: "required" },
		};
		const { client, redirects, userId, browser } = await withTotp(options, false);
		await client.signIn.email({ email: "ada@example.com", password: "correct horse" });
		expect(redirects).toEqual([{ twoFactorMethods: ["passkey"] }]);
		expect(await browser.session()).toBeNull();
		const result = await client.signIn.passkey({ secondFactor: true });
		expect(result).toMatchObject({ data: { session: { userId }, user: { id: userId } }, error: null });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});

	it("is required after a passkey without user verification, and there is no session before", async () => {
		const options: Options = {
			authenticatorSelection: { userVerification: "preferred" },
			authentication: { userVerification: "preferred" },
		};
		const { client, redirects, browser } = await withTotp(options, false);
		const signals: string[] = [];
		client.$store.atoms.$listPasskeys?.listen(() => void signals.push("$listPasskeys"));
		const { data, error } = await client.signIn.passkey();
		expect(error).toBeNull();
		expect(data).toEqual({ twoFactorRedirect: true, twoFactorMethods: [] });
		if (data?.twoFactorRedirect) expect(data.twoFactorMethods).toEqual([]);
		expect(redirects).toHaveLength(1);
		expect(await browser.session()).toBeNull();
	});
});
