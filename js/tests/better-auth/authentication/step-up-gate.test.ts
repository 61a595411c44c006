import type { BetterAuthPlugin } from "better-auth";
import { betterAuth } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { admin } from "better-auth/plugins";
import { passkey } from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { Browser, type CreationBody, enrolled, ORIGIN, openSite, type Site } from "../../support/site.js";

type Options = NonNullable<Parameters<typeof passkey>[0]>;

/** If nobody is signed in, the site resolves the user. */
const ANYBODY: Options = {
	registration: { requireSession: false, resolveUser: () => ({ id: "nobody", name: "nobody" }) },
};

const REGISTER = "/passkey/generate-register-options";
const NOT_FRESH = { status: 403, body: { code: "SESSION_NOT_FRESH" } };
const REQUIRED = { status: 403, body: { code: "STEP_UP_REQUIRED" } };
const UNAUTHORIZED = { status: 401, body: { code: "UNAUTHORIZED" } };

const open = (options: Options = {}, plugins: BetterAuthPlugin[] = []) =>
	openSite(options, { session: { freshAge: 60 }, plugins });

/** Makes all sessions older than `freshAge`. */
async function age(site: Site) {
	await site.db.updateMany({
		model: "session",
		where: [{ field: "userId", operator: "ne", value: "" }],
		update: { createdAt: new Date(Date.now() - 61_000) },
	});
}

/** A signed-in user with a passkey and a session that is no longer fresh. */
async function stale(site: Site, email = "ada@example.com") {
	const user = await enrolled(site, email);
	await user.browser.signIn(user.authenticator);
	await age(site);
	return user;
}

async function proofFor(browser: Browser, authenticator: SoftwareAuthenticator, purpose: string) {
	const { body } = await browser.stepUp(authenticator, purpose);
	return String((body as { proof?: unknown }).proof);
}

/** Requests creation options with a proof, and registers a new passkey with them. */
async function addWith(browser: Browser, proof: string) {
	const options = await browser.post(REGISTER, { proof });
	if (options.status !== 200) return options;
	const { ceremonyId, ...creation } = options.body as unknown as CreationBody;
	return browser.verifyRegistration(new SoftwareAuthenticator().register(creation), { ceremonyId });
}

describe("adding a passkey with a session that is not fresh", () => {
	it("is refused without a proof; one proof is valid once, for both requests", async () => {
		const site = await open();
		const { browser, authenticator, userId } = await stale(site);
		expect(await browser.get(REGISTER)).toMatchObject(NOT_FRESH);
		expect(await browser.post(REGISTER, {})).toMatchObject(NOT_FRESH);
		const proof = await proofFor(browser, authenticator, "passkey:add");
		expect(await addWith(browser, proof)).toMatchObject({ status: 200, body: { userId } });
		expect(await addWith(browser, proof)).toMatchObject(REQUIRED);
		expect(await site.passkeys()).toHaveLength(2);
	});

	it("is refused with a proof for another purpose, and with a proof in the query", async () => {
		const site = await open();
		const { browser, authenticator } = await stale(site);
		for (const purpose of ["passkey:remove", "transfer"]) {
			expect(await addWith(browser, await proofFor(browser, authenticator, purpose))).toMatchObject(REQUIRED);
		}
		const proof = await proofFor(browser, authenticator, "passkey:add");
		expect(await browser.get(`${REGISTER}?proof=${proof}`)).toMatchObject(NOT_FRESH);
		expect(await browser.post(`${REGISTER}?proof=${proof}`, {})).toMatchObject(NOT_FRESH);
	});

	it("is refused in another stale session of the user that has no proof", async () => {
		const site = await open();
		const { browser, authenticator } = await stale(site);
		const second = site.browser();
		await second.signIn(authenticator);
		await age(site);
		const proof = await proofFor(browser, authenticator, "passkey:add");
		const { body } = await browser.post(REGISTER, { proof });
		const { ceremonyId, ...creation } = body as unknown as CreationBody;
		const response = new SoftwareAuthenticator().register(creation);
		expect(await second.verifyRegistration(response, { ceremonyId })).toMatchObject(NOT_FRESH);
		expect(await site.passkeys()).toHaveLength(1);
	});

	it("is refused if the session was fresh only when the options were requested", async () => {
		const site = await open();
		const { browser } = await stale(site);
		const fresh = site.browser();
		await fresh.post("/sign-in/email", { email: "ada@example.com", password: "correct horse" });
		const response = new SoftwareAuthenticator().register(await fresh.creationOptions());
		await age(site);
		expect(await fresh.verifyRegistration(response)).toMatchObject(NOT_FRESH);
		expect(await browser.get(REGISTER)).toMatchObject(NOT_FRESH);
		expect(await site.passkeys()).toHaveLength(1);
	});
});

