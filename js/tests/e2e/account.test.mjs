import assert from "node:assert/strict";
import { Caller } from "./caller.mjs";
import { SoftwareAuthenticator } from "./software-authenticator.mjs";
import { browserSuite } from "./suite.mjs";
import { newAccount } from "./support.mjs";

const scenario = browserSuite();

scenario(
	"creates an account with e-mail and password and signs in with them again",
	async (visitor, demo) => {
		const { page } = visitor;
		const account = newAccount();
		await page.goto(demo.url);
		await page.getByRole("link", { name: "Create an account" }).click();
		const form = page.getByRole("region", { name: "Create an account" });
		await form.getByRole("button", { name: "Create account", exact: true }).click();
		await form.getByText("Enter a name.").waitFor();
		await form.getByLabel("Name").fill(account.name);
		await form.getByLabel("E-mail").fill(account.email);
		await form.getByLabel("Password").fill("short");
		await form.getByRole("button", { name: "Create account", exact: true }).click();
		await form.getByText("Use at least 8 characters.").waitFor();
		await form.getByLabel("Password").fill(account.password);
		await form.getByRole("button", { name: "Create account", exact: true }).click();
		await page.getByRole("heading", { name: "No passkeys yet" }).waitFor();
		assert.equal(await page.locator("#account-email").textContent(), account.email);

		await visitor.signOut();
		assert.equal(await demo.sessions(account.email), 0);
		await visitor.signInWithPassword({ ...account, password: "not the password" });
		await page.getByRole("alert").filter({ hasText: "E-mail and password do not match." }).waitFor();
		assert.equal(await demo.sessions(account.email), 0);

		await visitor.signInWithPassword(account);
		await page.getByRole("heading", { name: "No passkeys yet" }).waitFor();
		assert.equal(await demo.sessions(account.email), 1);
	},
	{ failures: 1 },
);

scenario(
	"creates an account with only a passkey, which signs in and cannot be removed",
	async (visitor, demo) => {
		const { page } = visitor;
		const device = await visitor.addDevice();
		const users = async () => (await demo.rows("select id from user")).length;
		const before = await users();
		await page.goto(demo.url);
		await page.getByRole("link", { name: "Create an account" }).click();
		const form = page.getByRole("region", { name: "Create an account" });
		await form.getByRole("button", { name: "Create account with a passkey" }).click();
		await form.getByText("Enter a name.").waitFor();
		assert.equal(await users(), before);
		await form.getByLabel("Name").fill("Ada");
		await form.getByRole("button", { name: "Create account with a passkey" }).click();
		await visitor.seesAccount();
		assert.equal(await page.locator("#account-name").textContent(), "Ada");
		assert.equal(await page.locator("#account-email").textContent(), "None");
		const [credential, ...others] = await device.passkeys();
		assert.deepEqual(others, []);
		assert.equal(credential.isResidentCredential, true);

		await page
			.getByRole("listitem")
			.getByRole("button", { name: /^Remove/ })
			.click();
		await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
		await page.getByRole("alert").filter({ hasText: "Add another one first." }).waitFor();
		await page.getByRole("alertdialog").getByRole("button", { name: "Keep it" }).click();

		await device.touchesItself(false);
		await visitor.signOut();
		await visitor.autofillArmed();
		await device.touchesItself(true);
		await visitor.passkeyButton().click();
		await visitor.seesAccount();
		assert.equal(await users(), before + 1);
	},
	{ failures: 1 },
);

scenario("adds a passkey with a chosen name and signs in with it by the button", async (visitor, demo) => {
	const { page } = visitor;
	const device = await visitor.addDevice();
	const { email } = await visitor.openAccount();
	await visitor.addPasskey("Work laptop");
	const row = visitor.passkeyRow("Work laptop");
	assert.match(await row.innerText(), /Built-in authenticator · Stays on one device/);
	assert.match(await row.innerText(), /Added just now/);
	assert.match(await row.innerText(), /Not used yet/);

	// Autofill would use a passkey that needs no touch before the button is pressed.
	await device.touchesItself(false);
	await visitor.signOut();
	await visitor.autofillArmed();
	assert.equal(await demo.sessions(email), 0);
	await device.touchesItself(true);
	await visitor.passkeyButton().click();
	await visitor.seesAccount();

	assert.deepEqual(await visitor.mediations(), ["conditional", "modal"]);
	assert.equal(await demo.sessions(email), 1);
	assert.match(await row.innerText(), /Last used just now/);
	await page.reload();
	await visitor.seesAccount();
});

