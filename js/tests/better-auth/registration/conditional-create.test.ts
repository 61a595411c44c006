import { describe, expect, it } from "vitest";
import type { PasskeyOptions } from "../../../src/better-auth/options/options.js";
import { type Deviations, SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { type Browser, openSite } from "../../support/site.js";

const FAILED = { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION" };
/** The deviation of password managers that create a passkey without a prompt. */
const UNATTENDED: Deviations = { userPresent: false, userVerified: false };

async function signedUp(options: PasskeyOptions = {}) {
	const site = await openSite(options);
	const browser = site.browser();
	const userId = await browser.signUp("ada@example.com");
	return { site, browser, userId };
}

async function upgrade(browser: Browser, authenticator = new SoftwareAuthenticator(), more = {}) {
	const options = await browser.creationOptions("?mediation=conditional");
	return browser.verifyRegistration(authenticator.register(options, UNATTENDED), more);
}

describe("conditional create", () => {
	it("adds a passkey without a prompt, by GET and by POST, and it signs in with user verification", async () => {
		const { site, browser, userId } = await signedUp();
		const authenticator = new SoftwareAuthenticator();
		expect(await upgrade(browser, authenticator)).toMatchObject({ status: 200, body: { userId } });
		const { body } = await browser.post("/passkey/generate-register-options", { mediation: "conditional" });
		const { ceremonyId, ...options } = body as unknown as Awaited<ReturnType<Browser["creationOptions"]>>;
		const response = new SoftwareAuthenticator().register(options, UNATTENDED);
		expect(await browser.verifyRegistration(response, { ceremonyId })).toMatchObject({ status: 200, body: { userId } });
		await browser.signOut();
		await expectRefusal(site, () => browser.signIn(authenticator, { userVerified: false }), {
			status: 401,
			code: "AUTHENTICATION_FAILED",
			reason: "USER_VERIFICATION_MISSING",
		});
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it.each([
		["required", "preferred"],
		["preferred", "preferred"],
		["discouraged", "discouraged"],
	] as const)("when user verification is %s asks for it as %s", async (userVerification, asked) => {
		const { browser } = await signedUp({ authenticatorSelection: { userVerification } });
		const options = await browser.creationOptions("?mediation=conditional");
		expect(options.authenticatorSelection).toMatchObject({ userVerification: asked, residentKey: "preferred" });
		expect((await browser.creationOptions()).authenticatorSelection).toMatchObject({ userVerification });
	});

	it("must be named when the options are requested; only then may user presence be missing", async () => {
		const { site, browser } = await signedUp();
		const response = new SoftwareAuthenticator().register(await browser.creationOptions(), {
			...UNATTENDED,
			userVerified: true,
		});
		const attempt = () => browser.verifyRegistration(response, { mediation: "conditional" });
		await expectRefusal(site, attempt, { ...FAILED, reason: "USER_PRESENCE_MISSING" });
	});

	it("has a challenge that no other ceremony of the same browser accepts", async () => {
		const { site, browser } = await signedUp();
		const conditional = await browser.creationOptions("?mediation=conditional");
		const { ceremonyId, ...options } = await browser.creationOptions();
		const ofConditional = { ...options, challenge: conditional.challenge };
		const response = new SoftwareAuthenticator().register(ofConditional, UNATTENDED);
		await expectRefusal(site, () => browser.verifyRegistration(response, { ceremonyId }), {
			...FAILED,
			reason: "CHALLENGE_MISMATCH",
		});
	});

	it("creates no session, even for a response with user presence and user verification", async () => {
		const { site, browser } = await signedUp({ authentication: { userVerification: "discouraged" } });
		const attended = new SoftwareAuthenticator().register(await browser.creationOptions("?mediation=conditional"));
		await expectRefusal(site, () => browser.verifyRegistration(attended, { createSession: true }), {
			...FAILED,
			reason: "USER_PRESENCE_MISSING",
		});
		await expectRefusal(site, () => upgrade(browser, undefined, { createSession: true }), {
			...FAILED,
			reason: "USER_PRESENCE_MISSING",
		});
	});

	it("requires a signed-in user, regardless of resolveUser", async () => {
		const site = await openSite({
			registration: { requireSession: false, resolveUser: () => ({ id: "id", name: "ada@example.com" }) },
		});
		const attempt = () => site.browser().get("/passkey/generate-register-options?mediation=conditional");
		await expectRefusal(site, attempt, { status: 401, code: "SESSION_REQUIRED" });
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
	});

	it("excludes the user's passkeys, so that a password manager creates only one", async () => {
		const { browser } = await signedUp();
		const authenticator = new SoftwareAuthenticator();
		await upgrade(browser, authenticator);
		const again = await browser.creationOptions("?mediation=conditional");
		expect(again.excludeCredentials).toMatchObject([{ id: authenticator.credentials[0]?.id }]);
		expect(() => authenticator.register(again)).toThrow(/excluded/);
	});

	it("can be recognized and refused by the site's hook", async () => {
		const seen: unknown[] = [];
		const { site, browser } = await signedUp({
			registration: {
				before: async ({ step, mediation }) => {
					seen.push([step, mediation]);
					if (mediation) throw new Error("not here");
				},
			},
		});
		await browser.addPasskey(new SoftwareAuthenticator());
		const attempt = () => browser.get("/passkey/generate-register-options?mediation=conditional");
		await expectRefusal(site, attempt, { ...FAILED, reason: "UNKNOWN_ERROR" });
		expect(seen).toEqual([
			["options", null],
			["verify", null],
			["options", "conditional"],
		]);
	});

	it.each(["silent", "optional", "required", "CONDITIONAL", ""])("is not requested with %j", async (mediation) => {
		const { browser } = await signedUp();
		const answer = await browser.get(`/passkey/generate-register-options?mediation=${mediation}`);
		expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_ERROR" } });
	});
});
