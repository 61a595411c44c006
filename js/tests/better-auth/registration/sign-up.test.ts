import { betterAuth } from "better-auth";
import { APIError } from "better-auth/api";
import { anonymous } from "better-auth/plugins";
import { type PasskeyOptions, passkey } from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { plainAdapter } from "../../support/plain-adapter.js";
import { expectRefusal } from "../../support/refusal.js";
import { type Answer, type CreationBody, ORIGIN, openSite, type Site } from "../../support/site.js";

type Row = Record<string, unknown>;
type Instance = NonNullable<Parameters<typeof openSite>[1]>;

const ADA = { name: "Ada Lovelace" };
const PLACEHOLDER = /^[a-z0-9]{32}@passkey\.placeholder\.invalid$/;
const TABLES = ["user", "account", "passkey", "session", "verification"] as const;

const openSignUp = (options: PasskeyOptions = {}, instance: Instance = {}) =>
	openSite({ signUp: true, ...options }, instance);

async function rowsOf(site: Site) {
	const rows = await Promise.all(TABLES.map(async (model) => [model, await site.db.findMany<Row>({ model })]));
	return Object.fromEntries(rows) as Record<(typeof TABLES)[number], Row[]>;
}

const countsOf = async (site: Site) => Object.values(await rowsOf(site)).map((rows) => rows.length);

const signUp = (site: Site, person: unknown = ADA, authenticator = new SoftwareAuthenticator()) =>
	site.browser().signUpWithPasskey(authenticator, person);

/** Checks that a refused sign-up leaves nothing behind, not even its challenge. */
async function expectNothing(site: Site, attempt: () => Promise<Answer>, answer: object) {
	const before = await countsOf(site);
	expect(await attempt()).toMatchObject(answer);
	expect(await countsOf(site)).toEqual(before);
}

