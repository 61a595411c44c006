import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { createAuthClient } from "better-auth/client";
import { type Passkey, type PasskeyPage, passkey } from "touchstone-webauthn/better-auth";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { stubCredentials } from "../../support/credentials-container.js";
import { type Browser, enrolled, ORIGIN, openSite } from "../../support/site.js";

afterEach(() => void vi.unstubAllGlobals());

const LIST = "/passkey/list-user-passkeys";

async function withPasskeys(count: number, ...site: Parameters<typeof openSite>) {
	const opened = await openSite(...site);
	const browser = opened.browser();
	await browser.signUp("ada@example.com");
	const ids: string[] = [];
	for (let index = 0; index < count; index++) {
		ids.push(String((await browser.addPasskey(new SoftwareAuthenticator())).body.id));
	}
	return { site: opened, browser, ids };
}

async function page(browser: Browser, query: string): Promise<PasskeyPage> {
	const { status, body } = await browser.get(`${LIST}?${query}`);
	expect(status).toBe(200);
	return body as unknown as PasskeyPage;
}

describe("pages of the list", () => {
	it("contain every passkey once, the oldest first, and give the offset of the next page", async () => {
		const { browser, ids } = await withPasskeys(5);
		const seen: string[] = [];
		for (let offset: number | null = 0; offset !== null; ) {
			const { passkeys, nextOffset, total }: PasskeyPage = await page(browser, `limit=2&offset=${offset}`);
			expect(total).toBe(5);
			seen.push(...passkeys.map(({ id }) => id));
			offset = nextOffset;
		}
		expect(seen).toHaveLength(5);
		expect(new Set(seen)).toEqual(new Set(ids));
	});

	it("have a stable order for passkeys with the same or no creation time", async () => {
		const tables = { user: [], session: [], account: [], verification: [], passkey: [] as Record<string, unknown>[] };
		const { browser } = await withPasskeys(6, {}, { database: memoryAdapter(tables) });
		for (const [index, row] of tables.passkey.entries()) row.createdAt = index < 3 ? null : new Date(0);
		const order = async () => ((await browser.get(LIST)).body as unknown as Passkey[]).map(({ id }) => id);
		const before = await order();
		tables.passkey.reverse();
		expect(await order()).toEqual(before);
		const { passkeys } = await page(browser, "offset=2&limit=3");
		expect(passkeys.map(({ id }) => id)).toEqual(before.slice(2, 5));
	});

	it("are requested by limit, offset or both, and end with the list", async () => {
		const { browser } = await withPasskeys(3);
		expect(await page(browser, "limit=3")).toMatchObject({ nextOffset: null, passkeys: { length: 3 } });
		expect(await page(browser, "offset=1")).toMatchObject({ nextOffset: null, passkeys: { length: 2 } });
		expect(await page(browser, "offset=99")).toEqual({ nextOffset: null, passkeys: [], total: 3 });
	});

	it.each(["limit=0", "limit=101", "limit=-1", "limit=1.5", "limit=", "limit=x", "offset=-1", "offset=1e99"])(
		"are refused for %s",
		async (query) => {
			const { browser } = await withPasskeys(1);
			expect(await browser.get(`${LIST}?${query}`)).toMatchObject({ status: 400 });
		},
	);

	it("contain no passkey of another user", async () => {
		const { site, browser } = await withPasskeys(1);
		await enrolled(site, "bob@example.com");
		expect(await page(browser, "limit=100")).toMatchObject({ total: 1 });
	});
});

describe("the list", () => {
	it("contains revoked passkeys only on request", async () => {
		const { browser, ids } = await withPasskeys(2);
		await browser.post("/passkey/revoke-passkey", { id: ids[0], reason: "lost" });
		expect(await browser.get(LIST)).toMatchObject({ body: [{ id: ids[1] }] });
		expect(await page(browser, "limit=9&includeRevoked=false")).toMatchObject({ total: 1 });
		const { body } = await browser.get(`${LIST}?includeRevoked=true`);
		expect(body).toHaveLength(2);
		expect(body).toContainEqual(expect.objectContaining({ id: ids[0], revokedReason: "lost" }));
		expect(await browser.get(`${LIST}?includeRevoked=maybe`)).toMatchObject({ status: 400 });
	});

	it("can be read in pages through the client and on the server", async () => {
		const { site, browser, ids } = await withPasskeys(3);
		const client = createAuthClient({
			baseURL: ORIGIN,
			fetchOptions: { customFetchImpl: browser.fetch },
			plugins: [passkeyClient()],
		});
		expect(await client.passkey.listPage({ limit: 2 })).toMatchObject({ data: { nextOffset: 2, total: 3 } });
		expect(await client.passkey.listPage()).toMatchObject({ data: { nextOffset: null, passkeys: { length: 3 } } });
		await client.passkey.revokePasskey({ id: ids[0] ?? "", reason: "lost" });
		const query = { includeRevoked: true };
		expect(await client.passkey.listPage(query)).toMatchObject({ data: { total: 3 } });
		expect(await client.passkey.listUserPasskeys()).toMatchObject({ data: { length: 2 } });
		const headers = new Headers({ cookie: [...browser.cookies].map((pair) => pair.join("=")).join("; ") });
		expect(await site.auth.api.listPasskeys({ headers, query })).toHaveLength(3);
		expect(await site.auth.api.listPasskeys({ headers, query: { limit: 1 } })).toMatchObject({ nextOffset: 1 });
	});

	it("has the type that its query determines", () => {
		const auth = betterAuth({ baseURL: ORIGIN, plugins: [passkey()], logger: { disabled: true } });
		const client = createAuthClient({ baseURL: ORIGIN, plugins: [passkeyClient()] });
		const headers = new Headers();
		const all = () => auth.api.listPasskeys({ headers, query: { includeRevoked: true } });
		const some = () => auth.api.listPasskeys({ headers, query: { limit: 3 } });
		const inClient = () => client.passkey.listUserPasskeys({ query: { includeRevoked: true } });
		expectTypeOf<Awaited<ReturnType<typeof all>>>().toEqualTypeOf<Passkey[]>();
		expectTypeOf<Awaited<ReturnType<typeof some>>>().toEqualTypeOf<PasskeyPage>();
		expectTypeOf<NonNullable<Awaited<ReturnType<typeof inClient>>["data"]>>().toEqualTypeOf<Passkey[]>();
	});
});

