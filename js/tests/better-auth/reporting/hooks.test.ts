import { APIError } from "better-auth/api";
import { describe, expect, it } from "vitest";
import type { PasskeyCeremonyStep } from "../../../src/better-auth/options/options.js";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { type Answer, enrolled, openSite, type Site } from "../../support/site.js";

interface Failure {
	fail: () => unknown;
	/** Status and code of the refusal that the failing hook causes, for registration and for sign-in. */
	registration: [number, string];
	authentication: [number, string];
	reason: string;
}

const generic = {
	registration: [400, "FAILED_TO_VERIFY_REGISTRATION"],
	authentication: [401, "AUTHENTICATION_FAILED"],
	reason: "UNKNOWN_ERROR",
} satisfies Partial<Failure>;

const failures: [string, Failure][] = [
	[
		"throws",
		{
			...generic,
			fail: () => {
				throw new Error("the hook is down");
			},
		},
	],
	["rejects with nothing", { ...generic, fail: () => Promise.reject() }],
	[
		"throws an APIError",
		{
			fail: () => {
				throw new APIError("PAYMENT_REQUIRED", { code: "PAY_FIRST", message: "Pay first." });
			},
			registration: [402, "PAY_FIRST"],
			authentication: [402, "PAY_FIRST"],
			reason: "PAY_FIRST",
		},
	],
];

const challenges = (site: Site) => site.db.findMany({ model: "verification" });

async function expectRefused(
	site: Site,
	attempt: () => Promise<Answer>,
	[status, code]: [number, string],
	reason: string,
) {
	const stored = async () => [await site.passkeys(), await site.sessions()];
	const before = await stored();
	site.events.length = 0;
	expect(await attempt()).toMatchObject({ status, body: { code } });
	expect(await stored()).toEqual(before);
	expect(site.events).toMatchObject([{ code: reason }]);
	expect(site.log().at(-1)).toMatch(new RegExp(`refused: ${reason}\\b`));
	expect(await challenges(site)).toEqual([]);
}

describe.each(failures)("a hook that %s", (_, { fail, registration, authentication, reason }) => {
	const failAt = (step: PasskeyCeremonyStep) => async (args: { step: PasskeyCeremonyStep }) => {
		if (args.step === step) await fail();
	};

	it.each(["options", "verify"] as const)(
		"before registration, at %s, refuses the registration, and nothing is written",
		async (step) => {
			const site = await openSite({ registration: { before: failAt(step) } });
			const browser = site.browser();
			await browser.signUp("ada@example.com");
			const attempt = () =>
				step === "options"
					? browser.get("/passkey/generate-register-options")
					: browser.addPasskey(new SoftwareAuthenticator());
			await expectRefused(site, attempt, registration, reason);
			expect(site.events).toMatchObject([{ type: "passkey.registration_failed" }]);
		},
	);

	it("after the verification of a registration refuses the registration, and nothing is written", async () => {
		const afterVerification = async () => void (await fail());
		const site = await openSite({ registration: { afterVerification } });
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		await expectRefused(site, () => browser.addPasskey(new SoftwareAuthenticator()), registration, reason);
	});

	it("after registration is logged, and the passkey and the session remain", async () => {
		const site = await openSite({ registration: { after: async () => void (await fail()) } });
		const browser = site.browser();
		const userId = await browser.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator();
		const response = authenticator.register(await browser.creationOptions());
		const answer = await browser.verifyRegistration(response, { createSession: true });
		expect(answer).toMatchObject({ status: 200, body: { userId, session: { userId } } });
		expect(site.log()).toEqual(["error [passkey] registration.after failed"]);
		expect(await site.passkeys()).toHaveLength(1);
		await browser.signOut();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	});

	it.each(["options", "verify"] as const)(
		"before sign-in, at %s, refuses the sign-in, and nothing is written",
		async (step) => {
			const site = await openSite({ authentication: { before: failAt(step) } });
			const authenticator = new SoftwareAuthenticator({ counts: true });
			const { browser } = await enrolled(site, "ada@example.com", authenticator);
			const attempt = () =>
				step === "options" ? browser.get("/passkey/generate-authenticate-options") : browser.signIn(authenticator);
			await expectRefused(site, attempt, authentication, reason);
			expect(site.events).toMatchObject([{ type: "passkey.authentication_failed" }]);
		},
	);

	it("after the verification of a sign-in refuses it; the counter is recorded, but no session is created", async () => {
		const afterVerification = async () => void (await fail());
		const site = await openSite({ authentication: { afterVerification } });
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		const sessions = await site.sessions();
		const [status, code] = authentication;
		expect(await browser.signIn(authenticator)).toMatchObject({ status, body: { code } });
		expect(await site.sessions()).toEqual(sessions);
		expect(await site.passkeys()).toMatchObject([{ counter: 1, lastUsedAt: null }]);
		expect(await challenges(site)).toEqual([]);
		expect(site.events).toMatchObject([{ type: "passkey.authentication_failed", code: reason }]);
	});

	it("after sign-in is logged, and the session remains", async () => {
		const site = await openSite({ authentication: { after: async () => void (await fail()) } });
		const { browser, authenticator, userId } = await enrolled(site, "ada@example.com");
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
		expect(site.log()).toEqual(["error [passkey] authentication.after failed"]);
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
	});

	it("while it receives a rename or removal event is logged, and the change remains", async () => {
		const site = await openSite({ onEvent: async () => void (await fail()) });
		const { browser, authenticator, passkeyId: id } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		const renamed = await browser.post("/passkey/update-passkey", { id, name: "Phone" });
		expect(renamed).toMatchObject({ status: 200, body: { passkey: { name: "Phone" } } });
		expect(await browser.post("/passkey/delete-passkey", { id })).toMatchObject({ status: 200 });
		expect(await site.passkeys()).toEqual([]);
		expect(site.log().slice(-2)).toEqual([
			"error [passkey] onEvent failed for passkey.updated",
			"error [passkey] onEvent failed for passkey.deleted",
		]);
	});
});