describe("when registration requires no session", () => {
	it("a session that is not fresh still requires a proof, for each passkey", async () => {
		const site = await open(ANYBODY);
		const { browser, authenticator, userId } = await stale(site);
		expect(await browser.get(REGISTER)).toMatchObject(NOT_FRESH);
		const proof = await proofFor(browser, authenticator, "passkey:add");
		expect(await addWith(browser, proof)).toMatchObject({ status: 200, body: { userId } });
		expect(await addWith(browser, proof)).toMatchObject(REQUIRED);
	});

	it("a session must still be fresh when the response arrives", async () => {
		const site = await open(ANYBODY);
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		await age(site);
		expect(await browser.verifyRegistration(response, { createSession: true })).toMatchObject(NOT_FRESH);
		expect(await site.passkeys()).toHaveLength(1);
	});
});

describe("a fresh session", () => {
	it("adds a passkey without a proof, but not with an invalid proof", async () => {
		const site = await open();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		expect(await browser.post(REGISTER, { proof: "x".repeat(32) })).toMatchObject(REQUIRED);
		expect(await browser.post(REGISTER, { proof: { $ne: "" } })).toMatchObject({ status: 400 });
		expect(await browser.addPasskey(new SoftwareAuthenticator())).toMatchObject({ status: 200 });
	});
});

describe("renaming and removing", () => {
	const changes = [
		["rename", "/passkey/update-passkey", { name: "Phone" }],
		["remove", "/passkey/delete-passkey", {}],
	] as const;

	it.each(changes)("%s requires no fresh session by default", async (_, path, more) => {
		const site = await open();
		const { browser, passkeyId: id } = await stale(site);
		expect(await browser.post(path, { id, ...more })).toMatchObject({ status: 200 });
	});

	it.each(changes)("%s requires a fresh session or a proof if the site configures this", async (action, path, more) => {
		const site = await open({ stepUp: { require: ["rename", "remove"] } });
		const { browser, authenticator, passkeyId: id } = await stale(site);
		const before = await site.passkeys();
		expect(await browser.post(path, { id, ...more })).toMatchObject(NOT_FRESH);
		const other = await proofFor(browser, authenticator, "passkey:add");
		expect(await browser.post(path, { id, ...more, proof: other })).toMatchObject(REQUIRED);
		expect((await site.passkeys()).map(({ name }) => name)).toEqual(before.map(({ name }) => name));
		const proof = await proofFor(browser, authenticator, `passkey:${action}`);
		expect(await browser.post(path, { id, ...more, proof })).toMatchObject({ status: 200 });
		expect(await browser.post(path, { id, ...more, proof })).toMatchObject(REQUIRED);
	});

	it.each(changes)("%s works with a fresh session if the site requires one", async (_, path, more) => {
		const site = await open({ stepUp: { require: ["rename", "remove"] } });
		const { browser, authenticator, passkeyId: id } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		expect(await browser.post(path, { id, ...more })).toMatchObject({ status: 200 });
	});

	it("have options that are checked when the plugin is created", () => {
		expect(() => passkey({ stepUp: { require: ["add" as "remove"] } })).toThrow(/stepUp.require contains "add"/);
		for (const expiresIn of [9, 901, 1.5]) expect(() => passkey({ stepUp: { expiresIn } })).toThrow(/stepUp.expiresIn/);
	});
});

