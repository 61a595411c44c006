import { APIError } from "better-auth/api";
import { admin, twoFactor } from "better-auth/plugins";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PasskeyOptions } from "../../../src/better-auth/options/options.js";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { memoryStorage } from "../../support/memory-storage.js";
import { expectRefusal } from "../../support/refusal.js";
import { type Answer, type Browser, openSite, type RequestBody, type Site } from "../../support/site.js";
import { enrolledTwice } from "../../support/two-factor.js";

const OPTIONS = "/passkey/generate-authenticate-options";
const EMAIL = "ada@example.com";
const NO_UV = { userVerified: false };
const NOT_PENDING = { status: 401, code: "TWO_FACTOR_NOT_PENDING" };

/** The policy that lets a passkey sign in without user verification. */
const preferred: PasskeyOptions = { authentication: { userVerification: "preferred" } };

const open = (options: PasskeyOptions = {}, plugins: Parameters<typeof openSite>[1] = {}) =>
	openSite(options, { plugins: [twoFactor()], ...plugins });

afterEach(() => void vi.useRealTimers());

const signInByPassword = (browser: Browser, more: object = {}) =>
	browser.post("/sign-in/email", { email: EMAIL, password: "correct horse", ...more });

/** The complete ceremony with a passkey as the second factor. */
async function secondFactor(browser: Browser, authenticator: SoftwareAuthenticator, deviations = {}): Promise<Answer> {
	const options = await browser.post(OPTIONS, { secondFactor: true });
	if (options.status !== 200) return options;
	const { ceremonyId, ...request } = options.body as unknown as RequestBody;
	return browser.verifyAuthentication(authenticator.authenticate(request, deviations), { ceremonyId });
}

/** Checks that there is no session, and that neither the response nor the database contains one. */
async function expectNoSession(site: Site, browser: Browser, answer: Answer) {
	expect(answer).toMatchObject({ status: 200, body: { twoFactorRedirect: true } });
	expect(answer.body).not.toHaveProperty("session");
	expect(answer.body).not.toHaveProperty("user");
	const set = answer.headers.getSetCookie().filter((line) => !/max-age=0/i.test(line));
	expect(set.map((line) => line.split("=")[0])).toEqual(["better-auth.two_factor"]);
	expect(await browser.session()).toBeNull();
	expect(await site.sessions()).toEqual([]);
}

describe("a passkey with user verification", () => {
	it("counts as both factors", async () => {
		const site = await open();
		const { browser, authenticator, userId } = await enrolledTwice(site);
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});

	it("counts as one factor if the site configures this, even when it is used twice", async () => {
		const site = await open({ twoFactor: { countsAsBoth: false } });
		const { browser, authenticator, code, userId } = await enrolledTwice(site);
		await expectNoSession(site, browser, await browser.signIn(authenticator));
		await expectRefusal(site, () => browser.post(OPTIONS, { secondFactor: true }), NOT_PENDING);
		expect(await browser.post("/two-factor/verify-totp", { code: await code() })).toMatchObject({ status: 200 });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});
});

