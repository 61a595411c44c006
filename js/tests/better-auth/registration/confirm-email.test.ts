import type { User } from "better-auth";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { type Answer, type Browser, type CreationBody, openSite, type Site } from "../../support/site.js";

type Instance = NonNullable<Parameters<typeof openSite>[1]>;

const ADA = { name: "Ada", email: "ada@example.com" };
const PLACEHOLDER = /^[a-z0-9]{32}@passkey\.placeholder\.invalid$/;
const INVALID = { status: 400, body: { code: "EMAIL_CONFIRMATION_INVALID" } };
const UNAVAILABLE = { status: 409, body: { code: "EMAIL_UNAVAILABLE" } };

interface Mail {
	to: string;
	url: string;
}

let mails: Mail[];
beforeEach(() => {
	mails = [];
});
afterEach(() => void vi.useRealTimers());

const openSignUp = ({ emailVerification, ...instance }: Instance = {}) => {
	const sendVerificationEmail = async ({ user, url }: { user: User; url: string }) =>
		void mails.push({ to: user.email, url });
	return openSite(
		{ signUp: true },
		{ ...instance, emailVerification: { sendVerificationEmail, ...emailVerification } },
	);
};

async function signUp(site: Site, person: object = ADA, more: Record<string, unknown> = {}) {
	const browser = site.browser();
	const authenticator = new SoftwareAuthenticator();
	const { status, body } = await browser.signUpWithPasskey(authenticator, person, more);
	expect(status).toBe(200);
	return { browser, authenticator, userId: String(body.userId), link: linkOf(mails.at(-1)) };
}

/** The link in a mail, without the callback URL that it always has. */
function linkOf(mail: Mail | undefined): string {
	const { pathname, searchParams } = new URL(mail?.url ?? "http://localhost:3000/api/auth/no-mail");
	return `${pathname.replace("/api/auth", "")}?token=${searchParams.get("token")}`;
}

const users = (site: Site) => site.db.findMany<User>({ model: "user" });
const userOf = async (site: Site, id: string) => (await users(site)).find((user) => user.id === id);
const locationOf = async (browser: Browser, link: string) => {
	const { status, headers } = await browser.get(link);
	return [status, headers.get("location")];
};

describe("the email address that was entered at sign-up", () => {
	it("becomes the account's address when the link is opened in a session of the account", async () => {
		const called: unknown[] = [];
		const note = (name: string) => async (user: User) => void called.push([name, user.email, user.emailVerified]);
		const site = await openSignUp({
			emailVerification: {
				beforeEmailVerification: note("before"),
				afterEmailVerification: note("after"),
			},
			session: { cookieCache: { enabled: true } },
		});
		const { browser, authenticator, userId, link } = await signUp(site, { ...ADA, email: "Ada@Example.COM" });
		expect(mails).toMatchObject([{ to: ADA.email }]);
		expect(await userOf(site, userId)).toMatchObject({ email: expect.stringMatching(PLACEHOLDER) });
		expect(await browser.session()).toMatchObject({ user: { email: expect.stringMatching(PLACEHOLDER) } });
		const confirmed = { id: userId, email: ADA.email, emailVerified: true };
		expect(await browser.get(link)).toMatchObject({ status: 200, body: { status: true, user: confirmed } });
		expect(await userOf(site, userId)).toMatchObject(confirmed);
		expect(await browser.session()).toMatchObject({ user: confirmed });
		expect(called).toEqual([
			["before", ADA.email, false],
			["after", ADA.email, true],
		]);
		expect(await browser.get(link)).toMatchObject(INVALID);
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
		await browser.signOut();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: confirmed } });
	});

	it("gets no mail if the site sends none, and no token is stored", async () => {
		const site = await openSite({ signUp: true });
		await signUp(site);
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
		const sending = await openSignUp();
		await signUp(sending, { name: "Ada" });
		expect(mails).toEqual([]);
		expect(await sending.db.findMany({ model: "verification" })).toEqual([]);
	});

	it("does not make the sign-up fail when the mail cannot be sent", async () => {
		const down = () => Promise.reject(new Error("no mail today"));
		const site = await openSignUp({ emailVerification: { sendVerificationEmail: down } });
		await signUp(site);
		expect(site.fullLog).toContain("error Failed to run background task:");
		const before = async ({ identifier }: { identifier: string }) => {
			if (identifier.startsWith("passkey-confirm-email:")) throw new Error("the database is down");
		};
		const broken = await openSignUp({ databaseHooks: { verification: { create: { before } } } });
		await signUp(broken);
		expect(broken.log()).toEqual(["error [passkey] the e-mail that confirms the address of a sign-up was not sent"]);
		expect(mails).toEqual([]);
	});
});

