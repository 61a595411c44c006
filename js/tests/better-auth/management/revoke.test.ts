import { memoryAdapter } from "better-auth/adapters/memory";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { plainAdapter } from "../../support/plain-adapter.js";
import { expectRefusal } from "../../support/refusal.js";
import { enrolled, openSite, type Site } from "../../support/site.js";

const revoke = (id: unknown, reason?: unknown) => ["/passkey/revoke-passkey", { id, reason }] as const;
const AS_UNKNOWN = { status: 401, code: "PASSKEY_NOT_FOUND", reason: "PASSKEY_REVOKED" };

async function signedIn(site: Site) {
	const ada = await enrolled(site, "ada@example.com");
	await ada.browser.signIn(ada.authenticator);
	site.events.length = 0;
	return ada;
}

describe("revoking a passkey", () => {
	it("keeps its row with the time and the reason, and reports an event", async () => {
		const site = await openSite();
		const { browser, userId, passkeyId } = await signedIn(site);
		const before = Date.now();
		const answer = await browser.post(...revoke(passkeyId, " lost phone "));
		expect(answer).toMatchObject({
			status: 200,
			body: { passkey: { id: passkeyId, revokedAt: expect.any(String), revokedReason: "lost phone" } },
		});
		expect(answer.body).not.toHaveProperty("passkey.userHandle");
		const [row] = await site.passkeys();
		expect(Number(row?.revokedAt)).toBeGreaterThanOrEqual(before);
		expect(row?.updatedAt).toEqual(row?.revokedAt);
		expect(site.events).toEqual([{ type: "passkey.revoked", userId, passkeyId, reason: "lost phone" }]);
	});

	it("a second time returns the passkey unchanged, without another event", async () => {
		const site = await openSite();
		const { browser, passkeyId } = await signedIn(site);
		const first = await browser.post(...revoke(passkeyId, "lost"));
		expect(await browser.post(...revoke(passkeyId, "found"))).toMatchObject({ status: 200, body: first.body });
		expect(site.events).toHaveLength(1);
	});

	it("refuses it at sign-in like an unknown passkey, before the signature is verified", async () => {
		const site = await openSite();
		const { browser, authenticator, passkeyId } = await signedIn(site);
		await browser.post(...revoke(passkeyId));
		await browser.signOut();
		await expectRefusal(site, () => browser.signIn(authenticator), AS_UNKNOWN);
		await expectRefusal(site, () => browser.signIn(authenticator, { wrongSignature: true }), AS_UNKNOWN);
		const revoked = await browser.signIn(authenticator);
		const unknown = await browser.signIn(authenticator, { credentialId: "AAAAAAAAAAAAAAAAAAAAAA" });
		expect(revoked.body).toEqual(unknown.body);
	});

	it("cannot be undone by the user: no endpoint restores it, and the credential stays excluded", async () => {
		const site = await openSite();
		const { browser, authenticator, passkeyId } = await signedIn(site);
		await browser.post(...revoke(passkeyId, "lost"));
		const edit = { id: passkeyId, name: "Phone", revokedAt: null, revokedReason: null };
		expect(await browser.post("/passkey/update-passkey", edit)).toMatchObject({
			status: 200,
			body: { passkey: { name: "Phone", revokedAt: expect.any(String), revokedReason: "lost" } },
		});
		const credentialId = authenticator.credentials[0]?.id ?? "";
		const response = new SoftwareAuthenticator().register(await browser.creationOptions(), { credentialId });
		expect(await browser.verifyRegistration(response)).toMatchObject({
			status: 400,
			body: { code: "PREVIOUSLY_REGISTERED" },
		});
	});

	it("removes it from sign-in options, and keeps it excluded from new registrations", async () => {
		const site = await openSite();
		const { browser, authenticator, passkeyId } = await signedIn(site);
		const second = new SoftwareAuthenticator();
		await browser.addPasskey(second);
		await browser.post(...revoke(passkeyId));
		expect((await browser.requestOptions()).allowCredentials).toMatchObject([{ id: second.credentials[0]?.id }]);
		const excluded = (await browser.creationOptions()).excludeCredentials.map(({ id }) => id);
		expect(excluded).toContain(authenticator.credentials[0]?.id);
	});

	it("still lets the owner delete its row", async () => {
		const site = await openSite();
		const { browser, passkeyId } = await signedIn(site);
		await browser.post(...revoke(passkeyId));
		expect(await browser.post("/passkey/delete-passkey", { id: passkeyId })).toMatchObject({ status: 200 });
		expect(await site.passkeys()).toEqual([]);
	});

	it("is refused for another user's passkey, for an unknown one, without a session and from another site", async () => {
		const site = await openSite();
		const { passkeyId } = await signedIn(site);
		const bob = await enrolled(site, "bob@example.com");
		expect(await bob.browser.post(...revoke(passkeyId))).toMatchObject({ status: 401 });
		await bob.browser.signIn(bob.authenticator);
		const before = await site.passkeys();
		expect(await bob.browser.post(...revoke(passkeyId))).toMatchObject({ status: 401 });
		expect(await bob.browser.post(...revoke("nobody's"))).toMatchObject({ status: 404 });
		const { status } = await bob.browser.send("/passkey/revoke-passkey", {
			method: "POST",
			headers: { "content-type": "application/json", origin: "https://evil.example" },
			body: JSON.stringify({ id: bob.passkeyId }),
		});
		expect(status).toBe(403);
		expect(await site.passkeys()).toEqual(before);
	});

	it.each([
		["an id that is a query", { $ne: "" }, undefined],
		["an empty reason", "id", " "],
		["a reason that is too long", "id", "x".repeat(256)],
		["a reason with control characters", "id", "lost\nfound"],
		["a reason that is not a string", "id", { $ne: "" }],
	])("is refused with %s", async (_, id, reason) => {
		const site = await openSite();
		const { browser, passkeyId } = await signedIn(site);
		expect(await browser.post(...revoke(id === "id" ? passkeyId : id, reason))).toMatchObject({ status: 400 });
		expect(await site.passkeys()).toMatchObject([{ revokedAt: null }]);
	});
});

