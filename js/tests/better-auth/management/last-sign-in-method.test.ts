import { memoryAdapter } from "better-auth/adapters/memory";
import { emailOTP, magicLink, phoneNumber } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { plainAdapter } from "../../support/plain-adapter.js";
import { type Browser, openSite, type Site, withPasskeysOnly } from "../../support/site.js";

const LAST = { status: 409, body: { code: "LAST_SIGN_IN_METHOD" } };
const remove = (browser: Browser, id: unknown) => browser.post("/passkey/delete-passkey", { id });
const revoke = (browser: Browser, id: unknown) => browser.post("/passkey/revoke-passkey", { id });

const update = (site: Site, userId: string, changes: Record<string, unknown>) =>
	site.db.update({ model: "user", where: [{ field: "id", value: userId }], update: changes });

describe("the last sign-in method", () => {
	it.each([
		["deleting", remove],
		["revoking", revoke],
	])("is protected from %s: nothing is written, and there is no event", async (_, take) => {
		const site = await openSite();
		const { browser, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 1);
		const before = await site.passkeys();
		expect(await take(browser, passkeyIds[0])).toMatchObject(LAST);
		expect(await site.passkeys()).toEqual(before);
		expect(site.events).toEqual([]);
	});

	it.each([
		["deleting", remove],
		["revoking", revoke],
	])("remains after %s the others one by one", async (_, take) => {
		const site = await openSite();
		const { browser, authenticators, passkeyIds, userId } = await withPasskeysOnly(site, "ada@example.com", 3);
		expect((await take(browser, passkeyIds[0])).status).toBe(200);
		expect((await take(browser, passkeyIds[1])).status).toBe(200);
		expect(await take(browser, passkeyIds[2])).toMatchObject(LAST);
		await browser.signOut();
		const last = authenticators[2];
		if (!last) throw new Error("There were three.");
		expect(await browser.signIn(last)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("is not a revoked passkey: it can be deleted and does not replace a working one", async () => {
		const site = await openSite();
		const { browser, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 2);
		await revoke(browser, passkeyIds[0]);
		expect(await remove(browser, passkeyIds[1])).toMatchObject(LAST);
		expect(await remove(browser, passkeyIds[0])).toMatchObject({ status: 200 });
	});

	it("may be removed if the site allows it", async () => {
		const site = await openSite({ keepLastSignInMethod: false });
		const { browser, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 1);
		expect(await remove(browser, passkeyIds[0])).toMatchObject({ status: 200 });
		expect(await site.passkeys()).toEqual([]);
	});

	it("is counted without other users' passkeys", async () => {
		const site = await openSite();
		await withPasskeysOnly(site, "bob@example.com", 2);
		const { browser, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 1);
		expect(await remove(browser, passkeyIds[0])).toMatchObject(LAST);
	});
});

describe("a passkey may be removed by a user who has", () => {
	const send = async () => {};
	const account = (site: Site, userId: string, more: Record<string, unknown>) =>
		site.db.create({
			model: "account",
			data: { userId, accountId: userId, createdAt: new Date(), updatedAt: new Date(), ...more },
		});
	const verified = (site: Site, userId: string) => update(site, userId, { emailVerified: true });

	type Case = [string, boolean, Parameters<typeof openSite>[1], (site: Site, userId: string) => Promise<unknown>];
	const github = { providerId: "github" };
	const password = { providerId: "credential", password: "hash" };
	const withReset = { emailAndPassword: { enabled: true, sendResetPassword: send } };
	const withLinks = { plugins: [magicLink({ sendMagicLink: send })] };
	const withCodes = { plugins: [emailOTP({ sendVerificationOTP: send })] };
	const withPhones = { plugins: [phoneNumber({ sendOTP: send })] };
	const phone = { phoneNumber: "+4912345", phoneNumberVerified: true };
	const cases: Case[] = [
		["an account of another provider", true, {}, (site, id) => account(site, id, github)],
		["a password", true, {}, (site, id) => account(site, id, password)],
		["a verified e-mail address and magic links", true, withLinks, verified],
		["a verified e-mail address and codes by e-mail", true, withCodes, verified],
		["a verified e-mail address and password reset", true, withReset, verified],
		["a verified phone number", true, withPhones, (site, id) => update(site, id, phone)],
		[
			"only a password account without a password",
			false,
			{},
			(site, id) => account(site, id, { providerId: "credential" }),
		],
		["only a verified e-mail address on a site that sends no mail", false, {}, verified],
		["only an unverified e-mail address", false, withLinks, async () => {}],
		[
			"only a placeholder e-mail address",
			false,
			withLinks,
			(site, id) => update(site, id, { emailVerified: true, email: "ada@passkey.invalid" }),
		],
		[
			"only an unverified phone number",
			false,
			withPhones,
			(site, id) => update(site, id, { ...phone, phoneNumberVerified: false }),
		],
	];

	it.each(cases)("%s: %s", async (_, may, instance, prepare) => {
		const site = await openSite({}, instance);
		const { browser, userId, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 1);
		await prepare(site, userId);
		expect(await remove(browser, passkeyIds[0])).toMatchObject(may ? { status: 200 } : LAST);
	});

	it("a password only while password sign-in is enabled", async () => {
		const site = await openSite();
		const { browser, userId, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 1);
		await account(site, userId, password);
		const context = await site.auth.$context;
		Object.assign(context.options.emailAndPassword ?? {}, { enabled: false });
		expect(await remove(browser, passkeyIds[0])).toMatchObject(LAST);
	});
});

const tables = () => ({ user: [], session: [], account: [], verification: [], passkey: [] });

describe.each([
	["SQLite", () => openSite()],
	["memory", () => openSite({}, { database: memoryAdapter(tables()) })],
	["an adapter without atomic methods", () => openSite({}, { database: plainAdapter(tables()) })],
] as [string, () => Promise<Site>][])("with %s, removals at once", { timeout: 60_000 }, (_, open) => {
	const live = async (site: Site) => (await site.passkeys()).filter(({ revokedAt }) => !revokedAt);

	it.each([
		["deletions of the last two", [remove, remove]],
		["revocations of the last two", [revoke, revoke]],
		["a deletion and a revocation of the last two", [remove, revoke]],
		["removals of all five", [remove, revoke, remove, revoke, remove]],
	])("by %s leave at least one working passkey", async (_, takes) => {
		for (let round = 0; round < 5; round++) {
			const site = await open();
			const { browser, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", takes.length);
			const answers = await Promise.all(takes.map((take, index) => take(browser, passkeyIds[index])));
			const left = await live(site);
			expect(left.length).toBeGreaterThanOrEqual(1);
			expect(answers.filter(({ status }) => status === 200)).toHaveLength(takes.length - left.length);
			expect(answers.filter(({ status }) => status !== 200)).toMatchObject(left.map(() => LAST));
			expect(site.events).toHaveLength(takes.length - left.length);
		}
	});

	/** Runs `interfere` right before the write that revokes or deletes a passkey. */
	async function beforeTaking(site: Site, interfere: () => Promise<unknown>) {
		const { adapter } = await site.auth.$context;
		const increment = adapter.incrementOne;
		adapter.incrementOne = (async (query: Parameters<typeof increment>[0]) => {
			if (query.set && "revokedAt" in query.set) {
				adapter.incrementOne = increment;
				await interfere();
			}
			return increment(query);
		}) as typeof increment;
	}

	it.each([
		["deletion", remove],
		["revocation", revoke],
	])("are refused if the other passkey is removed between the check and the %s", async (_, take) => {
		const site = await open();
		const { browser, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 2);
		const [mine, other] = passkeyIds;
		await beforeTaking(site, async () => expect(await remove(browser, other)).toMatchObject({ status: 200 }));
		expect(await take(browser, mine)).toMatchObject(LAST);
		expect(await live(site)).toMatchObject([{ id: mine }]);
	});

	it("are retried if the passkey signs in at the same moment", async () => {
		const site = await open();
		const { browser, passkeyIds, authenticators } = await withPasskeysOnly(site, "ada@example.com", 2);
		const [authenticator = new SoftwareAuthenticator()] = authenticators;
		const signIn = () => site.browser().signIn(authenticator);
		await beforeTaking(site, async () => expect(await signIn()).toMatchObject({ status: 200 }));
		expect(await remove(browser, passkeyIds[0])).toMatchObject({ status: 200 });
		expect(await live(site)).toMatchObject([{ id: passkeyIds[1] }]);
	});

	it("of one passkey remove it once and keep the other passkey", async () => {
		const site = await open();
		const { browser, passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 2);
		const answers = await Promise.all(Array.from({ length: 6 }, () => remove(browser, passkeyIds[0])));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404, 404]);
		expect(site.events).toMatchObject([{ type: "passkey.deleted", passkeyId: passkeyIds[0] }]);
		expect(await site.passkeys()).toMatchObject([{ id: passkeyIds[1] }]);
	});
});
