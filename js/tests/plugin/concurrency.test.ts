import { memoryAdapter } from "better-auth/adapters/memory";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { plainAdapter } from "../support/plain-adapter.js";
import { enrolled, openSite, type Site } from "../support/site.js";

const tables = () => ({ user: [], session: [], account: [], verification: [], passkey: [] });

const databases: [string, () => Promise<Site>][] = [
	["SQLite", () => openSite()],
	["memory", () => openSite({}, { database: memoryAdapter(tables()) })],
	["an adapter without atomic methods", () => openSite({}, { database: plainAdapter(tables()) })],
];

// Each test runs dozens of ceremonies. The timeout is long because other test files run at the same time.
describe.each(databases)("with %s", { timeout: 60_000 }, (_, open) => {
	it("60 users sign in at once, each to their own account", async () => {
		const site = await open();
		const users = await Promise.all(
			Array.from({ length: 60 }, (_, index) =>
				enrolled(site, `user${index}@example.com`, new SoftwareAuthenticator({ counts: index % 2 === 0 })),
			),
		);
		const sessions = (await site.sessions()).length;
		const answers = await Promise.all(users.map(({ browser, authenticator }) => browser.signIn(authenticator)));
		expect(answers.map(({ status }) => status)).toEqual(users.map(() => 200));
		expect(answers.map(({ body }) => body.user)).toMatchObject(users.map(({ userId }) => ({ id: userId })));
		expect(await site.sessions()).toHaveLength(sessions + 60);
	});

	it.each([
		["with a counter", true],
		["without a counter", false],
	])("50 copies of one assertion %s create one session", async (_, counts) => {
		const site = await open();
		const authenticator = new SoftwareAuthenticator({ counts });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		const response = authenticator.authenticate(await browser.requestOptions());
		const sessions = (await site.sessions()).length;
		const copies = Array.from({ length: 50 }, () => browser.copy());
		const answers = await Promise.all(copies.map((copy) => copy.verifyAuthentication(response)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		const others = answers.filter(({ status }) => status !== 200);
		expect(new Set(others.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
			new Set(["400 CHALLENGE_NOT_FOUND"]),
		);
		expect(await site.sessions()).toHaveLength(sessions + 1);
	});

	it("two ceremonies with the same signature counter sign in once", async () => {
		const site = await open();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempts = await Promise.all(
			Array.from({ length: 10 }, async () => {
				const copy = browser.copy();
				return { copy, response: authenticator.authenticate(await copy.requestOptions(), { counter: 1 }) };
			}),
		);
		const answers = await Promise.all(attempts.map(({ copy, response }) => copy.verifyAuthentication(response)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, "AUTHENTICATION_FAILED"]));
		expect(site.events.filter(({ type }) => type === "passkey.counter_regressed")).toHaveLength(9);
	});

	it("a passkey that is removed during its sign-in gets no session", async () => {
		const site = await open();
		const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
		const { adapter } = await site.auth.$context;
		const increment = adapter.incrementOne;
		adapter.incrementOne = (async (query: Parameters<typeof increment>[0]) => {
			await adapter.delete({ model: "passkey", where: [{ field: "id", value: passkeyId }] });
			return increment(query);
		}) as typeof increment;
		const sessions = await site.sessions();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 401, body: { code: "AUTHENTICATION_FAILED" } });
		expect(await site.sessions()).toEqual(sessions);
		expect(site.events).toMatchObject([{ type: "passkey.authentication_failed", code: "PASSKEY_NOT_FOUND" }]);
	});
});
