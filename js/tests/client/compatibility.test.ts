import { passkey as officialPasskey } from "@better-auth/passkey";
import { passkeyClient as officialClient } from "@better-auth/passkey/client";
import { memoryAdapter } from "better-auth/adapters/memory";
import { createAuthClient } from "better-auth/client";
import { getTestInstance } from "better-auth/test";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { stubCredentials } from "../support/credentials-container.js";
import { Browser, ORIGIN, openSite } from "../support/site.js";

afterEach(() => void vi.unstubAllGlobals());

const tables = () => ({ user: [], session: [], account: [], verification: [], passkey: [] });

async function openOfficialSite(database = memoryAdapter(tables())) {
	const plugins = [officialPasskey({ origin: ORIGIN })];
	const { auth } = await getTestInstance({ database, plugins }, { disableTestUser: true });
	return { browser: () => new Browser((request) => auth.handler(request)) };
}

/** The calls that both clients have. */
type Client = Pick<ReturnType<typeof ourClient>, "passkey" | "signIn" | "signOut">;

function ourClient(browser: Browser) {
	const fetchOptions = { customFetchImpl: browser.fetch };
	return createAuthClient({ baseURL: ORIGIN, fetchOptions, plugins: [passkeyClient()] });
}

function theirClient(browser: Browser) {
	const fetchOptions = { customFetchImpl: browser.fetch };
	return createAuthClient({ baseURL: ORIGIN, fetchOptions, plugins: [officialClient()] });
}

async function useEverything(browser: Browser, client: Client): Promise<void> {
	const userId = await browser.signUp("ada@example.com");
	stubCredentials(new SoftwareAuthenticator());
	const added = await client.passkey.addPasskey({ name: "Phone" });
	expect(added).toMatchObject({ data: { name: "Phone", userId, deviceType: "multiDevice" }, error: null });
	const id = added.data?.id ?? "";
	expect(await client.passkey.addPasskey()).toMatchObject({ data: null, error: { status: 400 } });
	expect(await client.passkey.listUserPasskeys()).toMatchObject({ data: [{ id }] });
	expect(await client.passkey.updatePasskey({ id, name: "Old phone" })).toMatchObject({
		data: { passkey: { name: "Old phone" } },
	});
	await client.signOut();
	for (const autoFill of [false, true]) {
		expect(await client.signIn.passkey({ autoFill })).toMatchObject({ data: { user: { id: userId } }, error: null });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	}
	expect(await client.passkey.deletePasskey({ id })).toMatchObject({ data: { status: true } });
	await client.signOut();
	expect(await client.signIn.passkey()).toMatchObject({
		data: null,
		error: { code: "PASSKEY_NOT_FOUND", status: 401 },
	});
}

describe("compatibility with @better-auth/passkey", () => {
	it("their unchanged client works with our server", async () => {
		const browser = (await openSite()).browser();
		await useEverything(browser, theirClient(browser) as unknown as Client);
	});

	it("our client works with their server", async () => {
		const browser = (await openOfficialSite()).browser();
		await useEverything(browser, ourClient(browser));
	});

	it("our client works with our server", async () => {
		const browser = (await openSite()).browser();
		await useEverything(browser, ourClient(browser));
	});

	it("a passkey of their server signs in to ours on the same database, and the other way around", async () => {
		const db = tables();
		const theirs = await openOfficialSite(memoryAdapter(db));
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const browser = theirs.browser();
		const userId = await browser.signUp("ada@example.com");
		expect(await browser.addPasskey(authenticator)).toMatchObject({ status: 200 });
		const signedIn = { status: 200, body: { user: { id: userId } } };
		const ours = await openSite({}, { database: memoryAdapter(db) });
		const migrated = ours.browser();
		expect(await migrated.signIn(authenticator)).toMatchObject(signedIn);
		expect(await ours.passkeys()).toMatchObject([{ counter: 1, lastUsedAt: expect.any(Date) }]);
		const second = new SoftwareAuthenticator({ counts: true });
		expect(await migrated.addPasskey(second)).toMatchObject({ status: 200 });
		expect(await theirs.browser().signIn(second)).toMatchObject(signedIn);
		expect(await theirs.browser().signIn(authenticator)).toMatchObject(signedIn);
	});
});
