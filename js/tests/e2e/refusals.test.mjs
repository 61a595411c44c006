import assert from "node:assert/strict";
import { startRelay } from "./relay.mjs";
import { browserSuite } from "./suite.mjs";

const scenario = browserSuite();
const VERIFY = "**/api/auth/passkey/verify-authentication";

scenario(
	"signs in once when the same assertion is sent twice",
	async (visitor, demo) => {
		const { page } = visitor;
		const device = await visitor.addDevice();
		const { email } = await visitor.openAccount();
		await visitor.addPasskey();
		await device.touchesItself(false);
		await visitor.signOut();
		await visitor.autofillArmed();
		await device.touchesItself(true);
		assert.equal(await demo.sessions(email), 0);

		// A copy of the browser's request arrives first; then the original continues.
		let copy;
		await page.route(VERIFY, async (route) => {
			const request = route.request();
			const { cookie, origin } = await request.allHeaders();
			copy = await fetch(request.url(), {
				method: "POST",
				headers: { cookie, origin, "content-type": "application/json" },
				body: request.postData(),
			});
			await route.continue();
		});
		const answered = page.waitForResponse(VERIFY);
		await visitor.passkeyButton().click();
		const original = await answered;

		assert.equal(copy.status, 200, "the copy is as good as the original, so it is the second one that is refused");
		assert.equal(original.status(), 400);
		assert.equal((await original.json()).code, "CHALLENGE_NOT_FOUND");
		assert.equal(original.headers()["set-cookie"]?.includes("session_token=") ?? false, false);
		await page.getByRole("alert").filter({ hasText: "This passkey request is no longer valid." }).waitFor();
		assert.equal(await demo.sessions(email), 1);
	},
	{ failures: 1 },
);

scenario(
	"refuses an assertion from another origin, even if a relay claims the right one",
	async (visitor, demo) => {
		const { page } = visitor;
		const device = await visitor.addDevice();
		const { email } = await visitor.openAccount();
		await visitor.addPasskey();
		await device.touchesItself(false);
		await visitor.signOut();
		await visitor.autofillArmed();

		// The same page at another port: same RP ID, other origin. The relay tells the
		// server that requests come from the right origin, as a phishing site would.
		const relay = await startRelay(demo.url);
		try {
			await page.goto(relay.url);
			await visitor.autofillArmed();
			await device.touchesItself(true);
			const answered = page.waitForResponse(VERIFY);
			await visitor.passkeyButton().click();
			const answer = await answered;

			const { response } = answer.request().postDataJSON();
			const clientData = JSON.parse(Buffer.from(response.response.clientDataJSON, "base64url"));
			assert.equal(clientData.origin, relay.url, "the browser signed where it was");
			// Found by its path, because the page may have requested its next challenge in the meantime.
			const told = relay.delivered.find(({ path }) => path.endsWith("/passkey/verify-authentication"));
			assert.equal(told.origin, demo.url, "the server was told otherwise");
			assert.ok(answer.status() >= 400 && answer.status() < 500, `status ${answer.status()}`);
			assert.equal((await answer.json()).code, "AUTHENTICATION_FAILED");
			await demo.logged(/ORIGIN_MISMATCH/);
			await page.getByRole("alert").filter({ hasText: "That passkey could not sign you in." }).waitFor();
			assert.equal(await demo.sessions(email), 0);

			await device.touchesItself(false);
			// The relay itself works: a password, which can be phished, signs in through it.
			await visitor.signInWithPassword(visitor.account);
			await visitor.seesAccount();
			assert.equal(await demo.sessions(email), 1);
		} finally {
			await relay.close();
		}
	},
	{ failures: 1 },
);

scenario(
	"stores no passkey that was created on another origin",
	async (visitor, demo) => {
		const { page } = visitor;
		await visitor.addDevice();
		const { email } = await visitor.openAccount();
		const relay = await startRelay(demo.url);
		try {
			// Cookies ignore ports, so the session exists there too.
			await page.goto(relay.url);
			await page.getByRole("button", { name: "Add your first passkey" }).click();
			const answered = page.waitForResponse("**/api/auth/passkey/verify-registration");
			await page.getByRole("button", { name: "Continue" }).click();
			const answer = await answered;
			assert.ok(answer.status() >= 400 && answer.status() < 500, `status ${answer.status()}`);
			assert.equal((await answer.json()).code, "FAILED_TO_VERIFY_REGISTRATION");
			await page.getByRole("alert").filter({ hasText: "The new passkey could not be verified." }).waitFor();
			const stored = await demo.rows(
				"select passkey.id from passkey join user on user.id = userId where email = ?",
				email,
			);
			assert.deepEqual(stored, []);
		} finally {
			await relay.close();
		}
	},
	{ failures: 1 },
);

scenario(
	"does not sign in with a removed passkey",
	async (visitor, demo) => {
		const { page } = visitor;
		await visitor.withoutSignals();
		const device = await visitor.addDevice();
		const { email } = await visitor.openAccount();
		await visitor.addPasskey("Lost phone");
		await page.getByRole("button", { name: "Remove Lost phone" }).click();
		await page.getByRole("button", { name: "Remove passkey" }).click();
		await page.getByRole("heading", { name: "No passkeys yet" }).waitFor();
		assert.equal((await device.passkeys()).length, 1, "the device still holds it");

		await device.touchesItself(false);
		await visitor.signOut();
		await visitor.autofillArmed();
		await device.touchesItself(true);
		const answered = page.waitForResponse(VERIFY);
		await visitor.passkeyButton().click();
		const answer = await answered;
		assert.ok(answer.status() >= 400 && answer.status() < 500, `status ${answer.status()}`);
		await page.getByRole("alert").filter({ hasText: "That passkey could not sign you in." }).waitFor();
		assert.equal(await demo.sessions(email), 0);
	},
	{ failures: 1 },
);

scenario(
	"tries a removed passkey only once when autofill offers it",
	async (visitor, demo) => {
		const { page } = visitor;
		await visitor.withoutSignals();
		const device = await visitor.addDevice();
		await visitor.openAccount();
		await visitor.addPasskey("Lost phone");
		await page.getByRole("button", { name: "Remove Lost phone" }).click();
		await page.getByRole("button", { name: "Remove passkey" }).click();
		await page.getByRole("heading", { name: "No passkeys yet" }).waitFor();
		await visitor.context.clearCookies();

		await page.goto(demo.url);
		await page.getByRole("alert").filter({ hasText: "That passkey could not sign you in." }).waitFor();
		assert.deepEqual(await visitor.mediations(), ["conditional"]);
		await device.touchesItself(false);
		await visitor.signInWithPassword(visitor.account);
		await page.getByRole("heading", { name: "No passkeys yet" }).waitFor();
	},
	{ failures: 1 },
);
