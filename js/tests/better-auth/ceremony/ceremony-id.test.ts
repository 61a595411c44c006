import { bearer } from "better-auth/plugins";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import {
	type Answer,
	type CreationBody,
	enrolled,
	ORIGIN,
	openSite,
	type RequestBody,
	type Site,
} from "../../support/site.js";

const NOT_FOUND = { status: 400, code: "CHALLENGE_NOT_FOUND" };
const COOKIE = "better-auth.better-auth-passkey";
const OPTIONS = "/passkey/generate-authenticate-options";
const VERIFY = "/passkey/verify-authentication";

afterEach(() => void vi.useRealTimers());

/** A mobile app: it keeps no cookies and sends no origin. */
async function call(site: Site, path: string, body: unknown, more: Record<string, string> = {}): Promise<Answer> {
	const headers = { "content-type": "application/json", ...more };
	const init = { method: "POST", headers, body: JSON.stringify(body) };
	const response = await site.auth.handler(new Request(`${ORIGIN}/api/auth${path}`, init));
	const text = await response.text();
	return { status: response.status, body: text ? JSON.parse(text) : null, headers: response.headers };
}

async function begin(site: Site): Promise<RequestBody> {
	return (await call(site, OPTIONS, {})).body as unknown as RequestBody;
}

describe("a ceremony id", () => {
	it("signs in an app without cookies, and never sets a challenge cookie for it", async () => {
		const site = await openSite();
		const { authenticator, userId } = await enrolled(site, "ada@example.com");
		const asked = await call(site, OPTIONS, {});
		expect(asked.headers.getSetCookie()).toEqual([]);
		expect(asked.headers.get("cache-control")).toBe("no-store");
		const { ceremonyId, ...options } = asked.body as unknown as RequestBody;
		const response = authenticator.authenticate(options);
		const answer = await call(site, VERIFY, { response, ceremonyId });
		expect(answer).toMatchObject({ status: 200, body: { user: { id: userId } } });
		expect(answer.headers.getSetCookie().join()).not.toContain(COOKIE);
	});

	it("adds a passkey for an app that signs its requests with a bearer token", async () => {
		const site = await openSite({}, { plugins: [bearer()] });
		const account = { email: "ada@example.com", password: "correct horse", name: "Ada" };
		const token = (await call(site, "/sign-up/email", account)).headers.get("set-auth-token") ?? "";
		const authorization = { authorization: `Bearer ${token}` };
		const input = { authenticatorAttachment: "platform", context: null, name: "Phone" };
		const asked = await call(site, "/passkey/generate-register-options", input, authorization);
		const { ceremonyId, ...options } = asked.body as unknown as CreationBody;
		expect(options.authenticatorSelection).toMatchObject({ authenticatorAttachment: "platform" });
		const response = new SoftwareAuthenticator().register(options);
		const register = (more: Record<string, string>) =>
			call(site, "/passkey/verify-registration", { response, ceremonyId, name: "Phone" }, more);
		expect(await register({})).toMatchObject({ status: 401 });
		expect(await register(authorization)).toMatchObject({ status: 200, body: { name: "Phone" } });
		await expectRefusal(site, () => register(authorization), NOT_FOUND);
	});

	it("is new for every ceremony and reveals nothing about the challenge", async () => {
		const site = await openSite();
		const ceremonies = await Promise.all(Array.from({ length: 50 }, () => begin(site)));
		expect(new Set(ceremonies.map(({ ceremonyId }) => ceremonyId)).size).toBe(50);
		for (const { ceremonyId, challenge } of ceremonies) {
			expect(ceremonyId).toMatch(/^[\w-]{32}$/);
			expect(challenge).not.toContain(ceremonyId);
		}
	});

	it("can be used once, even by 50 copies at once", async () => {
		const site = await openSite();
		const { authenticator } = await enrolled(site, "ada@example.com");
		const { ceremonyId, ...options } = await begin(site);
		const body = { response: authenticator.authenticate(options), ceremonyId };
		const before = (await site.sessions()).length;
		const answers = await Promise.all(Array.from({ length: 50 }, () => call(site, VERIFY, body)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		expect(await site.sessions()).toHaveLength(before + 1);
		await expectRefusal(site, () => call(site, VERIFY, body), NOT_FOUND);
	});

	it("is used up by a response that cannot be parsed", async () => {
		const site = await openSite();
		const { authenticator } = await enrolled(site, "ada@example.com");
		const { ceremonyId, ...options } = await begin(site);
		await call(site, VERIFY, { response: "no response at all", ceremonyId });
		const attempt = () => call(site, VERIFY, { response: authenticator.authenticate(options), ceremonyId });
		await expectRefusal(site, attempt, NOT_FOUND);
	});

	it("finds only its own challenge", async () => {
		const site = await openSite();
		const { authenticator } = await enrolled(site, "ada@example.com");
		const [first, second] = [await begin(site), await begin(site)];
		const response = authenticator.authenticate(first);
		const attempt = () => call(site, VERIFY, { response, ceremonyId: second.ceremonyId });
		await expectRefusal(site, attempt, { status: 401, code: "AUTHENTICATION_FAILED", reason: "CHALLENGE_MISMATCH" });
	});

	it("of a registration does not sign in", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		const { ceremonyId, challenge } = await browser.creationOptions();
		const response = authenticator.authenticate({ challenge });
		await expectRefusal(site, () => call(site, VERIFY, { response, ceremonyId }), NOT_FOUND);
	});

	it("is refused after five minutes", async () => {
		const site = await openSite();
		const { authenticator } = await enrolled(site, "ada@example.com");
		const { ceremonyId, ...options } = await begin(site);
		const response = authenticator.authenticate(options);
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 300_001 });
		await expectRefusal(site, () => call(site, VERIFY, { response, ceremonyId }), NOT_FOUND);
	});

	it.each([
		["of another length", (id: string) => `${id}x`],
		["with an invalid character", (id: string) => `${id.slice(1)}:`],
		["that is unknown", () => "A".repeat(32)],
		["that is a number", () => 1],
		["that is an object", () => ({ $ne: "" })],
		["that is a list", (id: string) => [id]],
	])("%s is refused, and the cookie is not used instead", async (_, forge) => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const options = await browser.requestOptions();
		const response = authenticator.authenticate(options);
		const ceremonyId = forge(options.ceremonyId);
		await expectRefusal(site, () => browser.verifyAuthentication(response, { ceremonyId }), NOT_FOUND);
		expect(await browser.verifyAuthentication(response)).toMatchObject({ status: 200 });
	});

	it.each([null, ""])("that is %j is ignored, and the cookie is used", async (ceremonyId) => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		expect(await browser.verifyAuthentication(response, { ceremonyId })).toMatchObject({ status: 200 });
	});
});