const tables = () => ({
	user: [],
	session: [],
	account: [],
	verification: [],
	passkey: [] as Record<string, unknown>[],
});

describe.each([
	["SQLite", () => openSite()],
	["memory", () => openSite({}, { database: memoryAdapter(tables()) })],
	["an adapter without atomic methods", () => openSite({}, { database: plainAdapter(tables()) })],
] as [string, () => Promise<Site>][])("with %s, revoking", (_, open) => {
	it("by several requests at once is recorded once", async () => {
		const site = await open();
		const { browser, passkeyId } = await signedIn(site);
		const answers = await Promise.all(Array.from({ length: 8 }, () => browser.post(...revoke(passkeyId, "lost"))));
		expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
		expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toHaveProperty("size", 1);
		expect(site.events).toHaveLength(1);
	});

	it("during a sign-in takes effect: the use is not recorded, and no session is created", async () => {
		const site = await open();
		const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
		const { adapter } = await site.auth.$context;
		const increment = adapter.incrementOne;
		adapter.incrementOne = (async (query: Parameters<typeof increment>[0]) => {
			const update = { revokedAt: new Date(), revokedReason: "lost" };
			await adapter.update({ model: "passkey", where: [{ field: "id", value: passkeyId }], update });
			return increment(query);
		}) as typeof increment;
		const sessions = await site.sessions();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 401, body: { code: "AUTHENTICATION_FAILED" } });
		expect(await site.sessions()).toEqual(sessions);
		expect((await site.passkeys()).map(({ lastUsedAt }) => lastUsedAt ?? null)).toEqual([null]);
		expect(site.events).toMatchObject([{ type: "passkey.authentication_failed", code: "PASSKEY_REVOKED" }]);
	});
});

it("revoking works with rows without the new columns, as the official plugin stores them on MongoDB", async () => {
	const db = tables();
	const site = await openSite({}, { database: memoryAdapter(db) });
	const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
	for (const row of db.passkey) {
		for (const name of ["revokedAt", "revokedReason", "updatedAt", "lastUsedAt", "metadata"]) delete row[name];
	}
	expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	expect(await browser.get("/passkey/list-user-passkeys")).toMatchObject({ body: [{ metadata: null }] });
	expect(await browser.post(...revoke(passkeyId, "lost"))).toMatchObject({ status: 200 });
	expect(await browser.get("/passkey/list-user-passkeys")).toMatchObject({ body: [] });
});
