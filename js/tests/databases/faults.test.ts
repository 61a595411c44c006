import { NodeSqliteDialect } from "@better-auth/kysely-adapter/node-sqlite-dialect";
import { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { type Answer, type Browser, enrolled, openSite, type Site } from "../support/site.js";
import { FailingSqlite, type Failure } from "./failing-sqlite.js";
import { migrations } from "./suite.js";

const SESSION_COOKIE = "better-auth.session_token";

type Member = Awaited<ReturnType<typeof enrolled>>;

/** The changes that a ceremony made. */
interface Change {
	users: number;
	passkeys: number;
	sessions: number;
	/** The number of users with a confirmed address. */
	confirmed: number;
	renamed: boolean;
	/** Whether the time of the last use changed. */
	used: boolean;
}

const NOTHING: Change = { users: 0, passkeys: 0, sessions: 0, confirmed: 0, renamed: false, used: false };
const NOT_FOUND = { status: 400, body: { code: "CHALLENGE_NOT_FOUND" } };

interface Ceremony {
	/** Prepares the request; the returned function sends it, any number of times, with the cookies of any browser. */
	prepare: (member: Member) => Promise<(browser: Browser) => Promise<Answer>>;
	/** The refusal after a first success, if the request may succeed only once. */
	spent?: object;
	/** Changes that a failed attempt may leave, because nobody can sign in with them. */
	harmless?: Change[];
}

/** A session whose token never left the server. */
const unknownSession: Change = { ...NOTHING, sessions: 1 };

const signIn = (member: Member) => member.browser.signIn(member.authenticator);

let links = 0;
let link = "";
const sendVerificationEmail = async ({ url }: { url: string }) => {
	link = url.slice(url.indexOf("/passkey/")).replace(/&.*/, "");
};
const newcomer = () => ({ name: "Grace", email: `grace${++links}@example.com` });

const ceremonies: Record<string, Ceremony> = {
	"the options of a sign-in": {
		prepare: async () => (browser) => browser.get("/passkey/generate-authenticate-options"),
	},
	"the options of a registration": {
		prepare: async (member) => {
			await signIn(member);
			return (browser) => browser.get("/passkey/generate-register-options");
		},
	},
	"a sign-in": {
		spent: NOT_FOUND,
		harmless: [unknownSession],
		prepare: async ({ browser, authenticator }) => {
			const response = authenticator.authenticate(await browser.requestOptions());
			return (from) => from.verifyAuthentication(response);
		},
	},
	"a sign-in with a counter": {
		spent: NOT_FOUND,
		harmless: [unknownSession],
		prepare: async ({ browser, authenticator }) => {
			const response = authenticator.authenticate(await browser.requestOptions(), { counter: 9 });
			return (from) => from.verifyAuthentication(response);
		},
	},
	"a registration": {
		spent: NOT_FOUND,
		prepare: async (member) => {
			await signIn(member);
			const response = new SoftwareAuthenticator().register(await member.browser.creationOptions());
			return (from) => from.verifyRegistration(response);
		},
	},
	"a registration that signs in": {
		spent: NOT_FOUND,
		harmless: [unknownSession],
		prepare: async (member) => {
			await signIn(member);
			const response = new SoftwareAuthenticator().register(await member.browser.creationOptions());
			return (from) => from.verifyRegistration(response, { createSession: true });
		},
	},
	"a sign-up": {
		spent: NOT_FOUND,
		prepare: async ({ browser }) => {
			const { ceremonyId, ...options } = await browser.signUpOptions(newcomer());
			const response = new SoftwareAuthenticator().register(options);
			return (from) => from.verifyRegistration(response, { ceremonyId });
		},
	},
	"the confirmation of an address": {
		spent: { status: 400, body: { code: "EMAIL_CONFIRMATION_INVALID" } },
		prepare: async ({ browser }) => {
			await browser.signUpWithPasskey(new SoftwareAuthenticator(), newcomer());
			const own = link;
			return (from) => from.get(own);
		},
	},
	"a new name": {
		prepare: async (member) => {
			await signIn(member);
			return (from) => from.post("/passkey/update-passkey", { id: member.passkeyId, name: "Phone" });
		},
	},
	"a removal": {
		prepare: async (member) => {
			await signIn(member);
			return (from) => from.post("/passkey/delete-passkey", { id: member.passkeyId });
		},
	},
};

describe.each([
	["with transactions", true],
	["without transactions, as on D1", false],
])("SQLite %s", (_, transaction) => {
	const sqlite = new FailingSqlite();
	let site: Site;

	beforeAll(async () => {
		const db = new Kysely({ dialect: new NodeSqliteDialect({ database: sqlite }) });
		const options = { database: { db, type: "sqlite" as const, transaction } };
		await (await migrations({ options })).runMigrations();
		site = await openSite({ signUp: true }, { ...options, emailVerification: { sendVerificationEmail } });
	});
	afterAll(() => sqlite.close());

	let users = 0;
	const enrol = () => enrolled(site, `user${++users}@example.com`);

	const observe = async ({ passkeyId }: Member) => {
		const { adapter } = await site.auth.$context;
		const where = [{ field: "id", value: passkeyId }];
		return {
			users: await adapter.count({ model: "user" }),
			passkeys: await adapter.count({ model: "passkey" }),
			sessions: await adapter.count({ model: "session" }),
			confirmed: await adapter.count({ model: "user", where: [{ field: "emailVerified", value: true }] }),
			own: await adapter.findOne<Record<string, unknown>>({ model: "passkey", where }),
		};
	};
	type Observed = Awaited<ReturnType<typeof observe>>;
	const changed = (before: Observed, after: Observed): Change => ({
		users: after.users - before.users,
		passkeys: after.passkeys - before.passkeys,
		sessions: after.sessions - before.sessions,
		confirmed: after.confirmed - before.confirmed,
		renamed: after.own !== null && after.own.name !== before.own?.name,
		used: after.own !== null && String(after.own.lastUsedAt) !== String(before.own?.lastUsedAt),
	});

	/** One attempt whose n-th write fails, and the changes that it and its replay made. */
	const attemptOnce = async ({ prepare }: Ceremony, n: number, failure: Failure) => {
		const member = await enrol();
		const attempt = await prepare(member);
		const replayer = member.browser.copy();
		const before = await observe(member);
		const cookieBefore = member.browser.cookies.get(SESSION_COOKIE);
		sqlite.watch(n, failure);
		const answer = await attempt(member.browser);
		const { failed } = sqlite;
		sqlite.watch();
		const cookieAfter = member.browser.cookies.get(SESSION_COOKIE);
		const after = await observe(member);
		const replayed = await attempt(replayer);
		return {
			member,
			failed,
			answer,
			replayed,
			cookieBefore,
			cookieAfter,
			change: changed(before, after),
			afterReplay: changed(before, await observe(member)),
		};
	};

	describe.each(Object.entries(ceremonies))("%s", (_, ceremony) => {
		let whole: Change;

		beforeAll(async () => {
			const { answer, failed, change } = await attemptOnce(ceremony, Number.POSITIVE_INFINITY, "refused");
			expect({ status: answer.status, failed }).toEqual({ status: 200, failed: false });
			whole = change;
		});

		it.each<Failure>(["refused", "unanswered"])(
			"has its complete effect or none, regardless of the write that is %s",
			async (failure) => {
				const harmless = [NOTHING, ...(ceremony.harmless ?? []), ...(failure === "unanswered" ? [whole] : [])];
				let n = 1;
				for (; ; n++) {
					const { member, failed, answer, replayed, change, afterReplay, cookieBefore, cookieAfter } =
						await attemptOnce(ceremony, n, failure);
					if (!failed) break;
					if (answer.status === 200) expect(change).toEqual(whole);
					else {
						expect(answer).toMatchObject({ status: 500, body: null });
						expect(harmless).toContainEqual(change);
						expect(cookieAfter).toBe(cookieBefore);
					}
					if (ceremony.spent) {
						const works = replayed.status === 200;
						if (!works) expect(replayed).toMatchObject(ceremony.spent);
						expect(change).toEqual(works ? NOTHING : afterReplay);
						if (works) expect(afterReplay).toEqual(whole);
					}
					const again = await site.browser().signIn(member.authenticator, { counter: 10 });
					expect(again.status).toBe(afterReplay.passkeys < 0 ? 401 : 200);
				}
				expect(n).toBeGreaterThan(1);
			},
		);
	});
});
