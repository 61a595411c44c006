import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { twoFactor } from "better-auth/plugins";
import { passkey } from "touchstone-webauthn/better-auth";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { memoryStorage } from "../../support/memory-storage.js";
import { plainAdapter } from "../../support/plain-adapter.js";
import { enrolled, ORIGIN, openSite, type Site, withPasskeysOnly } from "../../support/site.js";

const tables = () => ({ user: [], session: [], account: [], verification: [], passkey: [] });
const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000);
const cleanup = { inactiveDays: 90 };

const age = (site: Site, id: string | undefined, times: { createdAt?: Date; lastUsedAt?: Date | null }) =>
	site.db.update({ model: "passkey", where: [{ field: "id", value: id ?? "" }], update: times });

const row = async (site: Site, id: string | undefined) => (await site.passkeys()).find((found) => found.id === id);

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe.each([
	["SQLite", () => openSite({ cleanup })],
	["memory", () => openSite({ cleanup }, { database: memoryAdapter(tables()) })],
	["an adapter without atomic methods", () => openSite({ cleanup }, { database: plainAdapter(tables()) })],
] as [string, () => Promise<Site>][])("with %s, cleaning up", { timeout: 60_000 }, (_, open) => {
	it("revokes passkeys that were not used, or were created and never used, within the period", async () => {
		const site = await open();
		const used = await enrolled(site, "used@example.com");
		const unused = await enrolled(site, "unused@example.com");
		const active = await enrolled(site, "active@example.com");
		const fresh = await enrolled(site, "new@example.com");
		await age(site, used.passkeyId, { createdAt: daysAgo(500), lastUsedAt: daysAgo(91) });
		await age(site, unused.passkeyId, { createdAt: daysAgo(91) });
		await age(site, active.passkeyId, { createdAt: daysAgo(500), lastUsedAt: daysAgo(89) });
		await age(site, fresh.passkeyId, { createdAt: daysAgo(89) });
		expect(await site.auth.api.cleanUpPasskeys()).toMatchObject({ revoked: 2, skipped: 0 });
		for (const { passkeyId } of [used, unused]) {
			expect(await row(site, passkeyId)).toMatchObject({ revokedAt: expect.any(Date), revokedReason: "inactive" });
		}
		for (const { passkeyId } of [active, fresh]) expect((await row(site, passkeyId))?.revokedAt ?? null).toBeNull();
		const told = [used, unused].map(({ userId, passkeyId }) => ({
			...{ type: "passkey.revoked", userId, passkeyId, reason: "inactive" },
		}));
		expect(site.events).toEqual(told);
		expect(await used.browser.signIn(used.authenticator)).toMatchObject({ status: 401 });
		expect(await site.auth.api.cleanUpPasskeys()).toMatchObject({ revoked: 0 });
	});

	it("keeps and reports the last sign-in method, also when it runs twice at once", async () => {
		const site = await open();
		const { passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 2);
		for (const id of passkeyIds) await age(site, id, { createdAt: daysAgo(500) });
		const runs = await Promise.all([site.auth.api.cleanUpPasskeys(), site.auth.api.cleanUpPasskeys()]);
		const left = (await site.passkeys()).filter(({ revokedAt }) => !revokedAt);
		expect(left.length).toBeGreaterThanOrEqual(1);
		expect(runs.reduce((sum, { revoked }) => sum + revoked, 0)).toBe(2 - left.length);
		await site.auth.api.cleanUpPasskeys();
		expect(await site.auth.api.cleanUpPasskeys()).toMatchObject({ revoked: 0, skipped: 1 });
	});

	it("does not revoke a passkey that signs in at the same moment", async () => {
		const site = await open();
		const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
		await age(site, passkeyId, { createdAt: daysAgo(500), lastUsedAt: daysAgo(100) });
		const { adapter } = await site.auth.$context;
		const increment = adapter.incrementOne;
		adapter.incrementOne = (async (query: Parameters<typeof increment>[0]) => {
			adapter.incrementOne = increment;
			expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
			return increment(query);
		}) as typeof increment;
		expect(await site.auth.api.cleanUpPasskeys()).toMatchObject({ revoked: 0 });
		expect((await row(site, passkeyId))?.revokedAt ?? null).toBeNull();
	});

	it("deletes only expired challenges", async () => {
		const site = await open();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		await browser.creationOptions();
		await browser.requestOptions();
		const expiresAt = daysAgo(1);
		await site.db.updateMany({ model: "verification", where: [], update: { expiresAt } });
		const times = { createdAt: expiresAt, updatedAt: expiresAt, expiresAt };
		await site.db.create({ model: "verification", data: { identifier: "of another plugin", value: "", ...times } });
		const { ceremonyId } = await browser.requestOptions();
		expect(await site.auth.api.cleanUpPasskeys()).toEqual({ revoked: 0, skipped: 0, expiredChallenges: 2 });
		const left = await site.db.findMany<{ identifier: string }>({ model: "verification" });
		expect(left.map(({ identifier }) => identifier).sort()).toEqual([
			"of another plugin",
			`passkey-challenge:${ceremonyId}`,
		]);
	});
});