describe("the confirmation link", () => {
	it("redirects to the callback URL, with an error if the link is no longer valid", async () => {
		const site = await openSignUp();
		const { browser } = await signUp(site, ADA, { callbackURL: "/welcome?tab=1#top" });
		const url = new URL(mails[0]?.url ?? "");
		const link = `${url.pathname}${url.search}`.replace("/api/auth", "");
		const failed = "http://localhost:3000/welcome?tab=1&error=EMAIL_CONFIRMATION_INVALID#top";
		expect(await locationOf(site.browser(), link)).toEqual([302, failed]);
		expect(await locationOf(browser, link)).toEqual([302, "/welcome?tab=1#top"]);
		expect(await browser.session()).toMatchObject({ user: { email: ADA.email } });
		expect(await locationOf(browser, link)).toEqual([302, failed]);
		await signUp(site, { ...ADA, email: "eve@example.com" });
		expect(new URL(mails[1]?.url ?? "").searchParams.get("callbackURL")).toBe("/");
	});

	it("does not redirect to an untrusted site, and the attempt does not use it up", async () => {
		const site = await openSignUp();
		const evil = "https://evil.example";
		const refused = await site.browser().signUpWithPasskey(new SoftwareAuthenticator(), ADA, { callbackURL: evil });
		expect(refused).toMatchObject({ status: 403, body: { code: "INVALID_CALLBACK_URL" } });
		expect(await users(site)).toEqual([]);
		const { browser, link } = await signUp(site);
		expect(await browser.get(`${link}&callbackURL=${encodeURIComponent(evil)}`)).toMatchObject({ status: 403 });
		expect(await browser.get(`${link}&callbackURL=/&callbackURL=${evil}`)).toMatchObject({ status: 400 });
		expect(await browser.get(link)).toMatchObject({ status: 200 });
	});

	it("does nothing for other users or mail scanners, and still works for the account afterwards", async () => {
		const site = await openSignUp();
		const { browser, link, userId } = await signUp(site);
		const stranger = site.browser();
		expect(await stranger.get(link)).toMatchObject(INVALID);
		await stranger.signUp(ADA.email.replace("ada", "stranger"));
		expect(await stranger.get(link)).toMatchObject(INVALID);
		const { browser: another } = await signUp(site, { ...ADA, name: "Another" });
		expect(await another.get(link)).toMatchObject(INVALID);
		expect((await users(site)).filter(({ email }) => email === ADA.email)).toEqual([]);
		expect(await browser.get(link)).toMatchObject({ status: 200, body: { user: { id: userId, email: ADA.email } } });
	});

	it("requires a stored session, not one that exists only in the cookie cache", async () => {
		const site = await openSignUp({ session: { cookieCache: { enabled: true } } });
		const { browser, link, userId } = await signUp(site);
		await (await site.auth.$context).internalAdapter.deleteUserSessions(userId);
		expect(await browser.copy().session()).toMatchObject({ user: { id: userId } });
		expect(await browser.get(link)).toMatchObject(INVALID);
	});

	it.each([
		[3600, undefined],
		[60, 60],
	])("works for %s seconds", async (seconds, expiresIn) => {
		vi.useFakeTimers({ toFake: ["Date"] });
		const site = await openSignUp({ emailVerification: expiresIn ? { expiresIn } : {} });
		const [early, late] = [await signUp(site), await signUp(site, { ...ADA, email: "late@example.com" })];
		vi.setSystemTime(Date.now() + seconds * 1000 - 1000);
		expect(await early.browser.get(early.link)).toMatchObject({ status: 200 });
		vi.setSystemTime(Date.now() + 1001);
		expect(await late.browser.get(late.link)).toMatchObject(INVALID);
	});

	it("cannot be forged", async () => {
		const site = await openSignUp();
		const { browser, link, userId } = await signUp(site);
		const token = link.split("=")[1] ?? "";
		const { ceremonyId } = await browser.creationOptions();
		const madeUp = [
			"",
			"x".repeat(32),
			`${token}x`,
			token.slice(1),
			`:${token}`,
			`${userId}:${token}`,
			ceremonyId,
			"%00",
		];
		for (const other of madeUp) {
			expect(await browser.get(`/passkey/confirm-email?token=${other}`), other).toMatchObject(INVALID);
		}
		expect(await browser.get("/passkey/confirm-email")).toMatchObject({ status: 400 });
		expect(await browser.get(link)).toMatchObject({ status: 200 });
	});

	it("does nothing if the account has got another address in the meantime", async () => {
		const site = await openSignUp({ user: { changeEmail: { enabled: true, updateEmailWithoutVerification: true } } });
		const { browser, link, userId } = await signUp(site);
		expect(await browser.post("/change-email", { newEmail: "new@example.com" })).toMatchObject({ status: 200 });
		expect(await browser.get(link)).toMatchObject(INVALID);
		expect(await userOf(site, userId)).toMatchObject({ email: "new@example.com", emailVerified: false });
	});
});