describe("two ceremonies of one browser", () => {
	it("both finish, in either order, if their responses contain their ids", async () => {
		for (const order of [
			[0, 1],
			[1, 0],
		]) {
			const site = await openSite();
			const { browser, authenticator } = await enrolled(site, "ada@example.com");
			const tabs = [await browser.requestOptions(), await browser.requestOptions()];
			for (const index of order) {
				const { ceremonyId, ...options } = tabs[index] as RequestBody;
				const response = authenticator.authenticate(options);
				expect(await browser.verifyAuthentication(response, { ceremonyId })).toMatchObject({ status: 200 });
			}
			expect(browser.cookies.has(COOKIE)).toBe(false);
		}
	});

	it("of which only one sends its id leave the cookie to the other", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const { ceremonyId, ...first } = await browser.requestOptions();
		const second = await browser.requestOptions();
		const byId = await browser.verifyAuthentication(authenticator.authenticate(first), { ceremonyId });
		expect(byId).toMatchObject({ status: 200 });
		expect(browser.cookies.has(COOKIE)).toBe(true);
		expect(await browser.verifyAuthentication(authenticator.authenticate(second))).toMatchObject({ status: 200 });
	});

	it("add two passkeys from two tabs", async () => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const tabs = [await browser.creationOptions(), await browser.creationOptions()];
		for (const { ceremonyId, ...options } of tabs) {
			const response = new SoftwareAuthenticator().register(options);
			expect(await browser.verifyRegistration(response, { ceremonyId })).toMatchObject({ status: 200 });
		}
		expect(await site.passkeys()).toHaveLength(2);
	});
});