describe("the application's data of a passkey", () => {
	const kept = { platform: "ios", deviceName: "Ada's phone", metadata: { app: "3.1", tags: ["a", null, 1] } };
	const update = (id: unknown, changes: object) => ["/passkey/update-passkey", { id, ...changes }] as const;

	it("is sent with the registration by the client, and is in the response and the list", async () => {
		const { browser } = await withPasskeys(0);
		stubCredentials(new SoftwareAuthenticator());
		const fetchOptions = { customFetchImpl: browser.fetch };
		const client = createAuthClient({ baseURL: ORIGIN, fetchOptions, plugins: [passkeyClient()] });
		expect(await client.passkey.addPasskey({ name: "Phone", ...kept })).toMatchObject({ data: kept, error: null });
		expect(await client.passkey.listUserPasskeys()).toMatchObject({ data: [{ name: "Phone", ...kept }] });
	});

	it("can be changed and removed by update-passkey, each field separately", async () => {
		const { browser, ids } = await withPasskeys(1);
		const [id] = ids;
		const changed = async (changes: object) => (await browser.post(...update(id, changes))).body.passkey;
		expect(await changed({ metadata: { a: 1 } })).toMatchObject({ metadata: { a: 1 }, deviceName: null, name: null });
		expect(await changed({ deviceName: " Phone " })).toMatchObject({ metadata: { a: 1 }, deviceName: "Phone" });
		expect(await changed({ metadata: { b: 2 } })).toMatchObject({ metadata: { b: 2 } });
		expect(await changed({ metadata: null, deviceName: null })).toMatchObject({ metadata: null, deviceName: null });
		expect(await changed({ name: "Mine", metadata: {} })).toMatchObject({ name: "Mine", metadata: {} });
	});

	it.each([
		["nothing to change", {}],
		["only the platform, which stays", { platform: "web" }],
		["an empty device name", { deviceName: " " }],
		["a device name with control characters", { deviceName: "a\u0007" }],
		["a list as metadata", { metadata: ["a"] }],
		["a string as metadata", { metadata: "a" }],
		["more than 4 KiB of metadata", { metadata: { a: "x".repeat(4090) } }],
		["more than 4 KiB of metadata in fewer characters", { metadata: { a: "ä".repeat(2100) } }],
	])("is refused with %s", async (_, changes) => {
		const { site, browser, ids } = await withPasskeys(1);
		const before = await site.passkeys();
		expect(await browser.post(...update(ids[0], changes))).toMatchObject({ status: 400 });
		expect(await site.passkeys()).toEqual(before);
	});

	it("can have 4096 bytes of JSON, but not one byte more", async () => {
		const { browser, ids } = await withPasskeys(1);
		const metadata = { a: "x".repeat(4096 - '{"a":""}'.length) };
		expect(await browser.post(...update(ids[0], { metadata }))).toMatchObject({ body: { passkey: { metadata } } });
		const more = { a: `${metadata.a}x` };
		expect(await browser.post(...update(ids[0], { metadata: more }))).toMatchObject({ status: 400 });
	});

	it("is refused when it is nested too deeply to be serialized", async () => {
		const { browser, ids } = await withPasskeys(1);
		const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
		const answer = await browser.send("/passkey/update-passkey", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: `{"id":"${ids[0]}","metadata":{"a":${deep}}}`,
		});
		expect(answer.status).toBe(400);
	});

	it("is refused at registration before the challenge is consumed", async () => {
		const { browser } = await withPasskeys(0);
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const invalid = { platform: "x".repeat(65), metadata: { a: "x".repeat(5000) } };
		for (const [name, value] of Object.entries(invalid)) {
			expect(await browser.verifyRegistration(response, { [name]: value })).toMatchObject({ status: 400 });
		}
		expect(await browser.verifyRegistration(response, { platform: "ios" })).toMatchObject({ status: 200 });
	});

	it("cannot pollute object prototypes", async () => {
		const { browser, ids } = await withPasskeys(1);
		const answer = await browser.send("/passkey/update-passkey", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: `{"id":"${ids[0]}","metadata":{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}}`,
		});
		expect(answer.status).toBeLessThan(500);
		expect({}).not.toHaveProperty("admin");
		const { body } = await browser.get(LIST);
		expect((body as unknown as Passkey[])[0]?.metadata).not.toHaveProperty("admin");
	});

	it.each(["no JSON", "[1]", '"text"', "7", ""])("is null if the column contains %j", async (text) => {
		const { site, browser, ids } = await withPasskeys(1);
		const where = [{ field: "id", value: ids[0] ?? "" }];
		await site.db.update({ model: "passkey", where, update: { metadata: text } });
		expect(await browser.get(LIST)).toMatchObject({ status: 200, body: [{ metadata: null }] });
	});
});