/** Builds a new session without a row for each request with a key, like Better Auth's api-key plugin. */
const keys = (userOf: (key: string) => string) =>
	({
		id: "keys",
		hooks: {
			before: [
				{
					matcher: ({ headers }) => headers?.has("x-api-key") === true,
					handler: createAuthMiddleware(async (ctx) => {
						const key = ctx.headers?.get("x-api-key") ?? "";
						const user = await ctx.context.internalAdapter.findUserById(userOf(key));
						if (!user) throw new Error("no such key");
						const now = new Date();
						const expiresAt = new Date(now.getTime() + 60_000);
						const session = { id: "key", token: key, userId: user.id, createdAt: now, updatedAt: now, expiresAt };
						ctx.context.session = { session, user };
						return { context: ctx };
					}),
				},
			],
		},
	}) satisfies BetterAuthPlugin;

const withKey = (browser: Browser, path: string, body?: unknown) =>
	browser.send(path, {
		method: body ? "POST" : "GET",
		headers: { "x-api-key": "secret", ...(body !== undefined && { "content-type": "application/json" }) },
		...(body !== undefined && { body: JSON.stringify(body) }),
	});

describe("a session that a plugin built from an API key", () => {
	let userId = "";
	const openWithKeys = (options: Options = {}) => open(options, [keys(() => userId)]);
	const all: [string, unknown?][] = [
		[REGISTER],
		[REGISTER, {}],
		["/passkey/verify-registration", { response: {} }],
		["/passkey/generate-step-up-options", { purpose: "transfer" }],
		["/passkey/verify-step-up", { response: {} }],
		["/passkey/update-passkey", { id: "any", name: "x" }],
		["/passkey/delete-passkey", { id: "any" }],
	];

	it.each(all)("is refused by %s with %j", async (path, body) => {
		const site = await openWithKeys({ stepUp: { require: ["rename", "remove"] } });
		const ada = await stale(site);
		userId = ada.userId;
		// Endpoints that accept any session accept it.
		expect(await withKey(site.browser(), "/passkey/list-user-passkeys")).toMatchObject({ status: 200 });
		expect(await withKey(site.browser(), path, body)).toMatchObject(UNAUTHORIZED);
	});

	it("does not make the browser's stale session fresh, and cannot use a proof", async () => {
		const site = await openWithKeys();
		const { browser, authenticator, ...ada } = await stale(site);
		userId = ada.userId;
		expect(await withKey(browser, REGISTER)).toMatchObject(NOT_FRESH);
		const proof = await proofFor(browser, authenticator, "transfer");
		const attempt = site.auth.api.requirePasskeyProof({
			headers: new Headers({ "x-api-key": "secret" }),
			body: { purpose: "transfer", proof },
		});
		await expect(attempt).rejects.toMatchObject({ statusCode: 401 });
	});

	it("is also refused if sessions are stored only in cookies", async () => {
		let ada = "";
		const auth = betterAuth({
			baseURL: ORIGIN,
			secret: "a secret of this test that is long enough",
			emailAndPassword: { enabled: true },
			session: { cookieCache: { enabled: true }, freshAge: 60 },
			plugins: [keys(() => ada), passkey()],
		});
		const browser = new Browser((request) => auth.handler(request));
		ada = await browser.signUp("ada@example.com");
		expect(await withKey(new Browser((request) => auth.handler(request)), REGISTER)).toMatchObject(UNAUTHORIZED);
		const authenticator = new SoftwareAuthenticator();
		expect(await browser.addPasskey(authenticator)).toMatchObject({ status: 200 });
		const proof = await proofFor(browser, authenticator, "passkey:add");
		expect(await addWith(browser, proof)).toMatchObject({ status: 200, body: { userId: ada } });
	});
});

describe("an administrator who impersonates a user", () => {
	it.each([{}, { signUp: true }, ANYBODY])(
		"cannot add a passkey to the account, although the session is new: %j",
		async (options) => {
			const adminUserIds: string[] = [];
			const site = await open(options, [admin({ adminUserIds })]);
			const ada = await enrolled(site, "ada@example.com");
			const browser = site.browser();
			adminUserIds.push(await browser.signUp("admin@example.com"));
			await browser.post("/admin/impersonate-user", { userId: ada.userId });
			expect(await browser.session()).toMatchObject({ user: { id: ada.userId } });
			expect(await browser.get(REGISTER)).toMatchObject(NOT_FRESH);
			expect(await site.passkeys()).toHaveLength(1);
		},
	);
});
