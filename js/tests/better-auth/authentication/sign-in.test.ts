import { afterEach, describe, expect, it, vi } from "vitest";
import { EDDSA, ES256, RS256, SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { enrolled, openSite } from "../../support/site.js";

const FAILED = { status: 401, code: "AUTHENTICATION_FAILED" };

afterEach(() => void vi.useRealTimers());

describe("signing in", () => {
	it.each([
		["ES256", ES256],
		["EdDSA", EDDSA],
		["RS256", RS256],
	])("works with an %s passkey", async (_, algorithm) => {
		const site = await openSite();
		const authenticator = new SoftwareAuthenticator({ algorithm });
		const { browser, userId } = await enrolled(site, "ada@example.com", authenticator);
		expect(await browser.session()).toBeNull();
		const answer = await browser.signIn(authenticator);
		expect(answer).toMatchObject({ status: 200, body: { user: { id: userId }, session: { userId } } });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
		expect(site.log()).toEqual([]);
	});

	it("asks for user verification and for any passkey of the site when nobody is signed in", async () => {
		const site = await openSite();
		const options = await site.browser().requestOptions();
		expect(options).toMatchObject({ rpId: "localhost", userVerification: "required" });
		expect(options.allowCredentials ?? []).toEqual([]);
		expect(Buffer.from(options.challenge, "base64url")).toHaveLength(32);
	});

	it("offers a signed-in user their own passkeys", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await enrolled(site, "bob@example.com");
		await browser.signIn(authenticator);
		const options = await browser.requestOptions();
		expect(options.allowCredentials).toMatchObject([
			{ id: authenticator.credentials[0]?.id, transports: ["internal", "hybrid"] },
		]);
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	});

	it("records when the passkey was used, its counter and its backup state", async () => {
		const site = await openSite();
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		const before = Date.now();
		await browser.signIn(authenticator, { backedUp: false });
		const [row] = await site.passkeys();
		expect(row).toMatchObject({ counter: 1, backedUp: false, lastUsedAt: expect.any(Date) });
		expect(Number(row?.lastUsedAt)).toBeGreaterThanOrEqual(before);
	});

	it("works with a second passkey of the same account", async () => {
		const site = await openSite();
		const { browser, authenticator: first, userId } = await enrolled(site, "ada@example.com");
		const second = new SoftwareAuthenticator();
		await browser.signIn(first);
		expect(await browser.addPasskey(second)).toMatchObject({ status: 200 });
		await browser.signOut();
		expect(await browser.signIn(second)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("returns no user field that is configured as not returned", async () => {
		const site = await openSite(
			{},
			{ user: { additionalFields: { note: { type: "string", returned: false, defaultValue: "private" } } } },
		);
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const { body } = await browser.signIn(authenticator);
		expect(JSON.stringify(body)).not.toContain("private");
	});

	it("accepts a passkey that was created without user verification if the site allows it", async () => {
		const site = await openSite({
			authenticatorSelection: { userVerification: "preferred" },
			authentication: { userVerification: "preferred" },
		});
		const authenticator = new SoftwareAuthenticator({ userVerified: false });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		expect((await browser.requestOptions()).userVerification).toBe("preferred");
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	});

	it.each([
		["ES256", ES256],
		["EdDSA", EDDSA],
		["RS256", RS256],
	])("refuses a wrong %s signature", async (_, algorithm) => {
		const site = await openSite();
		const authenticator = new SoftwareAuthenticator({ algorithm });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		const attempt = () => browser.signIn(authenticator, { wrongSignature: true });
		await expectRefusal(site, attempt, { ...FAILED, reason: "SIGNATURE_INVALID" });
	});

	it("requests user verification, and refuses an assertion without it", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempt = () => browser.signIn(authenticator, { userVerified: false });
		await expectRefusal(site, attempt, { ...FAILED, reason: "USER_VERIFICATION_MISSING" });
	});

	it("refuses an assertion without user presence", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempt = () => browser.signIn(authenticator, { userPresent: false });
		await expectRefusal(site, attempt, { ...FAILED, reason: "USER_PRESENCE_MISSING" });
	});

	it.each([
		["a subdomain", "http://www.localhost:3000"],
		["another port", "http://localhost:3001"],
		["another scheme", "https://localhost:3000"],
		["a domain that ends like ours", "http://evil-localhost:3000"],
		["a slash at the end", "http://localhost:3000/"],
		["null", "null"],
		["an Android app", "android:apk-key-hash:AAAA"],
	])("refuses the origin of %s", async (_, origin) => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await expectRefusal(site, () => browser.signIn(authenticator, { origin }), {
			...FAILED,
			reason: "ORIGIN_MISMATCH",
		});
		expect(site.log().at(-1)).toContain(`expected "http://localhost:3000", received ${JSON.stringify(origin)}`);
	});

	it("never uses the Origin header as the expected origin", async () => {
		const evil = "https://evil.example";
		const site = await openSite({}, { advanced: { disableOriginCheck: true } });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions(), { origin: evil });
		const attempt = () =>
			browser.send("/passkey/verify-authentication", {
				method: "POST",
				headers: { "content-type": "application/json", origin: evil },
				body: JSON.stringify({ response }),
			});
		await expectRefusal(site, attempt, { ...FAILED, reason: "ORIGIN_MISMATCH" });
	});

	it("logs an origin that contains line breaks on one line", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const origin = `http://x\n[passkey] registration accepted ${"x".repeat(5000)}`;
		await expectRefusal(site, () => browser.signIn(authenticator, { origin }), {
			...FAILED,
			reason: "ORIGIN_MISMATCH",
		});
		expect(site.log().at(-1)?.length).toBeLessThan(500);
	});

	it("refuses an assertion from a cross-origin frame", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempt = () => browser.signIn(authenticator, { crossOrigin: true, topOrigin: "https://evil.example" });
		await expectRefusal(site, attempt, { ...FAILED, reason: "CROSS_ORIGIN_FORBIDDEN" });
	});

	it("refuses an assertion for another relying party", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempt = () => browser.signIn(authenticator, { rpId: "evil.example" });
		await expectRefusal(site, attempt, { ...FAILED, reason: "RP_ID_MISMATCH" });
	});

	it("refuses a credential that is not registered", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempt = () => browser.signIn(authenticator, { credentialId: "AAAAAAAAAAAAAAAAAAAAAA" });
		await expectRefusal(site, attempt, { status: 401, code: "PASSKEY_NOT_FOUND" });
	});

	it("refuses a removed passkey", async () => {
		const site = await openSite();
		const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		expect(await browser.post("/passkey/delete-passkey", { id: passkeyId })).toMatchObject({ status: 200 });
		await browser.signOut();
		await expectRefusal(site, () => browser.signIn(authenticator), { status: 401, code: "PASSKEY_NOT_FOUND" });
	});

	it("refuses a passkey whose user was deleted, and leaves no session", async () => {
		const site = await openSite();
		const { browser, userId, authenticator } = await enrolled(site, "ada@example.com");
		const context = await site.auth.$context;
		const find = context.internalAdapter.findUserById;
		context.internalAdapter.findUserById = async (id) => (id === userId ? null : find(id));
		const answer = await browser.signIn(authenticator);
		expect(answer).toMatchObject({ status: 401, body: { code: "USER_NOT_FOUND" } });
		expect((await site.sessions()).filter((session) => session.userId === userId)).toEqual([]);
	});
});