describe("cleaning up", () => {
	it("processes more than one page of passkeys, also when it skips some", { timeout: 60_000 }, async () => {
		const site = await openSite({ cleanup });
		const { userId } = await enrolled(site, "ada@example.com");
		const insert = (owner: string, index: number) =>
			site.db.create({
				model: "passkey",
				data: {
					...{ userId: owner, credentialID: `AAAA${index}`, publicKey: "", counter: 0 },
					...{ deviceType: "multiDevice", backedUp: true, createdAt: daysAgo(100) },
				},
			});
		for (let index = 0; index < 130; index++) await insert(userId, index);
		for (let index = 130; index < 260; index++) {
			const times = { createdAt: new Date(), updatedAt: new Date() };
			const user = { name: "Eve", email: `eve${index}@example.com`, emailVerified: false, ...times };
			await insert((await site.db.create({ model: "user", data: user })).id, index);
		}
		expect(await site.auth.api.cleanUpPasskeys()).toMatchObject({ revoked: 130, skipped: 130 });
		const where = [{ field: "revokedAt", operator: "ne", value: null } as const];
		expect(await site.db.count({ model: "passkey", where })).toBe(130);
	});

	it("revokes no passkey by default", async () => {
		const site = await openSite();
		const { passkeyId } = await enrolled(site, "ada@example.com");
		await age(site, passkeyId, { createdAt: daysAgo(5000) });
		expect(await site.auth.api.cleanUpPasskeys()).toEqual({ revoked: 0, skipped: 0, expiredChallenges: 0 });
	});

	it("revokes the last sign-in method if users may remove it", async () => {
		const site = await openSite({ cleanup, keepLastSignInMethod: false });
		const { passkeyIds } = await withPasskeysOnly(site, "ada@example.com", 1);
		await age(site, passkeyIds[0], { createdAt: daysAgo(100) });
		expect(await site.auth.api.cleanUpPasskeys()).toMatchObject({ revoked: 1, skipped: 0 });
	});

	it("also deletes challenges with hashed identifiers, unless the site keeps expired values", async () => {
		for (const disableCleanup of [false, true]) {
			const verification = { storeIdentifier: "hashed", disableCleanup } as const;
			const site = await openSite({}, { verification });
			await site.browser().requestOptions();
			await site.db.updateMany({ model: "verification", where: [], update: { expiresAt: daysAgo(1) } });
			const expiredChallenges = disableCleanup ? 0 : 1;
			expect(await site.auth.api.cleanUpPasskeys()).toMatchObject({ expiredChallenges });
		}
	});

	it("deletes all other expired values of the plugin", async () => {
		const emailVerification = { sendVerificationEmail: async () => {} };
		const instance = { emailVerification, plugins: [twoFactor({ otpOptions: { sendOTP: () => {} } })] };
		const site = await openSite({ signUp: true, twoFactor: { countsAsBoth: false } }, instance);
		const authenticator = new SoftwareAuthenticator();
		const browser = site.browser();
		const { body } = await browser.signUpWithPasskey(authenticator, { name: "Ada", email: "ada@example.com" });
		expect(await browser.stepUp(authenticator, "transfer")).toMatchObject({ status: 200 });
		const owner = [{ field: "id", value: String(body.userId) }];
		await site.db.update({ model: "user", where: owner, update: { twoFactorEnabled: true } });
		expect(await site.browser().signIn(authenticator)).toMatchObject({ body: { twoFactorRedirect: true } });
		await site.db.updateMany({ model: "verification", where: [], update: { expiresAt: daysAgo(1) } });
		const stored = () => site.db.findMany<{ identifier: string }>({ model: "verification" });
		const ours = async () => (await stored()).filter(({ identifier }) => identifier.startsWith("passkey-")).length;
		expect(await ours()).toBe(3);
		await site.auth.api.cleanUpPasskeys();
		expect(await ours()).toBe(0);
		expect(await stored()).not.toEqual([]);
	});

	it("leaves challenges in a secondary storage to the storage", async () => {
		const secondaryStorage = memoryStorage();
		const site = await openSite({}, { secondaryStorage });
		await site.browser().requestOptions();
		expect(await site.auth.api.cleanUpPasskeys()).toMatchObject({ expiredChallenges: 0 });
		expect(secondaryStorage.keys()).toHaveLength(1);
	});

	it("cannot be started by a request", async () => {
		const site = await openSite({ cleanup });
		const { browser, passkeyId } = await enrolled(site, "ada@example.com");
		await age(site, passkeyId, { createdAt: daysAgo(500) });
		for (const path of ["/passkey/clean-up-passkeys", "/passkey/cleanup", "/clean-up-passkeys", "/undefined", ""]) {
			expect(await browser.post(path, {})).toMatchObject({ status: 404 });
		}
		expect((await row(site, passkeyId))?.revokedAt).toBeNull();
	});

	it("runs on the configured timer, which logs failures and continues", async () => {
		vi.useFakeTimers({ toFake: ["setInterval"] });
		const site = await openSite({ cleanup: { ...cleanup, everyHours: 2 } });
		const { passkeyId } = await enrolled(site, "ada@example.com");
		await age(site, passkeyId, { createdAt: daysAgo(100) });
		const { adapter } = await site.auth.$context;
		const findMany = adapter.findMany;
		adapter.findMany = () => Promise.reject(new Error("the database is gone"));
		vi.advanceTimersByTime(2 * 60 * 60 * 1000);
		await vi.waitFor(() => expect(site.log()).toEqual(["error [passkey] clean-up failed"]));
		adapter.findMany = findMany;
		vi.advanceTimersByTime(2 * 60 * 60 * 1000);
		await vi.waitFor(async () => expect(await row(site, passkeyId)).toMatchObject({ revokedReason: "inactive" }));
		expect(site.events).toMatchObject([{ type: "passkey.revoked", reason: "inactive" }]);
	});

	it("runs on no timer by default", async () => {
		vi.useFakeTimers({ toFake: ["setInterval"] });
		await openSite({ cleanup });
		expect(vi.getTimerCount()).toBe(0);
	});

	it("explains how to run it where timers are not allowed at start", async () => {
		vi.stubGlobal("setInterval", () => {
			throw new Error("Disallowed operation called within global scope.");
		});
		const auth = betterAuth({
			secret: "a secret that is long enough for its validation",
			baseURL: ORIGIN,
			database: memoryAdapter(tables()),
			logger: { disabled: true },
			plugins: [passkey({ cleanup: { everyHours: 1 } })],
		});
		await expect(auth.$context).rejects.toThrow("cleanup.everyHours needs a server that keeps running");
	});

	it.each([{ inactiveDays: 0 }, { inactiveDays: 1.5 }, { inactiveDays: 3651 }, { everyHours: 0 }, { everyHours: 169 }])(
		"cannot be configured as %o",
		(wrong) => {
			expect(() => passkey({ cleanup: wrong })).toThrow("cleanup.");
		},
	);
});
