import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { browserSuite } from "./suite.mjs";
import { until } from "./support.mjs";

const js = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(`${js}package.json`);
const scenario = browserSuite();

/** The client as an application would bundle it, added to a page next to the demo's own. */
const client = require("esbuild").buildSync({
	stdin: {
		contents: `
			import { createAuthClient } from "better-auth/client";
			import { passkeyClient } from "touchstone-webauthn/better-auth/client";
			globalThis.authClient = createAuthClient({ plugins: [passkeyClient()] });
		`,
		resolveDir: js,
	},
	bundle: true,
	format: "iife",
	write: false,
	tsconfigRaw: {},
}).outputFiles[0].text;

/** Opens an account on a page that has the client. */
async function openAccount(visitor) {
	const account = await visitor.openAccount();
	await visitor.page.evaluate(client);
	return account;
}

scenario("derives secrets, stores a blob, and tells the server nothing of either but flags", async (visitor) => {
	const { page } = visitor;
	await visitor.addDevice({ hasPrf: true, hasLargeBlob: true });
	await openAccount(visitor);
	const sent = [];
	page.on("request", (request) => {
		if (request.url().includes("/passkey/verify-")) sent.push(request.postDataJSON());
	});
	const { made, text, bytes, byCredential } = await page.evaluate(async () => {
		const { authClient } = globalThis;
		const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
		const results = async (ceremony) => {
			const { error, webauthn } = await ceremony;
			if (error) throw new Error(error.code);
			const { credProps, prf, largeBlob } = webauthn.clientExtensionResults;
			return {
				...credProps,
				...largeBlob,
				enabled: prf?.enabled,
				secret: prf?.results && hex(prf.results.first),
				blob: largeBlob?.blob && new TextDecoder().decode(largeBlob.blob),
			};
		};
		const use = (extensions) => results(authClient.signIn.passkey({ extensions, returnWebAuthnResponse: true }));
		const made = await results(
			authClient.passkey.addPasskey({
				extensions: { prf: { eval: { first: "AAEC" } }, largeBlob: { support: "required" } },
				returnWebAuthnResponse: true,
			}),
		);
		const { data } = await authClient.passkey.listUserPasskeys();
		const id = data[0].credentialID;
		return {
			made,
			text: await use({ prf: { eval: { first: "AAEC" } }, largeBlob: { write: "a2VwdA" } }),
			bytes: await use({ prf: { eval: { first: Uint8Array.of(0, 1, 2) } }, largeBlob: { read: true } }),
			byCredential: await use({ prf: { evalByCredential: { [id]: { first: "AAED" } } } }),
		};
	});
	assert.match(made.secret, /^[0-9a-f]{64}$/);
	assert.deepEqual([made.rk, made.enabled, made.supported], [true, true, true]);
	assert.equal(text.secret, made.secret, "one input, one secret");
	assert.equal(text.written, true);
	assert.equal(bytes.secret, made.secret, "text and bytes are the same input");
	assert.equal(bytes.blob, "kept");
	assert.match(byCredential.secret, /^[0-9a-f]{64}$/);
	assert.notEqual(byCredential.secret, made.secret);
	assert.deepEqual(
		sent.map(({ response }) => response.clientExtensionResults),
		[
			{ credProps: { rk: true }, prf: { enabled: true }, largeBlob: { supported: true } },
			{ largeBlob: { written: true } },
			undefined,
			undefined,
		],
	);
});

scenario("creates no passkey that the authenticator cannot protect as required", async (visitor) => {
	const device = await visitor.addDevice();
	await openAccount(visitor);
	const add = (enforceCredentialProtectionPolicy) =>
		visitor.page.evaluate((extensions) => globalThis.authClient.passkey.addPasskey({ extensions }), {
			credentialProtectionPolicy: "userVerificationRequired",
			enforceCredentialProtectionPolicy,
		});
	// The browser's virtual authenticator does not support credProtect.
	assert.equal((await add(true)).error.code, "REGISTRATION_CANCELLED");
	assert.equal((await device.passkeys()).length, 0);
	assert.equal((await add(false)).error, null);
	assert.equal((await device.passkeys()).length, 1);
});

scenario("signals a removed passkey, and the authenticator deletes only that one", async (visitor) => {
	const device = await visitor.addDevice();
	await openAccount(visitor);
	const removed = await visitor.page.evaluate(async () => {
		const { data } = await globalThis.authClient.passkey.addPasskey();
		return data;
	});
	const other = await visitor.addDevice({ transport: "usb" });
	await device.touchesItself(false);
	await visitor.page.evaluate(() => globalThis.authClient.passkey.addPasskey());
	assert.equal((await other.passkeys()).length, 1);
	await visitor.page.evaluate((id) => globalThis.authClient.passkey.deletePasskey({ id }), removed.id);
	await until(async () => (await device.passkeys()).length === 0);
	assert.equal((await other.passkeys()).length, 1);
});

scenario(
	"signals a passkey that the server does not know, and the authenticator deletes it",
	async (visitor, demo) => {
		const device = await visitor.addDevice();
		const { email } = await openAccount(visitor);
		await visitor.page.evaluate(() => globalThis.authClient.passkey.addPasskey());
		await demo.rows("delete from passkey where userId = (select id from user where email = ?)", email);
		await visitor.context.clearCookies();
		const { error } = await visitor.page.evaluate(() => globalThis.authClient.signIn.passkey());
		assert.equal(error.code, "PASSKEY_NOT_FOUND");
		await until(async () => (await device.passkeys()).length === 0);
	},
	{ failures: 1 },
);

scenario("signals the account's new name to authenticators", async (visitor) => {
	const device = await visitor.addDevice();
	await openAccount(visitor);
	await visitor.page.evaluate(async () => {
		const { authClient } = globalThis;
		await authClient.passkey.addPasskey();
		await authClient.updateUser({ name: "Ada Lovelace" });
		await authClient.passkey.syncPasskeys();
	});
	await until(async () => (await device.passkeys())[0].userDisplayName === "Ada Lovelace");
	assert.equal((await device.passkeys()).length, 1);
});

scenario(
	"gets a step-up proof that is valid once, without another session",
	async (visitor, demo) => {
		const { page } = visitor;
		await visitor.addDevice();
		const { email } = await openAccount(visitor);
		const { proof, twice } = await page.evaluate(async () => {
			const { passkey } = globalThis.authClient;
			await passkey.addPasskey();
			const { data, error } = await passkey.stepUp({ purpose: "passkey:add" });
			if (error) throw new Error(error.code);
			const options = async () => {
				const body = JSON.stringify({ proof: data.proof });
				const headers = { "content-type": "application/json" };
				const response = await fetch("/api/auth/passkey/generate-register-options", { method: "POST", headers, body });
				return (await response.json()).code ?? "given";
			};
			return { proof: data, twice: [await options(), await options()] };
		});
		assert.equal(proof.purpose, "passkey:add");
		assert.deepEqual(twice, ["given", "STEP_UP_REQUIRED"]);
		assert.equal(await demo.sessions(email), 1);
	},
	{ failures: 1 },
);
