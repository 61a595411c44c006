import { APIError } from "better-auth/api";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { enrolled, openSite } from "../../support/site.js";

const FAILED = { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION" };
const INVALID = { status: 400, code: "RESOLVED_USER_INVALID" };

describe("registration without a session", () => {
	it("is refused unless the site resolves the user", async () => {
		const site = await openSite({ registration: { requireSession: false } });
		const answer = await site.browser().get("/passkey/generate-register-options");
		expect(answer).toMatchObject({ status: 400, body: { code: "RESOLVE_USER_REQUIRED" } });
	});

	it("signs in the user that the site creates after verification", async () => {
		const site = await openSite({
			registration: {
				requireSession: false,
				resolveUser: ({ context }) => ({ id: "not yet", name: `${context}` }),
				afterVerification: async ({ ctx, user }) => {
					const created = await ctx.context.internalAdapter.createUser({ email: user.name, name: user.name }, {
						method: "passkey",
					} as never);
					return { userId: created.id, name: "First" };
				},
			},
		});
		const browser = site.browser();
		const authenticator = new SoftwareAuthenticator();
		const options = await browser.creationOptions("?context=new@example.com");
		expect(options.user).toMatchObject({ name: "new@example.com", displayName: "new@example.com" });
		const answer = await browser.verifyRegistration(authenticator.register(options), { createSession: true });
		expect(answer).toMatchObject({ status: 200, body: { name: "First", user: { email: "new@example.com" } } });
		const userId = (answer.body as unknown as { userId: string }).userId;
		expect(await browser.session()).toMatchObject({ user: { id: userId } });
		await browser.signOut();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("does not reveal the passkeys or the user handle of the resolved user to an anonymous caller", async () => {
		let userId = "";
		const site = await openSite({
			registration: { requireSession: false, resolveUser: () => ({ id: userId, name: "ada@example.com" }) },
		});
		const ada = await enrolled(site, "ada@example.com");
		userId = ada.userId;
		const options = await site.browser().creationOptions();
		expect(options.excludeCredentials).toEqual([]);
		expect(options.user.id).not.toBe(ada.authenticator.credentials[0]?.userHandle);
	});

	it("refuses a resolved user that does not exist or has no id or name", async () => {
		const answers = [
			{ id: "nobody", name: "nobody" },
			{ id: "", name: "x" },
			{ id: "x", name: "" },
		];
		const site = await openSite({
			registration: { requireSession: false, resolveUser: () => answers.shift() ?? { id: "", name: "" } },
		});
		const browser = site.browser();
		await expectRefusal(site, () => browser.addPasskey(new SoftwareAuthenticator()), INVALID);
		for (let index = 0; index < 2; index++) {
			expect(await browser.get("/passkey/generate-register-options")).toMatchObject({
				status: 400,
				body: { code: INVALID.code },
			});
		}
	});

	it("is for the signed-in user if there is one, and does not call resolveUser", async () => {
		const site = await openSite({
			registration: { requireSession: false, resolveUser: () => ({ id: "other", name: "other" }) },
		});
		const { browser, userId, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		expect((await browser.creationOptions()).user.name).toBe("ada@example.com");
		expect(await browser.addPasskey(new SoftwareAuthenticator())).toMatchObject({ status: 200, body: { userId } });
	});

	it("does not finish if the user signed out or another user signed in during the ceremony", async () => {
		const site = await openSite({
			registration: { requireSession: false, resolveUser: () => ({ id: "other", name: "other" }) },
		});
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		const first = new SoftwareAuthenticator().register(await browser.creationOptions());
		browser.cookies.delete("better-auth.session_token");
		await expectRefusal(site, () => browser.verifyRegistration(first), { status: 401, code: "SESSION_REQUIRED" });
		await browser.signIn(authenticator);
		const second = new SoftwareAuthenticator().register(await browser.creationOptions());
		const bob = site.browser();
		await bob.signUp("bob@example.com");
		browser.cookies.set("better-auth.session_token", bob.cookies.get("better-auth.session_token") ?? "");
		await expectRefusal(site, () => browser.verifyRegistration(second), {
			status: 401,
			code: "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY",
		});
	});
});

describe("createSession", () => {
	it("signs in with a new passkey only if the registration meets the requirements of a sign-in", async () => {
		const site = await openSite({ authenticatorSelection: { userVerification: "preferred" } });
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator({ userVerified: false });
		const weak = authenticator.register(await browser.creationOptions());
		await expectRefusal(site, () => browser.verifyRegistration(weak, { createSession: true }), {
			...FAILED,
			reason: "USER_VERIFICATION_MISSING",
		});
		const same = authenticator.register({ ...(await browser.creationOptions()), excludeCredentials: [] });
		expect(await browser.verifyRegistration(same)).toMatchObject({ status: 200 });
	});

	it("does not keep the passkey when the session is refused", async () => {
		const create = {
			before: async () => {
				if (banned) throw new APIError("FORBIDDEN", { code: "BANNED_USER", message: "banned" });
			},
		};
		let banned = false;
		const site = await openSite({}, { databaseHooks: { session: { create } } });
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		banned = true;
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const answer = await browser.verifyRegistration(response, { createSession: true });
		expect(answer).toMatchObject({ status: 403, body: { code: "BANNED_USER" } });
		expect(await site.passkeys()).toEqual([]);
		expect(site.events).toMatchObject([{ type: "passkey.registration_failed", code: "BANNED_USER" }]);
	});
});