scenario("signs in by the browser's autofill without a click", async (visitor, demo) => {
	const { page } = visitor;
	await visitor.addDevice();
	const { email } = await visitor.openAccount();
	await visitor.addPasskey();
	await visitor.context.clearCookies();
	await page.goto(demo.url);
	await visitor.seesAccount();
	assert.deepEqual(await visitor.mediations(), ["conditional"]);
	assert.equal(await demo.sessions(email), 2, "one from signing up, one from autofill");
	assert.match(await page.getByRole("listitem").innerText(), /Last used just now/);
});

scenario("arms autofill on the e-mail field", async (visitor, demo) => {
	const { page } = visitor;
	await visitor.addDevice();
	await page.goto(demo.url);
	const field = page.getByRole("region", { name: "Sign in" }).getByLabel("E-mail");
	assert.equal(await field.getAttribute("autocomplete"), "username webauthn");
	await visitor.autofillArmed();
});

scenario("names a passkey after its authenticator's model", async (visitor, demo) => {
	const { page } = visitor;
	const account = await visitor.openAccount();
	const caller = new Caller(demo.url);
	assert.equal((await caller.post("sign-in/email", account)).status, 200);
	const models = {
		"1Password": "bada5566-a7aa-401f-bd96-45619a55120d",
		"Windows Hello": "08987058-cadc-4b81-b6e1-30de50dcbe96",
	};
	for (const aaguid of Object.values(models)) {
		await caller.register(new SoftwareAuthenticator({ origin: demo.url, aaguid }));
	}
	await page.reload();
	for (const model of Object.keys(models)) await visitor.passkeyRow(model).waitFor();
	assert.equal(await page.getByRole("listitem").count(), 2);
});

scenario("renames a passkey in place with the keyboard", async (visitor, demo) => {
	const { page } = visitor;
	await visitor.addDevice();
	await visitor.openAccount();
	await visitor.addPasskey("Old name");
	const rename = (name) => page.getByRole("button", { name: `Rename ${name}` });
	const field = page.getByLabel("Name of this passkey");

	await rename("Old name").press("Enter");
	await page.keyboard.type("Not kept");
	await page.keyboard.press("Escape");
	await isFocused(rename("Old name"));

	await rename("Old name").press("Enter");
	assert.equal(await field.inputValue(), "Old name");
	await field.fill("  ");
	await page.keyboard.press("Enter");
	await page.getByText("Enter a name.").waitFor();
	await field.fill("Kitchen tablet");
	await page.keyboard.press("Enter");
	await isFocused(rename("Kitchen tablet"));
	await page.getByRole("status").filter({ hasText: "Renamed." }).waitFor();

	await page.reload();
	await visitor.passkeyRow("Kitchen tablet").waitFor();
	assert.equal(await visitor.passkeyRow("Old name").count(), 0);
	const rows = await demo.rows(
		"select passkey.name from passkey join user on user.id = userId where email = ?",
		visitor.account.email,
	);
	assert.deepEqual(
		rows.map((row) => row.name),
		["Kitchen tablet"],
	);
});

scenario("removes a passkey only after confirmation", async (visitor, demo) => {
	const { page } = visitor;
	await visitor.addDevice();
	const { email } = await visitor.openAccount();
	await visitor.addPasskey("Old phone");
	const stored = async () =>
		(await demo.rows("select passkey.id from passkey join user on user.id = userId where email = ?", email)).length;
	const dialog = page.getByRole("alertdialog", { name: "Remove “Old phone”?" });

	await page.getByRole("button", { name: "Remove Old phone" }).click();
	await isFocused(dialog.getByRole("button", { name: "Keep it" }));
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "hidden" });
	await isFocused(page.getByRole("button", { name: "Remove Old phone" }));
	assert.equal(await stored(), 1);

	await page.getByRole("button", { name: "Remove Old phone" }).click();
	await dialog.getByRole("button", { name: "Remove passkey" }).click();
	await page.getByRole("heading", { name: "No passkeys yet" }).waitFor();
	await isFocused(page.getByRole("heading", { name: "Passkeys", exact: true }));
	assert.equal(await stored(), 0);
});

scenario("signs in with a second passkey of the same account", async (visitor, demo) => {
	const first = await visitor.addDevice();
	const { email } = await visitor.openAccount();
	await visitor.addPasskey("First");
	await first.unplug();
	await visitor.addDevice({ transport: "usb" });
	await visitor.addPasskey("Second");
	assert.match(await visitor.passkeyRow("Second").innerText(), /Security key/);

	await visitor.signOut();
	await visitor.passkeyButton().click();
	await visitor.seesAccount();
	assert.equal(await demo.sessions(email), 1);
	assert.match(await visitor.passkeyRow("Second").innerText(), /Last used just now/);
	assert.match(await visitor.passkeyRow("First").innerText(), /Not used yet/);
});

