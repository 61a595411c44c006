import { memoryAdapter } from "better-auth/adapters/memory";
import { passkey } from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { plainAdapter } from "../../support/plain-adapter.js";
import { expectRefusal } from "../../support/refusal.js";
import { addAtOnce, enrolled, openSite, type Site } from "../../support/site.js";

const FULL = { status: 409, code: "TOO_MANY_PASSKEYS" };
const tables = () => ({ user: [], session: [], account: [], verification: [], passkey: [] });

describe("maxPasskeysPerUser", () => {
	it("refuses further passkeys, already when the options are requested", async () => {
		const site = await openSite({ maxPasskeysPerUser: 2 });
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		for (let count = 0; count < 2; count++) {
			expect(await browser.addPasskey(new SoftwareAuthenticator())).toMatchObject({ status: 200 });
		}
		await expectRefusal(site, () => browser.get("/passkey/generate-register-options"), FULL);
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
	});

	it("refuses a registration if the limit was reached after its options were issued", async () => {
		const site = await openSite({ maxPasskeysPerUser: 1 });
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const { ceremonyId, ...early } = await browser.creationOptions();
		expect(await browser.addPasskey(new SoftwareAuthenticator())).toMatchObject({ status: 200 });
		const response = new SoftwareAuthenticator().register(early);
		await expectRefusal(site, () => browser.verifyRegistration(response, { ceremonyId, createSession: true }), FULL);
	});

	it("counts revoked passkeys until they are deleted, and not those of other users", async () => {
		const site = await openSite({ maxPasskeysPerUser: 1 });
		const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
		await enrolled(site, "bob@example.com");
		await browser.signIn(authenticator);
		await browser.post("/passkey/revoke-passkey", { id: passkeyId });
		expect(await browser.get("/passkey/generate-register-options")).toMatchObject({ status: 409 });
		await browser.post("/passkey/delete-passkey", { id: passkeyId });
		expect(await browser.addPasskey(new SoftwareAuthenticator())).toMatchObject({ status: 200 });
	});

	it("does not reveal in the options for anonymous callers that an account is full", async () => {
		const owner = { id: "" };
		const site = await openSite({
			maxPasskeysPerUser: 1,
			registration: { requireSession: false, resolveUser: () => ({ id: owner.id, name: "ada" }) },
		});
		owner.id = (await enrolled(site, "ada@example.com")).userId;
		const anonymous = site.browser();
		const options = await anonymous.creationOptions();
		const response = new SoftwareAuthenticator().register(options);
		await expectRefusal(site, () => anonymous.verifyRegistration(response), FULL);
	});

	it("leaves no passkey behind if the count fails", async () => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const { adapter } = await site.auth.$context;
		adapter.count = async () => {
			throw new Error("the database is gone");
		};
		expect((await browser.addPasskey(new SoftwareAuthenticator())).status).toBe(500);
		expect(await site.passkeys()).toEqual([]);
	});

	it.each([0, -1, 1.5, 1001, Number.NaN, "10"])("cannot be %s", (maxPasskeysPerUser) => {
		expect(() => passkey({ maxPasskeysPerUser: maxPasskeysPerUser as number })).toThrow("maxPasskeysPerUser");
	});

	it.each([
		["SQLite", () => openSite({ maxPasskeysPerUser: 3 })],
		["memory", () => openSite({ maxPasskeysPerUser: 3 }, { database: memoryAdapter(tables()) })],
		[
			"an adapter without atomic methods",
			() => openSite({ maxPasskeysPerUser: 3 }, { database: plainAdapter(tables()) }),
		],
	] as [string, () => Promise<Site>][])("with %s, limits ten registrations at once", async (_, open) => {
		const site = await open();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const answers = await addAtOnce(browser, 10);
		const stored = await site.passkeys();
		expect(stored.length).toBeLessThanOrEqual(3);
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(stored.length);
		const refused = answers.filter(({ status }) => status !== 200);
		expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(["TOO_MANY_PASSKEYS"]));
	});
});

describe('a signature counter that did not grow, with counterRegression "report",', () => {
	const options = { authentication: { counterRegression: "report" } } as const;

	async function counting() {
		const site = await openSite(options);
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const ada = await enrolled(site, "ada@example.com", authenticator);
		await ada.browser.signIn(authenticator, { counter: 7 });
		site.events.length = 0;
		return { site, ...ada };
	}

	it.each([7, 6, 0])("of %i still signs in, is reported, and does not change the stored counter", async (counter) => {
		const { site, browser, authenticator, userId, passkeyId } = await counting();
		const [before] = await site.passkeys();
		await new Promise((resolve) => setTimeout(resolve, 2));
		expect(await browser.signIn(authenticator, { counter, backedUp: false })).toMatchObject({ status: 200 });
		const [row] = await site.passkeys();
		expect(row).toMatchObject({ counter: 7, backedUp: false });
		expect(Number(row?.lastUsedAt)).toBeGreaterThan(Number(before?.lastUsedAt));
		const about = { userId, passkeyId };
		expect(site.events).toEqual([
			{ type: "passkey.counter_regressed", ...about, stored: 7, received: counter },
			{ type: "passkey.authenticated", ...about },
			{ type: "session.created", ...about, sessionId: expect.any(String) },
		]);
		expect(site.log()).toEqual([
			`warn [passkey] the signature counter of a passkey did not increase: stored 7, received ${counter}`,
		]);
	});

	it("is stored again as soon as it grows", async () => {
		const { site, browser, authenticator } = await counting();
		await browser.signIn(authenticator, { counter: 3 });
		await browser.signIn(authenticator, { counter: 8 });
		expect(await site.passkeys()).toMatchObject([{ counter: 8 }]);
	});

	it("does not sign in with a passkey that was revoked in the meantime", async () => {
		const { site, browser, authenticator } = await counting();
		const { adapter } = await site.auth.$context;
		const increment = adapter.incrementOne;
		let writes = 0;
		adapter.incrementOne = (async (query: Parameters<typeof increment>[0]) => {
			writes += 1;
			if (writes === 2) await adapter.updateMany({ model: "passkey", where: [], update: { revokedAt: new Date() } });
			return increment(query);
		}) as typeof increment;
		await browser.signOut();
		const sessions = await site.sessions();
		expect(await browser.signIn(authenticator, { counter: 7 })).toMatchObject({ status: 401 });
		expect(await site.sessions()).toEqual(sessions);
		expect(site.events).toMatchObject([{ type: "passkey.authentication_failed", code: "PASSKEY_REVOKED" }]);
	});

	it("is not reported for authenticators without a counter", async () => {
		const site = await openSite(options);
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		for (let time = 0; time < 3; time++) expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
		expect(site.events.map(({ type }) => type)).not.toContain("passkey.counter_regressed");
	});

	it("is an option that accepts no other value", () => {
		expect(() => passkey({ authentication: { counterRegression: "ignore" as never } })).toThrow('"reject" or "report"');
	});
});
