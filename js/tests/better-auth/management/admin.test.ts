import { createAuthClient } from "better-auth/client";
import { admin } from "better-auth/plugins";
import { createAccessControl } from "better-auth/plugins/access";
import { defaultStatements } from "better-auth/plugins/admin/access";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";
import { describe, expect, it } from "vitest";
import { expectRefusal } from "../../support/refusal.js";
import { enrolled, ORIGIN, openSite, type Site, withPasskeysOnly } from "../../support/site.js";

const list = (userId: string, more = "") => `/passkey/admin/list-user-passkeys?userId=${userId}${more}`;
const revoke = (id: unknown, reason?: unknown) => ["/passkey/admin/revoke-passkey", { id, reason }] as const;
const NOT_ALLOWED = { status: 403, body: { code: "NOT_ALLOWED" } };

const setRole = (site: Site, userId: string, role: string) =>
	site.db.update({ model: "user", where: [{ field: "id", value: userId }], update: { role } });

async function withAdmin(role = "admin", options?: Parameters<typeof admin>[0]) {
	const site = await openSite({}, { plugins: [admin(options)] });
	const ada = await enrolled(site, "ada@example.com");
	const root = await enrolled(site, "root@example.com");
	await setRole(site, root.userId, role);
	await root.browser.signIn(root.authenticator);
	site.events.length = 0;
	return { site, ada, root };
}

describe("an administrator", () => {
	it("lists any user's passkeys in pages, including revoked ones, without server-only fields", async () => {
		const { site, ada, root } = await withAdmin();
		await ada.browser.signIn(ada.authenticator);
		await ada.browser.post("/passkey/revoke-passkey", { id: ada.passkeyId, reason: "lost" });
		const answer = await root.browser.get(list(ada.userId, "&limit=1"));
		expect(answer).toMatchObject({
			status: 200,
			body: { nextOffset: null, total: 1, passkeys: [{ id: ada.passkeyId, revokedReason: "lost" }] },
		});
		expect(JSON.stringify(answer.body)).not.toContain("userHandle");
		expect(await root.browser.get(list("nobody"))).toMatchObject({ status: 404, body: { code: "USER_NOT_FOUND" } });
		expect(await root.browser.get("/passkey/admin/list-user-passkeys")).toMatchObject({ status: 400 });
		expect(await site.passkeys()).toHaveLength(2);
	});

	it("revokes any passkey, which then cannot sign in; the event names the administrator", async () => {
		const { site, ada, root } = await withAdmin();
		const answer = await root.browser.post(...revoke(ada.passkeyId, "stolen"));
		expect(answer).toMatchObject({ status: 200, body: { passkey: { id: ada.passkeyId, revokedReason: "stolen" } } });
		const about = { userId: ada.userId, passkeyId: ada.passkeyId };
		expect(site.events).toEqual([{ type: "passkey.revoked", ...about, reason: "stolen", by: root.userId }]);
		const again = await root.browser.post(...revoke(ada.passkeyId, "again"));
		expect(again).toMatchObject({ status: 200, body: answer.body });
		expect(site.events).toHaveLength(1);
		const expected = { status: 401, code: "PASSKEY_NOT_FOUND", reason: "PASSKEY_REVOKED" };
		await expectRefusal(site, () => ada.browser.signIn(ada.authenticator), expected);
	});

	it("is named in the event even while impersonating another administrator", async () => {
		const { site, ada, root } = await withAdmin("admin", { allowImpersonatingAdmins: true });
		const eve = await enrolled(site, "eve@example.com");
		await setRole(site, eve.userId, "admin");
		await root.browser.post("/admin/impersonate-user", { userId: eve.userId });
		expect(await root.browser.session()).toMatchObject({ user: { id: eve.userId } });
		expect(await root.browser.post(...revoke(ada.passkeyId))).toMatchObject({ status: 200 });
		expect(site.events).toMatchObject([{ type: "passkey.revoked", by: root.userId }]);
	});

	it("can revoke the last sign-in method, and does not end sessions", async () => {
		const { site, root } = await withAdmin();
		const { browser, userId, passkeyIds } = await withPasskeysOnly(site, "eve@example.com", 1);
		expect(await root.browser.post(...revoke(passkeyIds[0]))).toMatchObject({ status: 200 });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});

	it("gets 404 for an unknown passkey", async () => {
		const { root } = await withAdmin();
		expect(await root.browser.post(...revoke("nobody's"))).toMatchObject({ status: 404 });
		expect(await root.browser.post(...revoke({ $ne: "" }))).toMatchObject({ status: 400 });
	});

	it("has typed calls in the client, which refresh the list", async () => {
		const { ada, root } = await withAdmin();
		const client = createAuthClient({
			baseURL: ORIGIN,
			fetchOptions: { customFetchImpl: root.browser.fetch },
			plugins: [passkeyClient()],
		});
		const page = await client.passkey.admin.listUserPasskeys({ query: { userId: ada.userId, limit: 5 } });
		expect(page.data?.passkeys).toMatchObject([{ id: ada.passkeyId }]);
		let reads = 0;
		client.$store.atoms.$listPasskeys?.listen(() => {
			reads += 1;
		});
		const revoked = await client.passkey.admin.revokePasskey({ id: ada.passkeyId });
		expect(revoked.data?.passkey.revokedAt).toBeTruthy();
		await expect.poll(() => reads).toBe(1);
	});
});