describe("signing up with a passkey", () => {
	it("stores a challenge first, and after verification an account, the passkey and a session", async () => {
		const site = await openSignUp();
		const browser = site.browser();
		const authenticator = new SoftwareAuthenticator();
		const { ceremonyId, ...options } = await browser.signUpOptions(ADA);
		expect(await countsOf(site)).toEqual([0, 0, 0, 0, 1]);
		const answer = await browser.verifyRegistration(authenticator.register(options), { ceremonyId, name: "Phone" });
		expect(await countsOf(site)).toEqual([1, 0, 1, 1, 0]);
		const { user, passkey: stored, session } = await rowsOf(site);
		const userId = user[0]?.id;
		expect(user).toMatchObject([{ ...ADA, email: expect.stringMatching(PLACEHOLDER), emailVerified: false }]);
		expect(stored).toMatchObject([{ userId, name: "Phone", userHandle: options.user.id }]);
		expect(answer).toMatchObject({
			status: 200,
			body: { id: stored[0]?.id, userId, session: { id: session[0]?.id, userId }, user: { id: userId, ...ADA } },
		});
		expect(site.events).toMatchObject([
			{ type: "passkey.registered", userId },
			{ type: "session.created", userId, sessionId: session[0]?.id },
		]);
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
		await browser.signOut();
		const signedIn = await browser.signIn(authenticator);
		expect(signedIn).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("asks for a passkey that can be the only way to sign in, regardless of the site's other settings", async () => {
		const site = await openSignUp({
			authenticatorSelection: { residentKey: "discouraged", userVerification: "discouraged" },
		});
		const browser = site.browser();
		const { body } = await browser.post("/passkey/generate-register-options", {
			signUp: { ...ADA, email: "Ada@Example.com" },
			authenticatorAttachment: "platform",
		});
		expect(body).toMatchObject({
			user: { name: "ada@example.com", displayName: ADA.name },
			excludeCredentials: [],
			authenticatorSelection: {
				authenticatorAttachment: "platform",
				residentKey: "required",
				requireResidentKey: true,
				userVerification: "required",
			},
		});
		expect(await browser.signUpOptions(ADA)).toMatchObject({ user: { name: ADA.name, displayName: ADA.name } });
		const unverified = new SoftwareAuthenticator({ userVerified: false });
		await expectRefusal(site, () => browser.signUpWithPasskey(unverified, ADA), {
			status: 400,
			code: "FAILED_TO_VERIFY_REGISTRATION",
			reason: "USER_VERIFICATION_MISSING",
		});
		expect((await rowsOf(site)).user).toEqual([]);
	});

	it("works on an adapter without transactions or atomic methods", async () => {
		const site = await openSignUp({}, { database: plainAdapter({}) });
		const browser = site.browser();
		const authenticator = new SoftwareAuthenticator();
		expect(await browser.signUpWithPasskey(authenticator, ADA)).toMatchObject({ status: 200 });
		await browser.signOut();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
		await expectNothing(site, () => signUp(site, ADA, sameCredential(authenticator)), { status: 400 });
	});

	it("is off by default, and does not change the session requirement for other registrations", async () => {
		const off = await openSite();
		const refused = await off.browser().post("/passkey/generate-register-options", { signUp: ADA });
		expect(refused).toMatchObject({ status: 401 });
		const withoutSession = await openSite({ registration: { requireSession: false } });
		const disabled = await withoutSession.browser().post("/passkey/generate-register-options", { signUp: ADA });
		expect(disabled).toMatchObject({ status: 400, body: { code: "SIGN_UP_DISABLED" } });
		const site = await openSignUp();
		const browser = site.browser();
		expect(await browser.post("/passkey/generate-register-options", {})).toMatchObject({ status: 401 });
		const query = `?signUp=${encodeURIComponent(JSON.stringify(ADA))}`;
		expect(await browser.get(`/passkey/generate-register-options${query}`)).toMatchObject({ status: 401 });
		await browser.signUp("bob@example.com");
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		browser.cookies.delete("better-auth.session_token");
		expect(await browser.verifyRegistration(response)).toMatchObject({ status: 401 });
		expect(await site.passkeys()).toEqual([]);
	});

	it("refuses invalid names and addresses", async () => {
		const site = await openSignUp();
		const names = ["", "  ", "a\u0000b", "a\nb", "x".repeat(256), null, 7];
		const emails = ["ada", "ada@", "a b@example.com", "", 7, `${"x".repeat(250)}@example.com`];
		const people = [...names.map((name) => ({ name })), ...emails.map((email) => ({ ...ADA, email })), "Ada", []];
		for (const person of people) {
			const answer = await site.browser().post("/passkey/generate-register-options", { signUp: person });
			expect(answer, JSON.stringify(person)).toMatchObject({ status: 400, body: { code: "VALIDATION_ERROR" } });
		}
		expect(await countsOf(site)).toEqual([0, 0, 0, 0, 0]);
	});

	it("creates one account for one response that is sent several times at once", async () => {
		const site = await openSignUp({}, { database: plainAdapter({}) });
		const { ceremonyId, ...options } = await site.browser().signUpOptions(ADA);
		const response = new SoftwareAuthenticator().register(options);
		const send = () => site.browser().verifyRegistration(response, { ceremonyId });
		const answers = await Promise.all(Array.from({ length: 20 }, send));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
		expect(await countsOf(site)).toEqual([1, 0, 1, 1, 0]);
	});
});

/** An authenticator whose new credential has the id of an existing one. */
function sameCredential(authenticator: SoftwareAuthenticator): SoftwareAuthenticator {
	const liar = new SoftwareAuthenticator();
	const credentialId = authenticator.credentials[0]?.id ?? "";
	const register = liar.register.bind(liar);
	liar.register = (options) => register(options, { credentialId });
	return liar;
}

describe("a visitor", () => {
	const MISMATCH = { status: 403, code: "SESSION_MISMATCH" };

	it("who is signed in cannot request sign-up options or finish a sign-up from before the sign-in", async () => {
		const site = await openSignUp();
		const browser = site.browser();
		await browser.signUp("bob@example.com");
		await expectRefusal(site, () => browser.post("/passkey/generate-register-options", { signUp: ADA }), MISMATCH);
		const { ceremonyId, ...options } = await site.browser().signUpOptions(ADA);
		const response = new SoftwareAuthenticator().register(options);
		await expectRefusal(site, () => browser.verifyRegistration(response, { ceremonyId }), MISMATCH);
		expect(await rowsOf(site)).toMatchObject({ user: [{ email: "bob@example.com" }] });
	});

	it("who is a guest gets an account, and the guest's data moves to it", async () => {
		const moved: unknown[] = [];
		const guests = anonymous({
			onLinkAccount: async ({ anonymousUser, newUser }) => void moved.push([anonymousUser.user.id, newUser.user.id]),
		});
		const site = await openSignUp({}, { plugins: [guests] });
		const browser = site.browser();
		const guest = (await browser.post("/sign-in/anonymous", {})).body as unknown as { user: { id: string } };
		const answer = await browser.signUpWithPasskey(new SoftwareAuthenticator(), ADA);
		const userId = answer.body.userId;
		expect(answer).toMatchObject({ status: 200, body: { user: { id: userId, isAnonymous: false } } });
		expect(moved).toEqual([[guest.user.id, userId]]);
		expect(await rowsOf(site)).toMatchObject({ user: [{ id: userId }], session: [{ userId }] });
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});

	it("who is a guest and adds a passkey remains the same guest", async () => {
		const moved: unknown[] = [];
		const site = await openSignUp(
			{},
			{ plugins: [anonymous({ onLinkAccount: async (data) => void moved.push(data) })] },
		);
		const browser = site.browser();
		await browser.post("/sign-in/anonymous", {});
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		expect(await browser.verifyRegistration(response, { createSession: true })).toMatchObject({ status: 200 });
		expect(moved).toEqual([]);
	});

	it("cannot be signed up by another site", async () => {
		const site = await openSignUp();
		const { ceremonyId, ...options } = await site.browser().signUpOptions(ADA);
		const response = new SoftwareAuthenticator().register(options);
		// Without cookies, like the request of a browser that has never visited the site.
		const request = new Request(`${ORIGIN}/api/auth/passkey/verify-registration`, {
			method: "POST",
			headers: { "content-type": "application/json", origin: "https://evil.example" },
			body: JSON.stringify({ response, ceremonyId }),
		});
		expect((await site.auth.handler(request)).status).toBe(403);
		expect((await rowsOf(site)).user).toEqual([]);
	});
});

describe("the columns of the new user", () => {
	const withFields = (fields: Row) => ({ user: { additionalFields: fields as never } });
	const required = { plan: { type: "string", required: true } };

	it("come from the option `user`, which receives the values that were entered", async () => {
		const seen: unknown[] = [];
		const user = ({ ctx: _, ...given }: { ctx: unknown }) => {
			seen.push(given);
			return { plan: "free" };
		};
		const site = await openSignUp({ signUp: { user } }, withFields(required));
		const browser = site.browser();
		const { body } = await browser.post("/passkey/generate-register-options", {
			signUp: { ...ADA, email: "ada@example.com" },
			context: "invited",
		});
		const { ceremonyId, ...options } = body as unknown as CreationBody;
		expect(seen).toEqual([]);
		const answer = await browser.verifyRegistration(new SoftwareAuthenticator().register(options), { ceremonyId });
		expect(answer).toMatchObject({ status: 200, body: { user: { plan: "free" } } });
		expect(seen).toEqual([{ ...ADA, email: "ada@example.com", context: "invited" }]);
	});

	it("cannot include those that only Better Auth sets", async () => {
		const given = { id: "chosen", email: "root@example.com", emailVerified: true, name: "Root", unknown: 1 };
		const site = await openSignUp({ signUp: { user: () => given } });
		expect(await signUp(site)).toMatchObject({ status: 200 });
		const { user } = await rowsOf(site);
		expect(user).toMatchObject([{ ...ADA, email: expect.stringMatching(PLACEHOLDER), emailVerified: false }]);
		expect(user[0]?.id).not.toBe("chosen");
		const fields = withFields({ level: { type: "string", required: false, input: false } });
		const strict = await openSignUp({ signUp: { user: () => ({ level: "admin" }) } }, fields);
		await expectNothing(strict, () => signUp(strict), { status: 400, body: { code: "FIELD_NOT_ALLOWED" } });
	});

	it("prevent the start of the server if a required one has no value", async () => {
		const { $context } = betterAuth({
			baseURL: "https://example.com",
			secret: "a secret that is long enough for its validation",
			database: plainAdapter({}),
			plugins: [passkey({ signUp: true })],
			...withFields(required),
		});
		await expect($context).rejects.toThrow("plan is required. Use signUp: { user:");
		const filled = { ...required, plan: { ...required.plan, defaultValue: "free" } };
		expect(await signUp(await openSignUp({}, withFields(filled)))).toMatchObject({ body: { user: { plan: "free" } } });
	});

	it("cannot come from a malformed option", () => {
		for (const signUp of ["yes", { users: () => ({}) }, { user: "ada" }, null]) {
			expect(() => passkey({ signUp } as never)).toThrow(/^passkey: signUp/);
		}
	});
});

describe("a sign-up that fails leaves nothing", () => {
	const refuse = async () => {
		throw new APIError("FORBIDDEN", { code: "BANNED_USER", message: "banned" });
	};
	const BANNED = { status: 403, body: { code: "BANNED_USER" } };

	it.each<[string, PasskeyOptions, Instance, object]>([
		["a database hook refuses the user", {}, { databaseHooks: { user: { create: { before: refuse } } } }, BANNED],
		[
			"a database hook cancels the creation of the user",
			{},
			{ databaseHooks: { user: { create: { before: async () => false } } } },
			{ status: 400, body: { code: "FAILED_TO_CREATE_USER" } },
		],
		["the site's validation refuses the user", {}, { user: { validateUserInfo: refuse } }, { status: 403 }],
		["a database hook refuses the session", {}, { databaseHooks: { session: { create: { before: refuse } } } }, BANNED],
		[
			"a database hook fails after the session is stored",
			{},
			{ databaseHooks: { session: { create: { after: () => Promise.reject(new Error("down")) } } } },
			{ status: 500 },
		],
		["the option `user` refuses", { signUp: { user: refuse } }, {}, BANNED],
		["registration.afterVerification refuses", { registration: { afterVerification: refuse } }, {}, BANNED],
		[
			"registration.afterVerification names a user",
			{ registration: { afterVerification: () => ({ userId: "somebody" }) } },
			{},
			{ status: 400, body: { code: "RESOLVED_USER_INVALID" } },
		],
	])("when %s", async (_, options, instance, answer) => {
		const site = await openSignUp(options, instance);
		const browser = site.browser();
		await expectNothing(site, () => browser.signUpWithPasskey(new SoftwareAuthenticator(), ADA), answer);
		expect(await browser.session()).toBeNull();
		expect(site.events.filter(({ type }) => !type.endsWith("_failed"))).toEqual([]);
	});

	it("when the passkey is already stored, and its owner keeps it", async () => {
		const site = await openSignUp();
		const authenticator = new SoftwareAuthenticator();
		const { body } = await signUp(site, ADA, authenticator);
		const again = () => signUp(site, { name: "Mallory" }, sameCredential(authenticator));
		await expectNothing(site, again, { status: 400, body: { code: "PREVIOUSLY_REGISTERED" } });
		expect(await site.passkeys()).toMatchObject([{ userId: body.userId }]);
	});

	it("or logs what it could not undo, and responds with the first failure", async () => {
		const remove = { before: () => Promise.reject(new Error("the database is down")) };
		const site = await openSignUp(
			{},
			{ databaseHooks: { session: { create: { before: refuse } }, user: { delete: remove } } },
		);
		expect(await signUp(site)).toMatchObject(BANNED);
		expect(site.log()).toEqual([
			'warn [passkey] registration refused: BANNED_USER "banned"',
			"error [passkey] a sign-up failed and its account may not have been removed",
		]);
		expect(await countsOf(site)).toEqual([1, 0, 0, 0, 0]);
	});
});

it("the registration hooks receive a sign-up whose user has no id yet", async () => {
	const calls: unknown[] = [];
	const site = await openSignUp({
		registration: {
			before: ({ step, user, context }) => void calls.push([step, user, context]),
			afterVerification: ({ user }) => {
				calls.push(["afterVerification", user]);
				return { name: "First" };
			},
			after: ({ passkey, session }) => void calls.push(["after", passkey.name, session?.userId === passkey.userId]),
		},
	});
	expect(await signUp(site)).toMatchObject({ status: 200, body: { name: "First" } });
	const user = { id: "", name: ADA.name, displayName: ADA.name };
	expect(calls).toEqual([
		["options", user, null],
		["verify", user, null],
		["afterVerification", user],
		["after", "First", true],
	]);
});