describe("a ceremony of another user", () => {
	it("does not sign in a visitor through another site, with or without cookies", async () => {
		const site = await openSite();
		const mallory = await enrolled(site, "mallory@example.com");
		for (const origin of ["https://evil.example", "null"]) {
			const { ceremonyId, ...options } = await begin(site);
			const body = { response: mallory.authenticator.authenticate(options), ceremonyId };
			const sessions = await site.sessions();
			for (const more of [{ origin }, { origin, cookie: "theme=dark" }]) {
				expect(await call(site, VERIFY, body, more)).toMatchObject({ status: 403 });
			}
			const form = { "content-type": "text/plain", origin };
			expect(await call(site, VERIFY, body, form)).toMatchObject({ status: 415 });
			expect(await site.sessions()).toEqual(sessions);
		}
	});

	it("does not register a passkey from another site if no session is required", async () => {
		const site = await openSite({
			registration: { requireSession: false, resolveUser: async () => ({ id: userId, name: "mallory" }) },
		});
		const { userId } = await enrolled(site, "mallory@example.com");
		const asked = await call(site, "/passkey/generate-register-options", {});
		const { ceremonyId, ...options } = asked.body as unknown as CreationBody;
		const body = { response: new SoftwareAuthenticator().register(options), ceremonyId, createSession: true };
		const passkeys = await site.passkeys();
		const attempt = (more: Record<string, string>) => call(site, "/passkey/verify-registration", body, more);
		expect(await attempt({ origin: "https://evil.example" })).toMatchObject({ status: 403 });
		expect(await site.passkeys()).toEqual(passkeys);
		expect(await attempt({ origin: ORIGIN })).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("does not replace the session of a signed-in user", async () => {
		const site = await openSite();
		const mallory = await enrolled(site, "mallory@example.com");
		const ada = await enrolled(site, "ada@example.com");
		await ada.browser.signIn(ada.authenticator);
		const { ceremonyId, ...options } = await begin(site);
		const response = mallory.authenticator.authenticate(options);
		const attempt = () => ada.browser.verifyAuthentication(response, { ceremonyId });
		await expectRefusal(site, attempt, { status: 403, code: "SESSION_MISMATCH" });
	});

	it("adds no passkey to the account of a signed-in user", async () => {
		const site = await openSite();
		const [ada, mallory] = [site.browser(), site.browser()];
		await ada.signUp("ada@example.com");
		await mallory.signUp("mallory@example.com");
		const { ceremonyId, ...options } = await mallory.creationOptions();
		const response = new SoftwareAuthenticator().register(options);
		const attempt = () => ada.verifyRegistration(response, { ceremonyId });
		await expectRefusal(site, attempt, { status: 401, code: "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY" });
	});
});

describe("options requested by POST", () => {
	it("need no body, and refuse one that is not an object", async () => {
		const site = await openSite();
		const bare = await site.auth.handler(new Request(`${ORIGIN}/api/auth${OPTIONS}`, { method: "POST" }));
		expect(bare.status).toBe(200);
		for (const body of ["text", 1, []]) expect(await call(site, OPTIONS, body)).toMatchObject({ status: 400 });
		expect(await site.db.findMany({ model: "verification" })).toHaveLength(1);
	});

	it("prefer the body to the query, and limit its values", async () => {
		const contexts: unknown[] = [];
		const resolveUser = async ({ context }: { context?: string | null | undefined }) => {
			contexts.push(context);
			return { id: "none", name: "nobody" };
		};
		const site = await openSite({ registration: { requireSession: false, resolveUser } });
		const path = "/passkey/generate-register-options";
		expect(await call(site, `${path}?context=query`, { context: "body" })).toMatchObject({ status: 200 });
		expect(await call(site, path, { context: "x".repeat(4097) })).toMatchObject({ status: 400 });
		expect(await call(site, path, { name: "line\nline" })).toMatchObject({ status: 400 });
		expect(contexts).toEqual(["body"]);
	});

	it("are refused with a user's cookies and another site's origin", async () => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const headers = { "content-type": "application/json", origin: "https://evil.example" };
		const answer = await browser.send("/passkey/generate-register-options", { method: "POST", headers, body: "{}" });
		expect(answer.status).toBe(403);
	});

	it("can also be requested by a server-side call", async () => {
		const site = await openSite();
		const options = await site.auth.api.generatePasskeyAuthenticationOptions({ method: "POST", body: {} });
		const { authenticator, userId } = await enrolled(site, "ada@example.com");
		const body = { response: authenticator.authenticate(options), ceremonyId: options.ceremonyId };
		const { user } = await site.auth.api.verifyPasskeyAuthentication({ body: body as never });
		expect(user.id).toBe(userId);
	});
});
