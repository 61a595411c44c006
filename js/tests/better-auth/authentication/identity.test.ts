import { anonymous } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { enrolled, openSite } from "../../support/site.js";

const FAILED = { status: 401, code: "AUTHENTICATION_FAILED" };
const MISMATCH = { status: 403, code: "SESSION_MISMATCH" };

describe("whose passkey it is", () => {
	it("refuses another user's passkey for a ceremony that a signed-in user began", async () => {
		const site = await openSite();
		const ada = await enrolled(site, "ada@example.com");
		const bob = await enrolled(site, "bob@example.com");
		await ada.browser.signIn(ada.authenticator);
		const options = await ada.browser.requestOptions();
		// A browser's autofill ignores the list of allowed credentials, so this reaches honest people too.
		const response = bob.authenticator.authenticate({ ...options, allowCredentials: undefined });
		await expectRefusal(site, () => ada.browser.verifyAuthentication(response), MISMATCH);
		expect(await ada.browser.session()).toMatchObject({ user: { id: ada.userId } });
	});

	it("does not say whose passkey it is to somebody who cannot use it", async () => {
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

	it("never switches a session that began after the ceremony to another user", async () => {
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

	it("does not let a ceremony of one user finish after another one signed in", async () => {
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

	it("does not let another user finish a ceremony whose user signed out meanwhile", async () => {
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

	it("lets the same user sign in again", async () => {
		const site = await openSite();
		const { browser, authenticator, userId } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("refuses a credential that was not among those allowed", async () => {
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

	it("refuses a user handle that is not the stored one", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const attempt = () => browser.signIn(authenticator, { userHandle: "AAAAAAAAAAAAAAAAAAAAAA" });
		await expectRefusal(site, attempt, { ...FAILED, reason: "USER_HANDLE_MISMATCH" });
	});

	it.each([
		["none", null],
		["an empty one", ""],
	])("accepts %s, because some authenticators send no user handle", async (_, userHandle) => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		expect(await browser.signIn(authenticator, { userHandle })).toMatchObject({ status: 200 });
	});

	it("does not check the user handle of a row of @better-auth/passkey, which stored none", async () => {
		const site = await openSite();
		const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
		await site.db.update({
			model: "passkey",
			where: [{ field: "id", value: passkeyId }],
			update: { userHandle: null },
		});
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	});

	it("lets a guest of the anonymous plugin become the owner of the passkey", async () => {
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
