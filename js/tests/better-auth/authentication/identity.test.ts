import { anonymous } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { enrolled, openSite } from "../../support/site.js";

const FAILED = { status: 401, code: "AUTHENTICATION_FAILED" };
const MISMATCH = { status: 403, code: "SESSION_MISMATCH" };

describe("the owner of a passkey", () => {
	it("must be the signed-in user who began the ceremony", async () => {
		const site = await openSite();
		const ada = await enrolled(site, "ada@example.com");
		const bob = await enrolled(site, "bob@example.com");
		await ada.browser.signIn(ada.authenticator);
		const options = await ada.browser.requestOptions();
		// Autofill in browsers ignores the list of allowed credentials, so honest users can also reach this case.
		const response = bob.authenticator.authenticate({ ...options, allowCredentials: undefined });
		await expectRefusal(site, () => ada.browser.verifyAuthentication(response), MISMATCH);
		expect(await ada.browser.session()).toMatchObject({ user: { id: ada.userId } });
	});

	it("is not revealed to a caller who cannot use the passkey", async () => {
		const site = await openSite();
		const ada = await enrolled(site, "ada@example.com");
		const bob = await enrolled(site, "bob@example.com");
		await ada.browser.signIn(ada.authenticator);
		const options = await ada.browser.requestOptions();
		const credentialId = bob.authenticator.credentials[0]?.id ?? "";
		const forged = ada.authenticator.authenticate(options, { credentialId });
		await expectRefusal(site, () => ada.browser.verifyAuthentication(forged), {
			...FAILED,
			reason: "USER_HANDLE_MISMATCH",
		});
		const silent = await ada.browser.requestOptions();
		const unsigned = ada.authenticator.authenticate(silent, { credentialId, userHandle: null });
		await expectRefusal(site, () => ada.browser.verifyAuthentication(unsigned), {
			...FAILED,
			reason: "SIGNATURE_INVALID",
		});
	});

	it("does not replace another user in a session that began after the ceremony", async () => {
		const site = await openSite();
		const ada = await enrolled(site, "ada@example.com");
		const bob = await enrolled(site, "bob@example.com");
		const { browser } = ada;
		const challenge = browser.copy();
		const response = bob.authenticator.authenticate(await challenge.requestOptions());
		await browser.signIn(ada.authenticator);
		for (const [name, value] of challenge.cookies) browser.cookies.set(name, value);
		await expectRefusal(site, () => browser.verifyAuthentication(response), MISMATCH);
		expect(await browser.session()).toMatchObject({ user: { id: ada.userId } });
	});

	it("cannot finish a ceremony after another user has signed in", async () => {
		const site = await openSite();
		const ada = await enrolled(site, "ada@example.com");
		const bob = await enrolled(site, "bob@example.com");
		const { browser } = ada;
		await browser.signIn(ada.authenticator);
		const response = ada.authenticator.authenticate(await browser.requestOptions());
		const challenge = browser.copy().cookies;
		await browser.signOut();
		await browser.signIn(bob.authenticator);
		browser.cookies.set("better-auth.better-auth-passkey", challenge.get("better-auth.better-auth-passkey") ?? "");
		await expectRefusal(site, () => browser.verifyAuthentication(response), MISMATCH);
	});

	it("cannot finish a ceremony that another user began before signing out", async () => {
		const site = await openSite();
		const ada = await enrolled(site, "ada@example.com");
		const bob = await enrolled(site, "bob@example.com");
		const { browser } = ada;
		await browser.signIn(ada.authenticator);
		const options = await browser.requestOptions();
		const response = bob.authenticator.authenticate({ ...options, allowCredentials: undefined });
		browser.cookies.delete("better-auth.session_token");
		await expectRefusal(site, () => browser.verifyAuthentication(response), MISMATCH);
	});

	it("can sign in again while signed in", async () => {
		const site = await openSite();
		const { browser, authenticator, userId } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("cannot use a credential that is not in allowCredentials", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		const options = await browser.requestOptions();
		const later = new SoftwareAuthenticator();
		const elsewhere = browser.copy();
		await elsewhere.addPasskey(later);
		const response = later.authenticate({ ...options, allowCredentials: undefined });
		await expectRefusal(site, () => browser.verifyAuthentication(response), {
			...FAILED,
			reason: "CREDENTIAL_ID_FORBIDDEN",
		});
	});

	it("cannot sign in with a user handle that differs from the stored one", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempt = () => browser.signIn(authenticator, { userHandle: "AAAAAAAAAAAAAAAAAAAAAA" });
		await expectRefusal(site, attempt, { ...FAILED, reason: "USER_HANDLE_MISMATCH" });
	});

	it.each([
		["no user handle", null],
		["an empty user handle", ""],
	])("can sign in with %s, because some authenticators send no user handle", async (_, userHandle) => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		expect(await browser.signIn(authenticator, { userHandle })).toMatchObject({ status: 200 });
	});

	it("signs in with any user handle if the row is of @better-auth/passkey, which stored none", async () => {
		const site = await openSite();
		const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
		await site.db.update({
			model: "passkey",
			where: [{ field: "id", value: passkeyId }],
			update: { userHandle: null },
		});
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	});

	it("can sign in while a guest of the anonymous plugin is signed in", async () => {
		const linked: string[] = [];
		const guests = anonymous({ onLinkAccount: async ({ newUser }) => void linked.push(newUser.user.id) });
		const site = await openSite({}, { plugins: [guests] });
		const { userId, authenticator } = await enrolled(site, "ada@example.com");
		const browser = site.browser();
		await browser.post("/sign-in/anonymous", {});
		expect(await browser.session()).not.toBeNull();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
		expect(linked).toEqual([userId]);
	});
});