scenario("says that a device already holds a passkey of the account", async (visitor) => {
	const { page } = visitor;
	const device = await visitor.addDevice();
	await visitor.openAccount();
	await visitor.addPasskey("Only one");
	await page.getByRole("button", { name: "Add a passkey" }).click();
	await page.getByRole("button", { name: "Continue" }).click();
	await page.getByRole("alert").filter({ hasText: "This device already holds a passkey for your account." }).waitFor();
	await page.getByRole("button", { name: "Cancel" }).click();
	assert.equal(await page.getByRole("listitem").count(), 1);
	assert.equal((await device.passkeys()).length, 1);
});

scenario("stays usable after a cancelled passkey request, and shows no error", async (visitor, demo) => {
	const { page } = visitor;
	const device = await visitor.addDevice();
	const { email } = await visitor.openAccount();

	await device.recognises(false);
	await page.getByRole("button", { name: "Add your first passkey" }).click();
	await page.getByRole("button", { name: "Continue" }).click();
	await page.getByRole("status").filter({ hasText: "No passkey was added." }).waitFor();
	assert.equal(await page.getByRole("alert").count(), 0);
	await device.recognises(true);
	await page.getByRole("button", { name: "Continue" }).click();
	await visitor.seesAccount();

	await device.recognises(false);
	await visitor.signOut();
	await visitor.passkeyButton().click();
	await page
		.getByRole("status")
		.filter({ hasText: "You are not signed in: the passkey request was closed." })
		.waitFor();
	assert.equal(await page.getByRole("alert").count(), 0);
	assert.equal(await demo.sessions(email), 0);
	await device.recognises(true);
	await visitor.passkeyButton().click();
	await visitor.seesAccount();
});

scenario(
	"says that the server cannot be reached, and works again afterwards",
	async (visitor) => {
		const { page } = visitor;
		const account = await visitor.openAccount();
		await visitor.signOut();
		await page.route("**/api/auth/**", (route) => route.abort());
		await visitor.signInWithPassword(account);
		await page.getByRole("alert").filter({ hasText: "The server cannot be reached." }).waitFor();
		await visitor.passkeyButton().click();
		await page.getByRole("alert").filter({ hasText: "The server cannot be reached." }).waitFor();
		await page.unroute("**/api/auth/**");
		await visitor.signInWithPassword(account);
		await page.getByRole("heading", { name: "No passkeys yet" }).waitFor();
	},
	{ failures: 2 },
);

scenario("gives every control a name and every view a heading that takes the focus", async (visitor, demo) => {
	const { page } = visitor;
	await visitor.addDevice();
	await page.goto(`${demo.url}/#create-account`);
	await page.getByRole("heading", { name: "Create an account" }).waitFor();
	assert.deepEqual(await namelessControls(page), []);
	await page.getByRole("link", { name: "Sign in", exact: true }).click();
	await isFocused(page.getByRole("heading", { name: "Sign in" }));
	assert.deepEqual(await namelessControls(page), []);
	await visitor.openAccount();
	await page.getByRole("button", { name: "Add your first passkey" }).click();
	await isFocused(page.getByRole("dialog").getByLabel("Name"));
	assert.deepEqual(await namelessControls(page), []);
	await page.keyboard.press("Escape");
	await isFocused(page.getByRole("button", { name: "Add your first passkey" }));
	await visitor.addPasskey();
	await isFocused(page.getByRole("button", { name: "Rename Built-in authenticator" }));
	await page.keyboard.press("Enter");
	await isFocused(page.getByLabel("Name of this passkey"));
	assert.deepEqual(await namelessControls(page), []);
});

scenario("restricts the page to its own files", async (visitor, demo) => {
	await visitor.addDevice();
	const requests = [];
	visitor.page.on("request", (request) => requests.push(new URL(request.url()).origin));
	const answer = await visitor.page.goto(demo.url);
	await visitor.autofillArmed();
	const policy = answer.headers()["content-security-policy"];
	for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"]) {
		assert.ok(policy.includes(part), part);
	}
	assert.doesNotMatch(policy, /unsafe|\*|https?:|data:/);
	assert.deepEqual(new Set(requests), new Set([demo.url]));
});

/** Waits until the element has the focus. */
async function isFocused(locator) {
	const element = await locator.elementHandle();
	await locator.page().waitForFunction((expected) => document.activeElement === expected, element);
}

/** The visible controls without an accessible name. */
function namelessControls(page) {
	return page.evaluate(() =>
		[...document.querySelectorAll("button, input, a")]
			.filter((element) => element.checkVisibility())
			.filter((element) => !(element.ariaLabel || element.labels?.[0]?.textContent || element.textContent.trim()))
			.map((element) => element.outerHTML),
	);
}
