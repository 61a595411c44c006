import { memoryAdapter } from "better-auth/adapters/memory";
import type { PasskeyOptions } from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import { decode, SoftwareAuthenticator } from "../../support/authenticator.js";
import { openSite } from "../../support/site.js";

const tables = () => ({ user: [], session: [], account: [], verification: [], passkey: [] });
const handleOf = ({ user }: { user: { id: string } }) => user.id;

async function signedUp(instance: Parameters<typeof openSite>[1] = {}, options: PasskeyOptions = {}) {
	const site = await openSite(options, instance);
	const browser = site.browser();
	const userId = await browser.signUp("ada@example.com");
	return { site, browser, userId };
}

describe("the user handle", () => {
	it("is the same for two first registrations at once, and both passkeys sign in", async () => {
		const { site, browser, userId } = await signedUp();
		const both = await Promise.all([browser.creationOptions(), browser.creationOptions()]);
		expect(new Set(both.map(handleOf)).size).toBe(1);
		const authenticators = [new SoftwareAuthenticator(), new SoftwareAuthenticator()];
		for (const [index, { ceremonyId, ...options }] of both.entries()) {
			const response = authenticators[index]?.register(options);
			expect(await browser.verifyRegistration(response, { ceremonyId })).toMatchObject({ status: 200 });
		}
		expect(new Set((await site.passkeys()).map(({ userHandle }) => userHandle)).size).toBe(1);
		for (const authenticator of authenticators) {
			await browser.signOut();
			expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
		}
	});

	it("is the same again after all passkeys were removed", async () => {
		const { browser } = await signedUp();
		const first = handleOf(await browser.creationOptions());
		const { body } = await browser.addPasskey(new SoftwareAuthenticator());
		await browser.post("/passkey/delete-passkey", { id: body.id });
		expect(handleOf(await browser.creationOptions())).toBe(first);
	});

	it("has 32 bytes that differ between users and contain no user data", async () => {
		const { site, browser, userId } = await signedUp();
		const other = site.browser();
		await other.signUp("bob@example.com");
		const [handle, others] = [handleOf(await browser.creationOptions()), handleOf(await other.creationOptions())];
		expect(decode(handle)).toHaveLength(32);
		expect(others).not.toBe(handle);
		for (const personal of [userId, "ada"]) {
			expect(Buffer.from(decode(handle)).includes(personal)).toBe(false);
			expect(handle).not.toContain(Buffer.from(personal).toString("base64url").replaceAll("=", ""));
		}
	});

	it("remains that of the stored passkeys when the server's secret changes", async () => {
		const database = memoryAdapter(tables());
		const before = await signedUp({ database, secret: "the first secret of this server!" });
		const { browser } = before;
		const handle = handleOf(await browser.creationOptions());
		const authenticator = new SoftwareAuthenticator();
		await browser.addPasskey(authenticator);
		const site = await openSite({}, { database, secret: "the second secret of this server" });
		const later = site.browser();
		expect(await later.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: before.userId } } });
		expect(handleOf(await later.creationOptions())).toBe(handle);
		const { body } = await later.get("/passkey/list-user-passkeys");
		await later.post("/passkey/delete-passkey", { id: (body as unknown as { id: string }[])[0]?.id });
		expect(handleOf(await later.creationOptions())).not.toBe(handle);
	});

	it("is derived if the stored passkeys have none, and always the same one of several", async () => {
		const { site, browser, userId } = await signedUp();
		const derived = handleOf(await browser.creationOptions());
		const { adapter } = await site.auth.$context;
		const store = (credentialID: string, userHandle: string | null) =>
			adapter.create({
				model: "passkey",
				data: {
					userId,
					credentialID,
					userHandle,
					publicKey: "",
					counter: 0,
					deviceType: "multiDevice",
					backedUp: true,
				},
			});
		await store("AAAA", null);
		expect(handleOf(await browser.creationOptions())).toBe(derived);
		for (const [index, handle] of ["ZZZZ", "BBBB", "CCCC"].entries()) await store(`AAA${index}`, handle);
		expect(handleOf(await browser.creationOptions())).toBe("BBBB");
		await store("AAA9", "DDDD");
		expect(handleOf(await browser.creationOptions())).toBe("BBBB");
	});

	it("is random and new each time without a session", async () => {
		let userId = "";
		const site = await openSite({
			registration: { requireSession: false, resolveUser: () => ({ id: userId, name: "ada@example.com" }) },
		});
		const browser = site.browser();
		userId = await browser.signUp("ada@example.com");
		const own = handleOf(await browser.creationOptions());
		const anonymous = site.browser();
		const handles = [handleOf(await anonymous.creationOptions()), handleOf(await anonymous.creationOptions())];
		expect(new Set([own, ...handles]).size).toBe(3);
	});
});

describe("excludeCredentials", () => {
	it("contains every passkey of the user with its transports, including revoked ones, and no others", async () => {
		const { site, browser, userId } = await signedUp({}, { maxPasskeysPerUser: 200 });
		const { adapter } = await site.auth.$context;
		const other = site.browser();
		await other.signUp("bob@example.com");
		await other.addPasskey(new SoftwareAuthenticator());
		const ids = Array.from({ length: 150 }, (_, index) => Buffer.from(`credential ${index}`).toString("base64url"));
		const row = { userId, publicKey: "", counter: 0, deviceType: "multiDevice", backedUp: true };
		for (const [index, credentialID] of ids.entries()) {
			const revokedAt = index % 2 ? new Date() : null;
			await adapter.create({ model: "passkey", data: { ...row, credentialID, revokedAt, transports: "usb,nfc" } });
		}
		const { excludeCredentials } = await browser.creationOptions();
		expect(excludeCredentials.map(({ id }) => id).sort()).toEqual([...ids].sort());
		expect(excludeCredentials).toContainEqual({ id: ids[149], type: "public-key", transports: ["usb", "nfc"] });
	});
});
