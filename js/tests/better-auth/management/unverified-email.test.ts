import { emailOTP, magicLink } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import type { PasskeyOptions } from "../../../src/better-auth/options/options.js";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { type Browser, openSite } from "../../support/site.js";

const EMAIL = "ada@example.com";
const UNKNOWN = { status: 401, body: { code: "PASSKEY_NOT_FOUND" } };

/** A site that sends links and codes, and an account whose creator has not proved that the address is theirs. */
async function planted(options: PasskeyOptions = {}) {
	let token = "";
	let code = "";
	const sendMagicLink = async (mail: { token: string }) => {
		token = mail.token;
	};
	const sendVerificationOTP = async (mail: { otp: string }) => {
		code = mail.otp;
	};
	const site = await openSite(options, { plugins: [magicLink({ sendMagicLink }), emailOTP({ sendVerificationOTP })] });
	const mallory = site.browser();
	const userId = await mallory.signUp(EMAIL);
	const authenticator = new SoftwareAuthenticator();
	const passkeyId = String((await mallory.addPasskey(authenticator)).body.id);
	const byLink = async (browser: Browser) => {
		await browser.post("/sign-in/magic-link", { email: EMAIL });
		return browser.get(`/magic-link/verify?token=${token}`);
	};
	const byCode = async (browser: Browser) => {
		await browser.post("/email-otp/send-verification-otp", { email: EMAIL, type: "sign-in" });
		return browser.post("/sign-in/email-otp", { email: EMAIL, otp: code });
	};
	site.events.length = 0;
	return { site, mallory, userId, authenticator, passkeyId, byLink, byCode };
}

describe.each(["byLink", "byCode"] as const)("the owner of an address who signs in %s", (come) => {
	it("takes over the account, and the passkeys that were planted before are revoked", async () => {
		const { site, userId, authenticator, passkeyId, [come]: prove } = await planted();
		const ada = site.browser();
		expect(await prove(ada)).toMatchObject({ status: 200, body: { user: { id: userId, emailVerified: true } } });
		expect(site.events).toEqual([{ type: "passkey.revoked", userId, passkeyId, reason: "unproven" }]);
		expect(await site.browser().signIn(authenticator)).toMatchObject(UNKNOWN);
		expect(await ada.session()).toMatchObject({ user: { id: userId } });
	});

	it("takes over the account without a passkey that is being added at the same moment", async () => {
		let meanwhile = async () => {};
		const { site, mallory, [come]: prove } = await planted({ registration: { afterVerification: () => meanwhile() } });
		meanwhile = async () => void (await prove(site.browser()));
		const late = new SoftwareAuthenticator();
		const options = { ...(await mallory.creationOptions()), excludeCredentials: [] };
		const answer = await mallory.verifyRegistration(late.register(options), { createSession: true });
		expect(answer).toMatchObject({ status: 401, body: { code: "SESSION_REQUIRED" } });
		expect(await mallory.session()).toBeNull();
		expect(await site.passkeys()).toMatchObject([{ revokedReason: "unproven" }]);
	});

	it("keeps the passkeys that were added after the proof", async () => {
		const { site, userId, [come]: prove } = await planted();
		const ada = site.browser();
		await prove(ada);
		const own = new SoftwareAuthenticator();
		await ada.addPasskey(own);
		expect(await prove(site.browser())).toMatchObject({ status: 200 });
		expect(await site.browser().signIn(own)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("gets no session if the passkeys cannot be revoked, and takes over the account at the next attempt", async () => {
		const { site, authenticator, [come]: prove } = await planted();
		const { adapter } = await site.auth.$context;
		const increment = adapter.incrementOne;
		adapter.incrementOne = () => Promise.reject(new Error("the disk is broken"));
		const ada = site.browser();
		expect((await prove(ada)).status).toBe(500);
		expect(await ada.session()).toBeNull();
		adapter.incrementOne = increment;
		expect(await prove(ada)).toMatchObject({ status: 200 });
		expect(await site.browser().signIn(authenticator)).toMatchObject(UNKNOWN);
	});
});