describe("an address that belongs to another account", () => {
	it("does not add the passkey to that account, and sign-up responds as it does for an unused address", async () => {
		const site = await openSignUp();
		const old: string[] = [];
		for (const email of ["unverified@example.com", "verified@example.com"])
			old.push(await site.browser().signUp(email));
		await site.db.update({
			model: "user",
			where: [{ field: "email", value: "verified@example.com" }],
			update: { emailVerified: true },
		});
		const before = await users(site);
		const answers = [];
		for (const email of ["nobody@example.com", "unverified@example.com", "verified@example.com"]) {
			const browser = site.browser();
			const asked = await browser.post("/passkey/generate-register-options", { signUp: { ...ADA, email } });
			const { ceremonyId, ...options } = asked.body as unknown as CreationBody;
			const response = new SoftwareAuthenticator().register(options);
			const verified = await browser.verifyRegistration(response, { ceremonyId });
			answers.push([shapeOf(asked, email), shapeOf(verified, email)]);
		}
		expect(answers[0]).toMatchObject([{ status: 200 }, { status: 200 }]);
		expect(answers[1]).toEqual(answers[0]);
		expect(answers[2]).toEqual(answers[0]);
		const after = await users(site);
		expect(after.filter(({ id }) => old.includes(id))).toEqual(before);
		expect((await site.passkeys()).filter(({ userId }) => old.includes(String(userId)))).toEqual([]);
		for (const { id, email } of after) if (!old.includes(id)) expect(email).toMatch(PLACEHOLDER);
	});

	/** A response in which random values are replaced by their lengths. */
	function shapeOf({ status, body, headers }: Answer, email: string) {
		const text = JSON.stringify(body, (key, value) => {
			if (typeof value !== "string" || value === ADA.name) return value;
			if (value === email) return "the address";
			return /At$/.test(key) ? "a time" : `${value.length} characters`;
		});
		return { status, headers: [...headers.keys()].sort(), body: JSON.parse(text) };
	}

	it("is confirmed for one of two accounts that confirm it at once, and the other is not changed", async () => {
		let arrived = 0;
		// Both requests find the address unused before either of them writes.
		const before = () => {
			arrived++;
			return vi.waitFor(() => expect(arrived).toBe(2));
		};
		const site = await openSignUp({ databaseHooks: { user: { update: { before } } } });
		const [first, second] = [await signUp(site), await signUp(site)];
		const answers = await Promise.all([first, second].map(({ browser, link }) => browser.get(link)));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
		expect(answers.find(({ status }) => status === 409)).toMatchObject(UNAVAILABLE);
		const [one, other] = (await users(site)).sort((a, b) => Number(b.emailVerified) - Number(a.emailVerified));
		expect(one).toMatchObject({ email: ADA.email, emailVerified: true });
		expect(other).toMatchObject({ email: expect.stringMatching(PLACEHOLDER), emailVerified: false });
	});

	it("stays with that account, whether it existed before or was created in the meantime", async () => {
		const site = await openSignUp();
		await site.browser().signUp(ADA.email);
		const [before] = await users(site);
		const { browser, link } = await signUp(site);
		expect(await browser.get(link)).toMatchObject(UNAVAILABLE);
		const eve = await signUp(site, { ...ADA, email: "eve@example.com" });
		await site.browser().signUp("eve@example.com");
		expect(await locationOf(eve.browser, `${eve.link}&callbackURL=/`)).toEqual([
			302,
			"http://localhost:3000/?error=EMAIL_UNAVAILABLE",
		]);
		expect(await userOf(site, before?.id ?? "")).toEqual(before);
		expect(await userOf(site, eve.userId)).toMatchObject({ email: expect.stringMatching(PLACEHOLDER) });
	});

	it("is reported to its owner, and no link is sent, if the site has a callback for this", async () => {
		const told: unknown[] = [];
		const onExistingUserSignUp = async ({ user }: { user: User }) => void told.push([user.id, user.email]);
		const site = await openSignUp({ emailAndPassword: { enabled: true, onExistingUserSignUp } });
		const owner = await site.browser().signUp(ADA.email);
		mails.length = 0;
		await signUp(site, { ...ADA, email: "ADA@example.com" });
		expect([told, mails]).toEqual([[[owner, ADA.email]], []]);
		await signUp(site, { ...ADA, email: "eve@example.com" });
		expect([told.length, mails]).toMatchObject([1, [{ to: "eve@example.com" }]]);
	});
});

describe("when the account cannot be changed", () => {
	const failing = (fail: () => Promise<unknown>) => {
		let works = false;
		const before = async () => (works ? undefined : fail());
		const repair = () => {
			works = true;
		};
		return { databaseHooks: { user: { update: { before } } } as never, repair };
	};

	it("because of a fault, the link works again afterwards", async () => {
		const { repair, databaseHooks } = failing(() => Promise.reject(new Error("the database is down")));
		const site = await openSignUp({ databaseHooks });
		const { browser, link, userId } = await signUp(site);
		expect(await browser.get(`${link}&callbackURL=/`)).toMatchObject({ status: 500 });
		expect(await userOf(site, userId)).toMatchObject({ email: expect.stringMatching(PLACEHOLDER) });
		repair();
		expect(await browser.get(link)).toMatchObject({ status: 200, body: { user: { email: ADA.email } } });
	});

	it("because a hook of the application refuses, the response says that the address is unavailable", async () => {
		const { databaseHooks } = failing(async () => false);
		const site = await openSignUp({ databaseHooks });
		const { browser, link } = await signUp(site);
		expect(await browser.get(link)).toMatchObject(UNAVAILABLE);
	});
});
