import { describe, expect, it } from "vitest";
import type { PasskeySignal } from "../../../src/better-auth/management/signals.js";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { type Browser, openSite, type Site } from "../../support/site.js";

async function signedUp(site: Site, email = "ada@example.com") {
	const browser = site.browser();
	const userId = await browser.signUp(email);
	return { browser, userId };
}

async function signals(browser: Browser): Promise<PasskeySignal[]> {
	const { status, body } = await browser.get("/passkey/signals");
	expect(status).toBe(200);
	return body as unknown as PasskeySignal[];
}

async function store(site: Site, userId: string, rows: Record<string, unknown>[]) {
	const { adapter } = await site.auth.$context;
	const common = { userId, publicKey: "", counter: 0, deviceType: "multiDevice", backedUp: true };
	for (const row of rows) await adapter.create({ model: "passkey", data: { ...common, ...row } });
}

describe("the signals of an account", () => {
	it("contain its RP ID, user handle, passkeys and user names, and no passkey of others", async () => {
		const site = await openSite();
		const { browser } = await signedUp(site);
		const other = await signedUp(site, "bob@example.com");
		await other.browser.addPasskey(new SoftwareAuthenticator());
		const authenticators = [new SoftwareAuthenticator(), new SoftwareAuthenticator()];
		for (const authenticator of authenticators) await browser.addPasskey(authenticator);
		const held = authenticators.flatMap(({ credentials }) => credentials);
		expect(await signals(browser)).toEqual([
			{
				rpId: "localhost",
				userId: held[0]?.userHandle,
				allAcceptedCredentialIds: held.map(({ id }) => id),
				name: "ada@example.com",
				displayName: "ada",
			},
		]);
		expect(held[1]?.userHandle).toBe(held[0]?.userHandle);
	});

	it("follow changes of the account's name and the removal of its passkeys, even of the last one", async () => {
		const site = await openSite();
		const { browser } = await signedUp(site);
		const { id: userId } = (await browser.creationOptions()).user;
		const { body } = await browser.addPasskey(new SoftwareAuthenticator());
		await browser.post("/update-user", { name: "Ada Lovelace" });
		expect(await signals(browser)).toMatchObject([{ userId, displayName: "Ada Lovelace" }]);
		await browser.post("/passkey/delete-passkey", { id: body.id });
		expect(await signals(browser)).toMatchObject([{ userId, allAcceptedCredentialIds: [] }]);
	});

	it("omit revoked passkeys", async () => {
		const site = await openSite();
		const { browser, userId } = await signedUp(site);
		await store(site, userId, [
			{ credentialID: "good", userHandle: "AAAA" },
			{ credentialID: "lost", userHandle: "AAAA", revokedAt: new Date() },
		]);
		expect(await signals(browser)).toMatchObject([{ userId: "AAAA", allAcceptedCredentialIds: ["good"] }]);
	});

	it("list every passkey for each user handle, so that no valid passkey is removed", async () => {
		const site = await openSite();
		const { browser, userId } = await signedUp(site);
		await store(site, userId, [
			{ credentialID: "one", userHandle: "BBBB" },
			{ credentialID: "two", userHandle: "AAAA" },
			{ credentialID: "of-another-plugin", userHandle: null },
			{ credentialID: "lost", userHandle: "CCCC", revokedAt: new Date() },
		]);
		const all = ["one", "two", "of-another-plugin"];
		expect(await signals(browser)).toMatchObject(
			["AAAA", "BBBB", "CCCC"].map((handle) => ({ userId: handle, allAcceptedCredentialIds: all })),
		);
	});

	it("are empty if the list of passkeys may be incomplete", async () => {
		const site = await openSite();
		const { browser, userId } = await signedUp(site);
		const rows = Array.from({ length: 1000 }, (_, index) => ({ credentialID: `c${index}`, userHandle: "AAAA" }));
		await store(site, userId, rows.slice(1));
		expect((await signals(browser))[0]?.allAcceptedCredentialIds).toHaveLength(999);
		await store(site, userId, rows.slice(0, 1));
		expect(await signals(browser)).toEqual([]);
	});

	it("require a stored session, not one in the cookie cache, and must not be cached", async () => {
		const site = await openSite({}, { session: { cookieCache: { enabled: true } } });
		const { browser } = await signedUp(site);
		expect((await browser.get("/passkey/signals")).headers.get("cache-control")).toBe("no-store");
		await site.db.deleteMany({ model: "session", where: [] });
		expect(await browser.get("/passkey/signals")).toMatchObject({ status: 401 });
		expect(await site.browser().get("/passkey/signals")).toMatchObject({ status: 401 });
	});
});