describe("a passkey without user verification", () => {
	it("does not sign in a user with a second factor until the two-factor plugin verifies it", async () => {
		const site = await open(preferred);
		const { browser, authenticator, code, userId, passkeyId } = await enrolledTwice(site);
		const answer = await browser.signIn(authenticator, NO_UV);
		expect(answer.body).toEqual({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
		await expectNoSession(site, browser, answer);
		expect(site.events).toEqual([{ type: "passkey.authenticated", userId, passkeyId }]);
		expect(await browser.post("/two-factor/verify-totp", { code: "000000" })).toMatchObject({ status: 401 });
		expect(await browser.post("/two-factor/verify-totp", { code: await code() })).toMatchObject({ status: 200 });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});

	it("signs in a user without a second factor", async () => {
		const site = await open(preferred);
		const browser = site.browser();
		const userId = await browser.signUp(EMAIL);
		const authenticator = new SoftwareAuthenticator();
		await browser.addPasskey(authenticator);
		await browser.signOut();
		expect(await browser.signIn(authenticator, NO_UV)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("signs in on a trusted device, and the two-factor plugin renews the trust", async () => {
		const site = await open(preferred);
		const { browser, authenticator, code, userId } = await enrolledTwice(site);
		await browser.signIn(authenticator, NO_UV);
		await browser.post("/two-factor/verify-totp", { code: await code(), trustDevice: true });
		const before = browser.cookies.get("better-auth.trust_device");
		expect(before).toBeDefined();
		await browser.signOut();
		expect(await browser.signIn(authenticator, NO_UV)).toMatchObject({ status: 200, body: { user: { id: userId } } });
		expect(browser.cookies.get("better-auth.trust_device")).not.toBe(before);
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});

	it("is not its own second factor, unless it verifies the user the second time", async () => {
		const site = await open(preferred);
		const { browser, authenticator, userId } = await enrolledTwice(site);
		await browser.signIn(authenticator, NO_UV);
		const again = () => secondFactor(browser, authenticator, NO_UV);
		await expectRefusal(site, again, {
			status: 401,
			code: "AUTHENTICATION_FAILED",
			reason: "USER_VERIFICATION_MISSING",
		});
		expect(await browser.post(OPTIONS, { secondFactor: true })).toMatchObject({
			body: { userVerification: "required" },
		});
		expect(await secondFactor(browser, authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("is not its own second factor shortly before expiry in a storage that counts in whole seconds", async () => {
		const storage = memoryStorage();
		const set = (key: string, value: string, seconds?: number) => {
			vi.setSystemTime(Date.now() + 1);
			return storage.set(key, value, seconds);
		};
		const session = { storeSessionInDatabase: true };
		const site = await open(preferred, { secondaryStorage: { ...storage, set }, session });
		const { browser, authenticator } = await enrolledTwice(site);
		const start = Date.now();
		vi.useFakeTimers({ toFake: ["Date"], now: start });
		await browser.signIn(authenticator, NO_UV);
		vi.setSystemTime(start + 599_500);
		const { status, body } = await browser.post(OPTIONS, { secondFactor: true });
		expect({ status, body }).toMatchObject({ status: 200, body: { userVerification: "required" } });
	});

	it("leaves no pending second factor if its use as the first factor cannot be stored", async () => {
		const site = await open(preferred);
		const { browser, authenticator } = await enrolledTwice(site);
		const request = await browser.requestOptions();
		const { internalAdapter } = await site.auth.$context;
		const create = internalAdapter.createVerificationValue;
		internalAdapter.createVerificationValue = async (data) => {
			if (data.identifier.startsWith("passkey-first-factor:")) throw new APIError("SERVICE_UNAVAILABLE");
			return create(data);
		};
		const answer = await browser.verifyAuthentication(authenticator.authenticate(request, NO_UV));
		expect(answer.status).toBe(503);
		expect(browser.cookies.has("better-auth.two_factor")).toBe(false);
		expect(await site.sessions()).toEqual([]);
	});

	const faults: [string, "create" | "findMany"][] = [
		["the pending second factor cannot be stored", "create"],
		["the trusted device cannot be read", "findMany"],
	];
	it.each(faults)("leaves no session behind if %s", async (_, method) => {
		const site = await open(preferred);
		const { browser, authenticator, code } = await enrolledTwice(site);
		await browser.signIn(authenticator, NO_UV);
		await browser.post("/two-factor/verify-totp", { code: await code(), trustDevice: method === "findMany" });
		await browser.signOut();
		site.events.length = 0;
		const request = await browser.requestOptions();
		const { adapter } = await site.auth.$context;
		const original = adapter[method] as (query: { model: string }) => Promise<never>;
		const failing = async (query: { model: string }) => {
			if (query.model === "verification") throw new Error("the disk is broken");
			return original(query);
		};
		Object.assign(adapter, { [method]: failing });
		const answer = await browser.verifyAuthentication(authenticator.authenticate(request, NO_UV));
		expect(answer.status).toBe(500);
		expect(answer.headers.getSetCookie().join()).not.toMatch(/session_token=[^;]/);
		expect(await site.sessions()).toEqual([]);
		expect(site.events.map(({ type }) => type)).toEqual(["passkey.authentication_failed"]);
	});

	it("creates no session and no pending second factor for a banned user", async () => {
		const site = await open(preferred, { plugins: [admin(), twoFactor()] });
		const { browser, authenticator, userId } = await enrolledTwice(site);
		await site.db.update({ model: "user", where: [{ field: "id", value: userId }], update: { banned: true } });
		expect(await browser.signIn(authenticator, NO_UV)).toMatchObject({ status: 403, body: { code: "BANNED_USER" } });
		expect(browser.cookies.has("better-auth.two_factor")).toBe(false);
	});
});

describe("registering a passkey for an account with a second factor", () => {
	it("does not sign in a user whom the site resolved without a session", async () => {
		let named = { id: "", name: EMAIL };
		const site = await open({ registration: { requireSession: false, resolveUser: () => named } });
		const { userId } = await enrolledTwice(site);
		named = { id: userId, name: EMAIL };
		const browser = site.browser();
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const answer = await browser.verifyRegistration(response, { createSession: true });
		await expectNoSession(site, browser, answer);
		expect(answer.body).toMatchObject({ userId, twoFactorMethods: ["totp"] });
		expect(site.events.map(({ type }) => type)).toEqual(["passkey.registered"]);
	});

	it("keeps the session of a signed-in user", async () => {
		const site = await open(preferred);
		const { browser, authenticator, userId } = await enrolledTwice(site);
		await browser.signIn(authenticator);
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const answer = await browser.verifyRegistration(response, { createSession: true });
		expect(answer).toMatchObject({ status: 200, body: { session: { userId } } });
	});
});

describe("a passkey as the second factor after a password", () => {
	it("is offered to a user who has one, needs no user verification, and signs in", async () => {
		const site = await open();
		const { browser, authenticator, userId, passkeyId } = await enrolledTwice(site);
		const redirect = { twoFactorRedirect: true, twoFactorMethods: ["totp", "passkey"] };
		expect((await signInByPassword(browser)).body).toEqual(redirect);
		const options = (await browser.post(OPTIONS, { secondFactor: true })).body as unknown as RequestBody;
		expect(options.allowCredentials?.map(({ id }) => id)).toEqual(authenticator.credentials.map(({ id }) => id));
		expect(options.userVerification).toBe("discouraged");
		const answer = await secondFactor(browser, authenticator, NO_UV);
		expect(answer).toMatchObject({ status: 200, body: { session: { userId }, user: { id: userId } } });
		expect(browser.cookies.has("better-auth.two_factor")).toBe(false);
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
		expect(site.events).toMatchObject([
			{ type: "passkey.authenticated", userId, passkeyId },
			{ type: "session.created", userId, passkeyId },
		]);
	});

	it("is not offered to a user without one, and a request for it is refused", async () => {
		const site = await open();
		const { browser } = await enrolledTwice(site);
		await site.db.deleteMany({ model: "passkey", where: [{ field: "counter", operator: "gte", value: 0 }] });
		expect((await signInByPassword(browser)).body).toEqual({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
		const attempt = () => browser.post(OPTIONS, { secondFactor: true });
		await expectRefusal(site, attempt, { status: 404, code: "PASSKEY_NOT_FOUND" });
	});

	it("requires the password in the same browser, and the two-factor plugin", async () => {
		const site = await open();
		const { browser, authenticator, userId } = await enrolledTwice(site);
		await expectRefusal(site, () => browser.post(OPTIONS, { secondFactor: true }), NOT_PENDING);
		await signInByPassword(browser);
		const { body } = await browser.post(OPTIONS, { secondFactor: true });
		const { ceremonyId, ...request } = body as unknown as RequestBody;
		const response = authenticator.authenticate(request, NO_UV);
		await expectRefusal(
			{ ...site, passkeys: async () => [] },
			() => site.browser().verifyAuthentication(response, { ceremonyId }),
			NOT_PENDING,
		);
		expect(await secondFactor(browser, authenticator, NO_UV)).toMatchObject({ body: { user: { id: userId } } });
		const without = await openSite();
		await expectRefusal(without, () => without.browser().post(OPTIONS, { secondFactor: true }), NOT_PENDING);
	});

	it("cannot be the passkey of another user", async () => {
		const site = await open();
		const { browser } = await enrolledTwice(site);
		const mallory = await enrolledTwice(site, "mallory@example.com");
		await signInByPassword(browser);
		const { body } = await browser.post(OPTIONS, { secondFactor: true });
		const { ceremonyId, allowCredentials: _, ...request } = body as unknown as RequestBody;
		const response = mallory.authenticator.authenticate(request);
		const attempt = () => browser.verifyAuthentication(response, { ceremonyId });
		const refused = { status: 401, code: "AUTHENTICATION_FAILED", reason: "CREDENTIAL_ID_FORBIDDEN" };
		await expectRefusal(site, attempt, refused);
	});

	it("completes a sign-in only once, and not after another factor has completed it", async () => {
		const site = await open();
		const { browser, authenticator, code } = await enrolledTwice(site);
		await signInByPassword(browser);
		const ceremony = async () => {
			const { body } = await browser.copy().post(OPTIONS, { secondFactor: true });
			const { ceremonyId, ...request } = body as unknown as RequestBody;
			return { ceremonyId, response: authenticator.authenticate(request, { ...NO_UV, counter: 0 }) };
		};
		const ceremonies = await Promise.all(Array.from({ length: 5 }, ceremony));
		const answers = await Promise.all(
			ceremonies.map(({ response, ceremonyId }) => browser.copy().verifyAuthentication(response, { ceremonyId })),
		);
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		expect(await site.sessions()).toHaveLength(1);

		const other = site.browser();
		await signInByPassword(other);
		const late = other.copy();
		const { body } = await late.post(OPTIONS, { secondFactor: true });
		const { ceremonyId, ...request } = body as unknown as RequestBody;
		expect(await other.post("/two-factor/verify-totp", { code: await code() })).toMatchObject({ status: 200 });
		const answer = await late.verifyAuthentication(authenticator.authenticate(request, { ...NO_UV, counter: 0 }), {
			ceremonyId,
		});
		expect(answer).toMatchObject({ status: 401, body: { code: "TWO_FACTOR_NOT_PENDING" } });
		expect(await site.sessions()).toHaveLength(2);
	});

	it("leaves the other factors available after it fails", async () => {
		const site = await open();
		const { browser, authenticator, code, userId } = await enrolledTwice(site);
		await signInByPassword(browser);
		const attempt = () => secondFactor(browser, authenticator, { wrongSignature: true });
		await expectRefusal(site, attempt, { status: 401, code: "AUTHENTICATION_FAILED", reason: "SIGNATURE_INVALID" });
		expect(await browser.post("/two-factor/verify-totp", { code: await code() })).toMatchObject({ status: 200 });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});

	it("expires with the pending second factor", async () => {
		const site = await open();
		const { browser } = await enrolledTwice(site);
		await signInByPassword(browser);
		await site.db.updateMany({
			model: "verification",
			where: [{ field: "identifier", operator: "starts_with", value: "2fa-" }],
			update: { expiresAt: new Date(Date.now() - 1) },
		});
		await expectRefusal(site, () => browser.post(OPTIONS, { secondFactor: true }), NOT_PENDING);
	});

	it.each([true, false])("uses rememberMe from the password sign-in: %s", async (rememberMe) => {
		const site = await open();
		const { browser, authenticator } = await enrolledTwice(site);
		await signInByPassword(browser, { rememberMe });
		const answer = await secondFactor(browser, authenticator, NO_UV);
		const token = answer.headers.getSetCookie().find((line) => line.startsWith("better-auth.session_token="));
		expect(/max-age/i.test(token ?? "")).toBe(rememberMe);
		const [session] = (await site.sessions()) as { expiresAt: Date }[];
		const days = (Number(session?.expiresAt) - Date.now()) / 86_400_000;
		expect(Math.round(days)).toBe(rememberMe ? 7 : 1);
	});

	it("does not sign in without the password through a ceremony that was begun without it", async () => {
		const site = await open();
		const { browser, authenticator } = await enrolledTwice(site);
		await signInByPassword(browser);
		const options = await browser.requestOptions();
		const attempt = () => browser.verifyAuthentication(authenticator.authenticate(options, NO_UV));
		await expectRefusal(site, attempt, {
			status: 401,
			code: "AUTHENTICATION_FAILED",
			reason: "USER_VERIFICATION_MISSING",
		});
	});
});
