import assert from "node:assert/strict";
import { PATIENCE_MS } from "./support.mjs";

/** The console message of Chromium for a request that fails or is refused. */
const FAILED_REQUEST = /^Failed to load resource: /;

/**
 * One person with their own browser: a page, passkey devices, and all errors that
 * the page reported.
 */
export async function visit(browser, demo) {
	const context = await browser.newContext();
	context.setDefaultTimeout(PATIENCE_MS);
	const page = await context.newPage();
	const complaints = [];
	page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
	page.on("console", (message) => {
		if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
	});
	await context.exposeFunction("reportViolation", (text) => complaints.push(text));
	await page.addInitScript(() => {
		document.addEventListener("securitypolicyviolation", (event) => {
			window.reportViolation(`content security policy: ${event.violatedDirective} ${event.blockedURI}`);
		});
		// Records the kind of each passkey request of the page: "conditional" is autofill.
		window.mediations = [];
		const get = navigator.credentials.get.bind(navigator.credentials);
		navigator.credentials.get = (options) => {
			window.mediations.push(options.mediation ?? "modal");
			return get(options);
		};
	});
	const cdp = await context.newCDPSession(page);
	await cdp.send("WebAuthn.enable", { enableUI: false });

	return {
		page,
		context,
		account: undefined,
		close: () => context.close(),

		/** Checks that the page reported only the failed requests that the test expects. */
		assertNoComplaints({ failures = 0 } = {}) {
			const failed = complaints.filter((text) => FAILED_REQUEST.test(text));
			const others = complaints.filter((text) => !FAILED_REQUEST.test(text));
			assert.deepEqual(others, []);
			assert.equal(failed.length, failures, failed.join("\n"));
		},

		/** Plugs in a device for passkeys that confirms requests by itself, unless this is turned off. */
		async addDevice(options = {}) {
			const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
				options: {
					protocol: "ctap2",
					ctap2Version: "ctap2_1",
					transport: "internal",
					hasResidentKey: true,
					hasUserVerification: true,
					isUserVerified: true,
					automaticPresenceSimulation: true,
					...options,
				},
			});
			return {
				unplug: () => cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
				touchesItself: (enabled) => cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }),
				recognises: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
				async passkeys() {
					return (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
				},
			};
		},

		/** Removes the browser's Signal API, as in browsers that do not have it. */
		withoutSignals: () =>
			page.addInitScript(() => {
				for (const name of ["signalAllAcceptedCredentials", "signalCurrentUserDetails", "signalUnknownCredential"]) {
					delete PublicKeyCredential[name];
				}
			}),

		/** Opens a new account on the page. */
		async openAccount() {
			this.account = await demo.createAccount();
			await context.addCookies([{ ...this.account.cookie, url: demo.url, httpOnly: true, sameSite: "Lax" }]);
			await page.goto(demo.url);
			await page.getByRole("heading", { name: "No passkeys yet" }).waitFor();
			return this.account;
		},

		async addPasskey(name = "") {
			await page.getByRole("button", { name: /^Add (a|your first) passkey$/ }).click();
			const dialog = page.getByRole("dialog");
			await dialog.getByLabel("Name").fill(name);
			await dialog.getByRole("button", { name: "Continue" }).click();
			await page.getByRole("status").filter({ hasText: "Passkey added." }).waitFor();
		},

		async signOut() {
			await page.getByRole("button", { name: "Sign out" }).click();
			await page.getByRole("heading", { name: "Sign in" }).waitFor();
		},

		async signInWithPassword({ email, password }) {
			const form = page.getByRole("region", { name: "Sign in" });
			await form.getByLabel("E-mail").fill(email);
			await form.getByLabel("Password").fill(password);
			await form.getByRole("button", { name: "Sign in with password" }).click();
		},

		passkeyButton: () => page.getByRole("button", { name: "Sign in with a passkey" }),

		/** The text of the rows in the list. */
		passkeyRow: (title) =>
			page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, exact: true }) }),

		/** Waits for the account page. */
		async seesAccount() {
			await page.getByRole("heading", { name: "Passkeys", exact: true }).waitFor();
			await page.getByRole("listitem").first().waitFor();
		},

		/** The kinds of passkey requests made since the page was loaded. */
		mediations: () => page.evaluate(() => window.mediations),

		/** Waits until autofill is waiting for a choice. */
		autofillArmed: () => page.waitForFunction(() => window.mediations.at(-1) === "conditional"),
	};
}
