import { getMigrations } from "better-auth/db/migration";
import { passkey } from "touchstone-webauthn/better-auth";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { encode, SoftwareAuthenticator } from "../support/authenticator.js";
import { type Expected, expectRefusal } from "../support/refusal.js";
import { type Answer, type Browser, enrolled, openSite, type Site } from "../support/site.js";
import type { Backend } from "./backends.js";
import { describeSignUp, signUpSettings } from "./sign-up.js";

const NOT_FOUND = { status: 400, code: "CHALLENGE_NOT_FOUND" };
export const TOO_LARGE = { status: 413, code: "FAILED_TO_VERIFY_REGISTRATION", reason: "CREDENTIAL_TOO_LARGE" };
const NAME = "Zoë’s 手机 🔑 «‏مفتاح‎»";
const INT32_MAX = 2 ** 31 - 1;

interface Listed {
	id: string;
	name: string | null;
	credentialID: string;
	counter: number;
}

export interface Differences {
	/** The longest credential ID, in bytes, that the database accepts; by default WebAuthn's own limit. */
	longestCredentialId?: number;
	/** The database has no tables to create, and no foreign keys that delete a user's passkeys with the user. */
	schemaless?: boolean;
}

/** Checks the plugin's promises on one database. */
export function describeDatabase(open: () => Promise<Backend> | Backend, differences: Differences = {}) {
	const { longestCredentialId = 1023, schemaless = false } = differences;
	let backend: Backend;
	let site: Site;

	beforeAll(async () => {
		backend = await open();
		await (backend.migrate?.() ?? (await migrations(backend)).runMigrations());
		const settings = { ...backend.passkey, signUp: true };
		site = await openSite(settings, {
			...signUpSettings,
			...backend.options,
			advanced: { ...backend.options.advanced, disableOriginCheck: false },
			user: { deleteUser: { enabled: true } },
		});
	});
	afterAll(() => backend?.close());
	afterEach(() => void vi.useRealTimers());

	let users = 0;
	const email = () => `user${++users}@example.com`;
	const rows = async (userId: string) => {
		const { adapter } = await site.auth.$context;
		return adapter.findMany<Listed>({ model: "passkey", where: [{ field: "userId", value: userId }] });
	};
	const sessions = async (userId: string) => {
		const { internalAdapter } = await site.auth.$context;
		return (await internalAdapter.listSessions(userId)).length;
	};
	const expectRefused = (attempt: () => Promise<Answer>, expected: Expected) =>
		expectRefusal({ ...site, ...(backend.sessions && { sessions: backend.sessions }) }, attempt, expected);
	const list = async (browser: Browser) =>
		(await browser.get("/passkey/list-user-passkeys")).body as unknown as Listed[];

	if (!schemaless) {
		it("has nothing left to migrate after the migration", async () => {
			if (backend.migrate) {
				const { checkSchema } = (await site.auth.$context) as { checkSchema?: () => Promise<void> };
				await expect(checkSchema?.()).resolves.toBeUndefined();
				return;
			}
			const { toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems } = await migrations(backend);
			expect({ toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems }).toEqual({
				toBeCreated: [],
				toBeAdded: [],
				toBeAddedIndexes: [],
				schemaProblems: [],
			});
		});
	}

	it("stores, lists, renames, signs in with and removes two passkeys of one user", async () => {
		const browser = site.browser();
		const userId = await browser.signUp(email());
		const [phone, key] = [new SoftwareAuthenticator(), new SoftwareAuthenticator({ counts: true, synced: false })];
		for (const authenticator of [phone, key]) {
			expect(await browser.addPasskey(authenticator)).toMatchObject({ status: 200 });
		}
		const listed = await list(browser);
		expect(listed.map(({ credentialID }) => credentialID).sort()).toEqual(
			[phone, key].map(({ credentials }) => String(credentials[0]?.id)).sort(),
		);
		const ofKey = listed.find(({ credentialID }) => credentialID === key.credentials[0]?.id);
		expect(ofKey).toMatchObject({ userId, counter: 0, deviceType: "singleDevice", backedUp: false });
		expect(ofKey?.name ?? null).toBeNull();
		expect(ofKey).toMatchObject({ createdAt: expect.stringMatching(/^\d{4}-.*Z$/), transports: "internal,hybrid" });

		const renamed = await browser.post("/passkey/update-passkey", { id: ofKey?.id, name: NAME });
		expect(renamed).toMatchObject({ status: 200, body: { passkey: { id: ofKey?.id, name: NAME } } });
		expect((await list(browser)).find(({ id }) => id === ofKey?.id)?.name).toBe(NAME);

		for (const authenticator of [phone, key]) {
			await browser.signOut();
			expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
			expect((await browser.session())?.user.id).toBe(userId);
		}
		expect(await list(browser)).toContainEqual(
			expect.objectContaining({ id: ofKey?.id, counter: 1, lastUsedAt: expect.stringMatching(/^\d{4}-.*Z$/) }),
		);

		const remove = () => browser.post("/passkey/delete-passkey", { id: ofKey?.id });
		expect(await remove()).toMatchObject({ status: 200 });
		expect(await remove()).toMatchObject({ status: 404 });
		expect((await list(browser)).map(({ credentialID }) => credentialID)).toEqual([phone.credentials[0]?.id]);
		await browser.signOut();
		expect(await browser.signIn(key)).toMatchObject({ status: 401, body: { code: "PASSKEY_NOT_FOUND" } });
	});

	it("returns the names of users and passkeys unchanged", async () => {
		const browser = site.browser();
		const answer = await browser.post("/sign-up/email", { email: email(), password: "correct horse", name: NAME });
		expect(answer).toMatchObject({ status: 200 });
		const options = await browser.creationOptions();
		expect(options.user.displayName).toBe(NAME);
		const added = await browser.verifyRegistration(new SoftwareAuthenticator().register(options), { name: NAME });
		expect(added).toMatchObject({ status: 200, body: { name: NAME } });
		expect(await list(browser)).toMatchObject([{ name: NAME }]);
	});

	it.each(["1", "x", "'; drop table passkey; --", "00000000-0000-4000-8000-000000000000"])(
		"does not find an unknown id: %s",
		async (id) => {
			const { browser, authenticator } = await enrolled(site, email());
			await browser.signIn(authenticator);
			for (const path of ["/passkey/delete-passkey", "/passkey/update-passkey"]) {
				expect(await browser.post(path, { id, name: "Phone" })).toMatchObject({ status: 404 });
			}
		},
	);

	it("does not register another user's credential", async () => {
		const { authenticator } = await enrolled(site, email());
		const other = site.browser();
		const userId = await other.signUp(email());
		const credentialId = String(authenticator.credentials[0]?.id);
		const attempt = () => other.addPasskey(new SoftwareAuthenticator(), { credentialId });
		await expectRefused(attempt, { status: 400, code: "PREVIOUSLY_REGISTERED" });
		expect(await rows(userId)).toEqual([]);
	});

	it.each([
		["copies of one registration", true],
		["ceremonies for one credential", false],
	])("stores one passkey for 10 %s at once", async (_, copies) => {
		const browser = site.browser();
		const userId = await browser.signUp(email());
		const credentialId = encode(crypto.getRandomValues(new Uint8Array(32)));
		const ceremony = async (from: Browser) => {
			const response = new SoftwareAuthenticator().register(await from.creationOptions(), { credentialId });
			return { copy: from, response };
		};
		const one = await ceremony(browser);
		const attempts = await Promise.all(
			Array.from({ length: 10 }, async () => (copies ? { ...one, copy: browser.copy() } : ceremony(browser.copy()))),
		);
		const answers = await Promise.all(attempts.map(({ copy, response }) => copy.verifyRegistration(response)));
		expect(tally(answers)).toEqual({
			"200": 1,
			[copies ? "400 CHALLENGE_NOT_FOUND" : "400 PREVIOUSLY_REGISTERED"]: 9,
		});
		expect(await rows(userId)).toHaveLength(1);
	});

	it("refuses a used assertion", async () => {
		const { browser, authenticator } = await enrolled(site, email());
		const response = authenticator.authenticate(await browser.requestOptions());
		const thief = browser.copy();
		expect(await browser.verifyAuthentication(response)).toMatchObject({ status: 200 });
		await expectRefused(() => thief.verifyAuthentication(response), NOT_FOUND);
		expect(await thief.session()).toBeNull();
	});

	it.each([
		["with a counter", true],
		["without a counter", false],
	])("creates one session for 20 copies of one assertion %s at once", async (_, counts) => {
		const authenticator = new SoftwareAuthenticator({ counts });
		const { browser, userId } = await enrolled(site, email(), authenticator);
		const before = await sessions(userId);
		const response = authenticator.authenticate(await browser.requestOptions());
		const copies = Array.from({ length: 20 }, () => browser.copy());
		const answers = await Promise.all(copies.map((copy) => copy.verifyAuthentication(response)));
		expect(tally(answers)).toEqual({ "200": 1, "400 CHALLENGE_NOT_FOUND": 19 });
		expect(await sessions(userId)).toBe(before + 1);
	});

	it("signs in 20 users at once, each to their own account", async () => {
		const all = await Promise.all(Array.from({ length: 20 }, () => enrolled(site, email())));
		const answers = await Promise.all(all.map(({ browser, authenticator }) => browser.signIn(authenticator)));
		expect(answers.map(({ body }) => body.user)).toMatchObject(all.map(({ userId }) => ({ id: userId })));
	});

	it("signs in once for 10 ceremonies with one signature counter", async () => {
		const { browser, userId, authenticator } = await enrolled(site, email());
		const attempts = await Promise.all(
			Array.from({ length: 10 }, async () => {
				const copy = browser.copy();
				return { copy, response: authenticator.authenticate(await copy.requestOptions(), { counter: 7 }) };
			}),
		);
		const answers = await Promise.all(attempts.map(({ copy, response }) => copy.verifyAuthentication(response)));
		expect(tally(answers)).toEqual({ "200": 1, "401 AUTHENTICATION_FAILED": 9 });
		expect(await rows(userId)).toMatchObject([{ counter: 7 }]);
	});

	it("removes a passkey once for 10 removals at once", async () => {
		const { browser, userId, authenticator, passkeyId } = await enrolled(site, email());
		await browser.signIn(authenticator);
		site.events.length = 0;
		const copies = Array.from({ length: 10 }, () => browser.copy());
		const answers = await Promise.all(copies.map((copy) => copy.post("/passkey/delete-passkey", { id: passkeyId })));
		expect(tally(answers)).toEqual({ "200": 1, "404 PASSKEY_NOT_FOUND": 9 });
		expect(site.events).toMatchObject([{ type: "passkey.deleted", userId, passkeyId }]);
		expect(await rows(userId)).toEqual([]);
	});

	it("refuses a signature counter that did not grow, and keeps the stored one", async () => {
		const { browser, userId, authenticator } = await enrolled(site, email());
		expect(await browser.signIn(authenticator, { counter: 5 })).toMatchObject({ status: 200 });
		await browser.signOut();
		const stored = await rows(userId);
		for (const counter of [5, 4, 0]) {
			await expectRefused(() => browser.signIn(authenticator, { counter }), {
				status: 401,
				code: "AUTHENTICATION_FAILED",
				reason: "SIGNATURE_COUNTER_MISMATCH",
			});
		}
		expect(await rows(userId)).toEqual(stored);
		expect(await browser.signIn(authenticator, { counter: 6 })).toMatchObject({ status: 200 });
	});

	it("signs in with a signature counter beyond 31 bits, and stores the column's maximum", async () => {
		const { browser, userId, authenticator } = await enrolled(site, email());
		for (const counter of [INT32_MAX - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1]) {
			expect(await browser.signIn(authenticator, { counter })).toMatchObject({ status: 200 });
			await browser.signOut();
			expect(await rows(userId)).toMatchObject([{ counter: Math.min(counter, INT32_MAX) }]);
		}
		expect(await browser.signIn(authenticator, { counter: INT32_MAX - 1 })).toMatchObject({ status: 401 });
		const born = new SoftwareAuthenticator();
		const other = site.browser();
		await other.signUp(email());
		expect(await other.addPasskey(born, { counter: 2 ** 32 - 2 })).toMatchObject({ status: 200 });
		await other.signOut();
		expect(await other.signIn(born, { counter: 2 ** 32 - 1 })).toMatchObject({ status: 200 });
	});

	it("refuses a challenge that is six minutes old", async () => {
		const { browser, authenticator } = await enrolled(site, email());
		const response = authenticator.authenticate(await browser.requestOptions());
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 360_000 });
		await expectRefused(() => browser.verifyAuthentication(response), NOT_FOUND);
	});

	it.each([16, 64, 191, 192, 576, 1023])(
		"stores a credential ID of %i bytes completely or refuses it",
		async (length) => {
			const browser = site.browser();
			const userId = await browser.signUp(email());
			const authenticator = new SoftwareAuthenticator();
			const credentialId = encode(crypto.getRandomValues(new Uint8Array(length)));
			const add = () => browser.addPasskey(authenticator, { credentialId });
			if (length > longestCredentialId) {
				await expectRefused(add, TOO_LARGE);
				expect(await rows(userId)).toEqual([]);
				return;
			}
			expect(await add()).toMatchObject({ status: 200, body: { credentialID: credentialId } });
			expect(await rows(userId)).toMatchObject([{ credentialID: credentialId }]);
			await browser.signOut();
			expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
		},
	);

	it("distinguishes credential IDs that differ only in letter case", async () => {
		const authenticator = new SoftwareAuthenticator();
		const browser = site.browser();
		const userId = await browser.signUp(email());
		const credentialId = "TheSameLettersInUpperAndLowerCase_AreNotTheSame-";
		expect(await browser.addPasskey(authenticator, { credentialId })).toMatchObject({ status: 200 });
		const other = { credentialId: "tHEsAMElETTERSiNuPPERaNDlOWERcASE_aREnOTtHEsAME-" };
		await browser.signOut();
		const answer = await browser.signIn(authenticator, other);
		expect(answer).toMatchObject({ status: 401, body: { code: "PASSKEY_NOT_FOUND" } });
		expect(await sessions(userId)).toBe(0);
	});

	it("does not sign in a deleted user", async () => {
		const { browser, userId, authenticator } = await enrolled(site, email());
		await browser.signIn(authenticator);
		expect(await browser.post("/delete-user", { password: "correct horse" })).toMatchObject({ status: 200 });
		expect(await rows(userId)).toHaveLength(schemaless ? 1 : 0);
		expect(await site.browser().signIn(authenticator)).toMatchObject({ status: 401 });
		expect(await sessions(userId)).toBe(0);
	});

	describeSignUp(() => site, email);

	it("logged no error in all these tests", () => {
		expect(site.fullLog.filter((line) => line.startsWith("error"))).toEqual([]);
	});
}

export function migrations({ options: { database, advanced }, passkey: own }: Pick<Backend, "options" | "passkey">) {
	return getMigrations({ database, ...(advanced && { advanced }), plugins: [passkey(own)] });
}

/** Counts each kind of answer. */
export function tally(answers: Answer[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { status, body } of answers) {
		const answer = [status, body?.code].filter(Boolean).join(" ");
		counts[answer] = (counts[answer] ?? 0) + 1;
	}
	return counts;
}
