import { describe, expect, it } from "vitest";
import { enrolled, openSite, type Site } from "../../support/site.js";

async function twoUsers(site: Site) {
	const ada = await enrolled(site, "ada@example.com");
	const bob = await enrolled(site, "bob@example.com");
	await ada.browser.signIn(ada.authenticator);
	await bob.browser.signIn(bob.authenticator);
	site.events.length = 0;
	return { ada, bob };
}

const rename = (id: unknown, name: unknown) => ["/passkey/update-passkey", { id, name }] as const;
const remove = (id: unknown) => ["/passkey/delete-passkey", { id }] as const;

describe("the list of passkeys", () => {
	it("contains the caller's passkeys with their last use, without server-only fields", async () => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		const { status, body } = await ada.browser.get("/passkey/list-user-passkeys");
		expect(status).toBe(200);
		expect(body).toEqual([
			{
				id: ada.passkeyId,
				name: null,
				userId: ada.userId,
				credentialID: ada.authenticator.credentials[0]?.id,
				publicKey: expect.any(String),
				counter: 0,
				deviceType: "multiDevice",
				backedUp: true,
				transports: "internal,hybrid",
				createdAt: expect.any(String),
				aaguid: expect.any(String),
				provider: { name: "Google Password Manager" },
				lastUsedAt: expect.any(String),
				updatedAt: expect.any(String),
				platform: null,
				deviceName: null,
				metadata: null,
				revokedAt: null,
				revokedReason: null,
			},
		]);
	});

	it("requires a session", async () => {
		const site = await openSite();
		expect(await site.browser().get("/passkey/list-user-passkeys")).toMatchObject({ status: 401 });
	});
});

describe("renaming a passkey", () => {
	it("changes its name and records when", async () => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		const answer = await ada.browser.post(...rename(ada.passkeyId, "  Phone "));
		expect(answer).toMatchObject({ status: 200, body: { passkey: { id: ada.passkeyId, name: "Phone" } } });
		expect(answer.body).not.toHaveProperty("passkey.userHandle");
		expect(answer.body).toHaveProperty("passkey.updatedAt", expect.any(String));
		expect(site.events).toEqual([{ type: "passkey.updated", userId: ada.userId, passkeyId: ada.passkeyId }]);
	});

	it("is refused for another user's passkey", async () => {
		const site = await openSite();
		const { ada, bob } = await twoUsers(site);
		const before = await site.passkeys();
		expect(await bob.browser.post(...rename(ada.passkeyId, "stolen"))).toMatchObject({
			status: 401,
			body: { code: "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY" },
		});
		expect(await site.passkeys()).toEqual(before);
		expect(site.events).toEqual([]);
	});

	it("is refused for an unknown passkey", async () => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		expect(await ada.browser.post(...rename("nobody's", "x"))).toMatchObject({
			status: 404,
			body: { code: "PASSKEY_NOT_FOUND" },
		});
	});

	it.each([
		["an empty name", "id", " "],
		["a name that is too long", "id", "x".repeat(256)],
		["a name with control characters", "id", "Pho\0ne"],
		["a name that is not a string", "id", { $ne: "" }],
		["an id that is a query", { $ne: "" }, "x"],
		["an id that is a list", ["id"], "x"],
		["no id", undefined, "x"],
	])("is refused with %s", async (_, id, name) => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		expect(await ada.browser.post(...rename(id === "id" ? ada.passkeyId : id, name))).toMatchObject({ status: 400 });
	});
});

describe("removing a passkey", () => {
	it("deletes it", async () => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		const answer = await ada.browser.post(...remove(ada.passkeyId));
		expect(answer).toMatchObject({ status: 200, body: { status: true } });
		expect((await site.passkeys()).map(({ userId }) => userId)).not.toContain(ada.userId);
		expect(site.events).toEqual([{ type: "passkey.deleted", userId: ada.userId, passkeyId: ada.passkeyId }]);
	});

	it("is refused for another user's passkey (better-auth passkey before 1.4.0 allowed it)", async () => {
		const site = await openSite();
		const { ada, bob } = await twoUsers(site);
		expect(await bob.browser.post(...remove(ada.passkeyId))).toMatchObject({ status: 401 });
		expect(await site.passkeys()).toHaveLength(2);
		expect(site.events).toEqual([]);
	});

	it("is refused for an unknown passkey and for one that is already removed", async () => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		const gone = { status: 404, body: { code: "PASSKEY_NOT_FOUND" } };
		expect(await ada.browser.post(...remove("nobody's"))).toMatchObject(gone);
		await ada.browser.post(...remove(ada.passkeyId));
		expect(await ada.browser.post(...remove(ada.passkeyId))).toMatchObject(gone);
	});

	it("succeeds for only one of several requests at once", async () => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		const answers = await Promise.all(Array.from({ length: 8 }, () => ada.browser.post(...remove(ada.passkeyId))));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404, 404, 404, 404]);
		expect(site.events).toHaveLength(1);
	});

	it("requires a session and a request from the site itself", async () => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		expect(await site.browser().post(...remove(ada.passkeyId))).toMatchObject({ status: 401 });
		const foreign = await ada.browser.send("/passkey/delete-passkey", {
			method: "POST",
			headers: { "content-type": "application/json", origin: "https://evil.example" },
			body: JSON.stringify({ id: ada.passkeyId }),
		});
		expect(foreign.status).toBe(403);
		expect(await site.passkeys()).toHaveLength(2);
	});

	it("treats an id that does not fit the column as unknown", async () => {
		const site = await openSite();
		const { ada } = await twoUsers(site);
		const { adapter } = await site.auth.$context;
		const find = adapter.findOne;
		adapter.findOne = (async (query: Parameters<typeof find>[0]) => {
			if (query.model === "passkey") throw new Error('invalid input syntax for type uuid: "x"');
			return find(query);
		}) as typeof find;
		expect(await ada.browser.post(...remove("x"))).toMatchObject({ status: 404, body: { code: "PASSKEY_NOT_FOUND" } });
	});
});