describe("hooks that work", () => {
	it("are called in order, with the information known at each step", async () => {
		const calls: unknown[] = [];
		const site = await openSite({
			registration: {
				before: ({ step, user, context }) => void calls.push(["registration.before", step, user.name, context]),
				afterVerification: () => void calls.push("registration.afterVerification"),
				after: ({ passkey, session }) => void calls.push(["registration.after", passkey.name, session]),
			},
			authentication: {
				before: ({ step, userId }) => void calls.push(["authentication.before", step, userId]),
				afterVerification: async () => void calls.push("authentication.afterVerification"),
				after: ({ passkey, session, user }) =>
					void calls.push(["authentication.after", passkey.counter, session.userId === user.id]),
			},
			onEvent: ({ type }) => void calls.push(type),
		});
		const browser = site.browser();
		const userId = await browser.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const response = authenticator.register(await browser.creationOptions("?context=invitation"));
		await browser.verifyRegistration(response, { name: "Phone" });
		await browser.signIn(authenticator);
		expect(calls).toEqual([
			["registration.before", "options", "ada@example.com", "invitation"],
			["registration.before", "verify", "ada@example.com", "invitation"],
			"registration.afterVerification",
			"passkey.registered",
			["registration.after", "Phone", null],
			["authentication.before", "options", userId],
			["authentication.before", "verify", userId],
			"authentication.afterVerification",
			"passkey.authenticated",
			"session.created",
			["authentication.after", 1, true],
		]);
	});

	it("cannot change the owner of a passkey through their arguments", async () => {
		const mallory = ({ user }: { user: { id: string } }) => {
			user.id = other;
		};
		const site = await openSite({ registration: { before: mallory, afterVerification: mallory } });
		const other = await site.browser().signUp("mallory@example.com");
		const browser = site.browser();
		const userId = await browser.signUp("ada@example.com");
		expect(await browser.addPasskey(new SoftwareAuthenticator())).toMatchObject({ status: 200, body: { userId } });
	});

	it("cannot change the response through their arguments, and receive no user handle", async () => {
		const seen: object[] = [];
		const site = await openSite({
			registration: {
				after: ({ passkey }) => {
					seen.push({ ...passkey });
					passkey.userId = "mallory";
				},
			},
			authentication: {
				after: ({ session, user }) => {
					session.token = "mallory";
					user.email = "mallory@example.com";
				},
			},
		});
		const browser = site.browser();
		const userId = await browser.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator();
		expect(await browser.addPasskey(authenticator)).toMatchObject({ status: 200, body: { userId } });
		expect(seen[0]).not.toHaveProperty("userHandle");
		const answer = await browser.signIn(authenticator);
		expect(answer).toMatchObject({ status: 200, body: { user: { email: "ada@example.com" } } });
		expect(JSON.stringify(answer.body)).not.toContain("mallory");
	});
});
