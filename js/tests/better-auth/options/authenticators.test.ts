import { aaguids } from "touchstone-webauthn/aaguids";
import {
	type Authenticators,
	commonAuthenticatorNames,
	getAuthenticatorName,
	type Passkey,
	passkey,
} from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { enrolled, openSite } from "../../support/site.js";

const ONE_PASSWORD = "bada5566-a7aa-401f-bd96-45619a55120d";
const YUBIKEY = "2fc0579f-8113-47ea-b116-bb5a8db9202a";

/** A passkey of this authenticator model, as it is in its owner's list and in the table. */
async function listed(aaguid: string, authenticators?: Authenticators, stored = aaguid) {
	const site = await openSite({ authenticators });
	const { browser, authenticator, passkeyId } = await enrolled(
		site,
		"ada@example.com",
		new SoftwareAuthenticator({ aaguid }),
	);
	await browser.signIn(authenticator);
	const where = [{ field: "id", value: passkeyId }];
	if (stored !== aaguid) await site.db.update({ model: "passkey", where, update: { aaguid: stored } });
	const { body } = await browser.get("/passkey/list-user-passkeys");
	const [row] = await site.passkeys();
	return { passkey: (body as unknown as Passkey[])[0], row };
}

describe("the provider of a listed passkey", () => {
	it("is one of the most common names, unless the options name others", async () => {
		expect((await listed(ONE_PASSWORD)).passkey?.provider).toEqual({ name: "1Password" });
		expect((await listed(ONE_PASSWORD, {})).passkey).not.toHaveProperty("provider");
		expect((await listed(YUBIKEY)).passkey).not.toHaveProperty("provider");
	});

	it("comes from the data file if it is passed; it is added on reading, the row has only the AAGUID", async () => {
		const { passkey, row } = await listed(YUBIKEY, aaguids, YUBIKEY.toUpperCase());
		expect(passkey?.provider).toEqual({ name: aaguids[YUBIKEY] });
		expect(passkey?.provider?.name).toContain("YubiKey 5");
		expect(row).not.toHaveProperty("provider");
	});

	it("has the icon from the options", async () => {
		const icon = "/icons/1password.svg";
		const own = { ...aaguids, [ONE_PASSWORD]: { name: "1Password", icon } };
		expect((await listed(ONE_PASSWORD, own)).passkey?.provider).toEqual({ name: "1Password", icon });
	});

	it("is missing for AAGUIDs that are not in the table", async () => {
		const zeros = "00000000-0000-0000-0000-000000000000";
		for (const stored of [zeros, "constructor", "__proto__", ""]) {
			expect((await listed(zeros, aaguids, stored)).passkey).not.toHaveProperty("provider");
		}
	});

	it.each<[string, Authenticators, string]>([
		["a key that is not an AAGUID", { YubiKey: "YubiKey" }, '"YubiKey" is not a valid AAGUID'],
		["an AAGUID in upper case", { [YUBIKEY.toUpperCase()]: "YubiKey" }, "in lower case"],
		["no name", { [YUBIKEY]: "" }, `${YUBIKEY} is ""`],
		["an icon without a name", { [YUBIKEY]: { icon: "/a.svg" } as never }, 'Use "1Password" or { name:'],
		["an icon that is not a string", { [YUBIKEY]: { name: "YubiKey", icon: 7 as never } }, '"icon":7'],
		["null", { [YUBIKEY]: null as never }, `${YUBIKEY} is null`],
	])("cannot be configured with %s", (_, authenticators, message) => {
		expect(() => passkey({ authenticators })).toThrow(message);
	});
});

describe("the data file", () => {
	it("maps hundreds of AAGUIDs to names, including the common ones, but no test authenticators", () => {
		const entries = Object.entries(aaguids);
		expect(entries.length).toBeGreaterThan(350);
		expect(aaguids).toMatchObject(commonAuthenticatorNames);
		for (const [aaguid, name] of entries) {
			expect(aaguid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
			expect(name).toMatch(/^\S.{0,80}\S$/u);
			expect(name).not.toMatch(/\btest|dummy|conformance| {2}/i);
		}
		expect(aaguids).not.toHaveProperty("00000000-0000-0000-0000-000000000000");
	});

	it("also works on the client with getAuthenticatorName", () => {
		expect(getAuthenticatorName(YUBIKEY)).toBeUndefined();
		expect(getAuthenticatorName(YUBIKEY, aaguids)).toBe(aaguids[YUBIKEY]);
		expect(getAuthenticatorName("toString", aaguids)).toBeUndefined();
	});
});