describe("the endpoints for administrators", () => {
	it("do not exist without the admin plugin", async () => {
		const site = await openSite();
		const { browser, authenticator, userId, passkeyId } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		expect(await browser.get(list(userId))).toMatchObject({ status: 404 });
		expect(await browser.post(...revoke(passkeyId))).toMatchObject({ status: 404 });
		expect(await site.passkeys()).toMatchObject([{ revokedAt: null }]);
	});

	it("refuse other users, even for their own passkeys, and requests without a session", async () => {
		const { site, ada, root } = await withAdmin();
		await ada.browser.signIn(ada.authenticator);
		for (const target of [ada, root]) {
			expect(await ada.browser.get(list(target.userId))).toMatchObject(NOT_ALLOWED);
			expect(await ada.browser.post(...revoke(target.passkeyId))).toMatchObject(NOT_ALLOWED);
		}
		expect(await site.browser().get(list(ada.userId))).toMatchObject({ status: 401 });
		expect(await site.browser().post(...revoke(ada.passkeyId))).toMatchObject({ status: 401 });
		await expect(site.auth.api.adminRevokePasskey({ body: { id: ada.passkeyId } })).rejects.toThrow();
		expect(await site.passkeys()).toMatchObject([{ revokedAt: null }, { revokedAt: null }]);
	});

	it("refuse a request from another site", async () => {
		const { site, ada, root } = await withAdmin();
		const { status } = await root.browser.send("/passkey/admin/revoke-passkey", {
			method: "POST",
			headers: { "content-type": "application/json", origin: "https://evil.example" },
			body: JSON.stringify({ id: ada.passkeyId }),
		});
		expect(status).toBe(403);
		expect(site.events).toEqual([]);
	});

	it("check the stored session, not its copy in the cookie", async () => {
		const instance = { plugins: [admin()], session: { cookieCache: { enabled: true, maxAge: 300 } } };
		const site = await openSite({}, instance);
		const ada = await enrolled(site, "ada@example.com");
		const root = await enrolled(site, "root@example.com");
		await setRole(site, root.userId, "admin");
		await root.browser.signIn(root.authenticator);
		expect(await root.browser.get(list(ada.userId))).toMatchObject({ status: 200 });
		await setRole(site, root.userId, "user");
		expect(await root.browser.get(list(ada.userId))).toMatchObject(NOT_ALLOWED);
		await setRole(site, root.userId, "admin");
		await site.db.deleteMany({ model: "session", where: [{ field: "userId", value: root.userId }] });
		expect(await root.browser.post(...revoke(ada.passkeyId))).toMatchObject({ status: 401 });
	});

	it("use the roles, the access control and the user ids that the admin plugin is configured with", async () => {
		const ac = createAccessControl(defaultStatements);
		const roles = { support: ac.newRole({ user: ["get"] }), admin: ac.newRole({ user: ["get", "ban"] }) };
		const { site, ada, root } = await withAdmin("support", { ac, roles });
		expect(await root.browser.get(list(ada.userId))).toMatchObject({ status: 200 });
		expect(await root.browser.post(...revoke(ada.passkeyId))).toMatchObject(NOT_ALLOWED);
		expect(site.events).toEqual([]);
		const ids: string[] = [];
		const named = await withAdmin("user", { adminUserIds: ids });
		expect(await named.root.browser.get(list(named.ada.userId))).toMatchObject(NOT_ALLOWED);
		ids.push(named.root.userId);
		expect(await named.root.browser.get(list(named.ada.userId))).toMatchObject({ status: 200 });
	});

	it("refuse an administrator who impersonates a user", async () => {
		const { ada, root } = await withAdmin();
		const impersonated = await root.browser.post("/admin/impersonate-user", { userId: ada.userId });
		expect(impersonated).toMatchObject({ status: 200 });
		expect(await root.browser.post(...revoke(ada.passkeyId))).toMatchObject(NOT_ALLOWED);
	});
});
