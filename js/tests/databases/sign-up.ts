import type { BetterAuthOptions, User } from "better-auth";
import { APIError } from "better-auth/api";
import { expect, it } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { enrolled, type Site } from "../support/site.js";

const links = new Map<string, string[]>();
let sessionsAreRefused = false;

/** The server options that the tests below need. */
export const signUpSettings = {
	emailVerification: {
		sendVerificationEmail: async ({ user, url }) => {
			const link = url.slice(url.indexOf("/passkey/")).replace(/&.*/, "");
			links.set(user.email, [...(links.get(user.email) ?? []), link]);
		},
	},
	databaseHooks: {
		session: {
			create: {
				before: async () => {
					if (sessionsAreRefused) throw new APIError("FORBIDDEN", { code: "NO_SESSION", message: "not now" });
				},
			},
		},
	},
} satisfies BetterAuthOptions;

async function withoutSessions<T>(attempt: () => Promise<T>): Promise<T> {
	sessionsAreRefused = true;
	return attempt().finally(() => {
		sessionsAreRefused = false;
	});
}

/** Checks on one database what the plugin promises about sign-ups, and about sign-ins that get no session. */
export function describeSignUp(open: () => Site, email: () => string) {
	const adapter = async () => (await open().auth.$context).adapter;
	const users = async () => (await adapter()).findMany<User>({ model: "user", limit: 1000 });
	const passkeysOf = async (userId: string) => {
		const where = [{ field: "userId", value: userId }];
		const rows = await (await adapter()).findMany<Record<string, unknown>>({ model: "passkey", where });
		// A document may lack a field that is null in a row.
		return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null])));
	};

	it("confirms an address for one of two accounts that signed up with it", async () => {
		const address = email();
		const people = [];
		for (const name of ["Ada", "Bob"]) {
			const [browser, authenticator] = [open().browser(), new SoftwareAuthenticator()];
			const { status, body } = await browser.signUpWithPasskey(authenticator, { name, email: address.toUpperCase() });
			expect(status).toBe(200);
			people.push({ browser, authenticator, userId: body.userId, link: links.get(address)?.at(-1) ?? "" });
		}
		expect((await users()).filter((user) => user.email === address)).toEqual([]);
		const answers = await Promise.all(people.map(({ browser, link }) => browser.get(link)));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
		const [owner] = (await users()).filter((user) => user.email === address);
		expect(owner?.emailVerified).toBe(true);
		for (const { browser, authenticator, userId } of people) {
			const seen = { id: userId, emailVerified: userId === owner?.id };
			expect(await browser.session()).toMatchObject({ user: seen });
			await browser.signOut();
			expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: seen } });
		}
	});

	it("creates one account for 20 copies of one sign-up at once", async () => {
		const before = (await users()).length;
		const { ceremonyId, ...options } = await open().browser().signUpOptions({ name: "Ada" });
		const response = new SoftwareAuthenticator().register(options);
		const send = () => open().browser().verifyRegistration(response, { ceremonyId });
		const answers = await Promise.all(Array.from({ length: 20 }, send));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
		expect(await users()).toHaveLength(before + 1);
	});

	it("keeps no account and no passkey of a sign-up that gets no session", async () => {
		const before = await users();
		const count = async () => (await adapter()).count({ model: "passkey" });
		const passkeys = await count();
		const browser = open().browser();
		const authenticator = new SoftwareAuthenticator();
		const attempt = () => browser.signUpWithPasskey(authenticator, { name: "Ada", email: email() });
		expect(await withoutSessions(attempt)).toMatchObject({ status: 403, body: { code: "NO_SESSION" } });
		expect(await users()).toHaveLength(before.length);
		expect(await count()).toBe(passkeys);
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 401, body: { code: "PASSKEY_NOT_FOUND" } });
	});

	it("keeps the time of the last sign-in, but the new counter, when a sign-in gets no session", async () => {
		const { browser, userId, authenticator } = await enrolled(open(), email());
		for (const counter of [1, 3]) {
			const [before] = await passkeysOf(userId);
			const refused = await withoutSessions(() => browser.signIn(authenticator, { counter }));
			expect(refused).toMatchObject({ status: 403, body: { code: "NO_SESSION" } });
			expect(await passkeysOf(userId)).toEqual([{ ...before, counter, updatedAt: expect.any(Date) }]);
			expect(await browser.signIn(authenticator, { counter: counter + 1 })).toMatchObject({ status: 200 });
			await browser.signOut();
			expect(await passkeysOf(userId)).toMatchObject([{ counter: counter + 1, lastUsedAt: expect.any(Date) }]);
		}
	});
}