describe("a sign-in that fails after its use was recorded", () => {
	it("restores the time of the last use, but marks the row as changed", async () => {
		const afterVerification = async () => Promise.reject(new Error("no"));
		const site = await openSite({ authentication: { afterVerification } });
		const { browser, authenticator, passkeyId: id } = await enrolled(site, "ada@example.com");
		const where = [{ field: "id", value: id }];
		const times = { lastUsedAt: new Date(1000), updatedAt: new Date(2000) };
		await site.db.update({ model: "passkey", where, update: times });
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 401 });
		const [row] = await site.passkeys();
		expect(row?.lastUsedAt).toEqual(times.lastUsedAt);
		// Removals compare it, so a removal that read the row earlier must read it again.
		expect(Number(row?.updatedAt)).toBeGreaterThan(Number(times.updatedAt));
	});

	it("leaves no session, and no passkey from a registration that asked for a session", async () => {
		let breaks = false;
		let broken = false;
		const version = () => {
			if (broken) throw new Error("no version");
			return "1";
		};
		const after = async () => {
			broken = breaks;
		};
		const instance = {
			session: { cookieCache: { enabled: true, version } },
			databaseHooks: { session: { create: { after } } },
		};
		const site = await openSite({}, instance);
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator();
		await browser.addPasskey(authenticator);
		const registration = new SoftwareAuthenticator().register(await browser.creationOptions());
		const visitor = site.browser();
		const assertion = authenticator.authenticate(await visitor.requestOptions());
		const before = [await site.sessions(), await site.passkeys()];
		breaks = true;
		expect(await browser.verifyRegistration(registration, { createSession: true })).toMatchObject({ status: 500 });
		expect([await site.sessions(), await site.passkeys()]).toEqual(before);
		broken = false;
		expect(await visitor.verifyAuthentication(assertion)).toMatchObject({ status: 500 });
		expect(await site.sessions()).toEqual(before[0]);
	});
});

describe("the signature counter", () => {
	it("is refused if it did not grow, and an event reports it", async () => {
		const site = await openSite();
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const { browser, userId, passkeyId } = await enrolled(site, "ada@example.com", authenticator);
		await browser.signIn(authenticator, { counter: 7 });
		await browser.signOut();
		for (const counter of [7, 6, 0]) {
			await expectRefusal(site, () => browser.signIn(authenticator, { counter }), {
				...FAILED,
				reason: "SIGNATURE_COUNTER_MISMATCH",
			});
			expect(site.events.at(-1)).toEqual({
				type: "passkey.counter_regressed",
				userId,
				passkeyId,
				stored: 7,
				received: counter,
			});
		}
		expect(await browser.signIn(authenticator, { counter: 8 })).toMatchObject({ status: 200 });
	});

	it("of a cloned authenticator in the same millisecond does not revert the time of the sign-in", async () => {
		vi.useFakeTimers({ toFake: ["Date"] });
		const site = await openSite();
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		const { adapter } = await site.auth.$context;
		const increment = adapter.incrementOne;
		adapter.incrementOne = (async (query: Parameters<typeof increment>[0]) => {
			adapter.incrementOne = increment;
			expect(await browser.signIn(authenticator, { counter: 7 })).toMatchObject({ status: 200 });
			return increment(query);
		}) as typeof increment;
		expect(await site.browser().signIn(authenticator, { counter: 7 })).toMatchObject({ status: 401 });
		expect(await site.passkeys()).toMatchObject([{ lastUsedAt: new Date() }]);
	});

	it("may stay at 0 for authenticators without a counter", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		for (let time = 0; time < 3; time++) expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	});

	it("may be larger than an integer column can store", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		for (const counter of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
			expect(await browser.signIn(authenticator, { counter })).toMatchObject({ status: 200 });
		}
		expect(await site.passkeys()).toMatchObject([{ counter: 2 ** 31 - 1 }]);
		const attempt = () => browser.signIn(authenticator, { counter: 5 });
		await expectRefusal(site, attempt, { ...FAILED, reason: "SIGNATURE_COUNTER_MISMATCH" });
	});
});
