import { type PasskeyOptions, passkey } from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import { type Deviations, SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { type Browser, enrolled, openSite } from "../../support/site.js";

const FAILED = { status: 401, code: "AUTHENTICATION_FAILED" } as const;
const ON = { backupEligible: true, backedUp: true };
const OFF = { backupEligible: false, backedUp: false };

/** Each change of the flag, with the row before and after it. */
const CHANGES = [
	["turned off", true, OFF, { deviceType: "singleDevice", backedUp: false }],
	["turned on", false, ON, { deviceType: "multiDevice", backedUp: true }],
] as const;

/** Each ceremony that uses an existing passkey. The user is signed in for a step-up only. */
const CEREMONIES = [
	["sign-in", (b: Browser, a: SoftwareAuthenticator, d?: Deviations) => b.signIn(a, d)],
	["step-up", (b: Browser, a: SoftwareAuthenticator, d?: Deviations) => b.stepUp(a, "transfer", d)],
] as const;

const TABLE = CEREMONIES.flatMap(([ceremony, run]) =>
	CHANGES.map(([change, synced, flags, row]) => ({ ceremony, run, change, synced, flags, row })),
);

async function open(options: PasskeyOptions, ceremony: string, synced: boolean) {
	const site = await openSite(options);
	const authenticator = new SoftwareAuthenticator({ synced });
	const ada = await enrolled(site, "ada@example.com", authenticator);
	if (ceremony === "step-up") await ada.browser.signIn(authenticator);
	site.events.length = 0;
	return { site, ...ada };
}

describe("a passkey whose backup eligibility changed after registration", () => {
	it.each(TABLE)("completes a $ceremony when it was $change, and the row has the new state", async (row) => {
		const { site, browser, authenticator, userId, passkeyId } = await open({}, row.ceremony, row.synced);
		const stored = row.synced ? "multiDevice" : "singleDevice";
		expect(await row.run(browser, authenticator, row.flags)).toMatchObject({ status: 200 });
		expect(await site.passkeys()).toMatchObject([row.row]);
		const event = { type: "passkey.backup_eligibility_changed", userId, passkeyId, stored };
		expect(site.events[0]).toEqual({ ...event, received: row.row.deviceType });
		expect(site.events[1]).toMatchObject({ type: "passkey.authenticated" });
		// The new state is now the one on record: it is reported once.
		site.events.length = 0;
		if (row.ceremony === "sign-in") await browser.signOut();
		expect(await row.run(browser, authenticator, row.flags)).toMatchObject({ status: 200 });
		expect(site.events.map(({ type }) => type)).not.toContain("passkey.backup_eligibility_changed");
	});

	it.each(TABLE)('is refused in a $ceremony when it was $change, with "reject"', async (row) => {
		const options = { authentication: { backupEligibilityChange: "reject" } } as const;
		const { site, browser, authenticator } = await open(options, row.ceremony, row.synced);
		const before = await site.passkeys();
		const attempt = () => row.run(browser, authenticator, row.flags);
		await expectRefusal(site, attempt, { ...FAILED, reason: "BACKUP_ELIGIBILITY_MISMATCH" });
		expect(await site.passkeys()).toEqual(before);
	});

	it.each([
		["a wrong signature", { wrongSignature: true }, "SIGNATURE_INVALID"],
		["a backup without eligibility", { backupEligible: false, backedUp: true }, "BACKUP_STATE_MISMATCH"],
		["no user verification", { userVerified: false }, "USER_VERIFICATION_MISSING"],
	])("is refused with %s, and the row is unchanged", async (_, deviation, reason) => {
		const { site, browser, authenticator } = await open({}, "sign-in", true);
		const before = await site.passkeys();
		const attempt = () => browser.signIn(authenticator, { ...OFF, ...deviation });
		await expectRefusal(site, attempt, { ...FAILED, reason });
		expect(await site.passkeys()).toEqual(before);
	});

	it("is refused if its counter did not increase either, and neither change is stored", async () => {
		const site = await openSite();
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		await browser.signIn(authenticator, { counter: 7 });
		await browser.signOut();
		site.events.length = 0;
		expect(await browser.signIn(authenticator, { ...OFF, counter: 6 })).toMatchObject({ status: 401 });
		expect(await site.passkeys()).toMatchObject([{ counter: 7, deviceType: "multiDevice" }]);
		expect(site.events.map(({ type }) => type)).not.toContain("passkey.backup_eligibility_changed");
	});

	it("can be refused by afterVerification", async () => {
		const afterVerification = ({ verification }: { verification: { authenticationInfo: object } }) => {
			const info = verification.authenticationInfo as { backupEligibilityChanged: boolean };
			if (info.backupEligibilityChanged) throw new Error("not on this site");
		};
		const { site, browser, authenticator } = await open({ authentication: { afterVerification } }, "sign-in", true);
		// Each time: the refused change is not the state on record.
		for (let attempt = 0; attempt < 2; attempt++) {
			expect(await browser.signIn(authenticator, OFF)).toMatchObject({ status: 401 });
			expect(await site.passkeys()).toMatchObject([{ deviceType: "multiDevice", backedUp: true }]);
		}
		expect(site.events.map(({ type }) => type)).not.toContain("passkey.backup_eligibility_changed");
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
	});
});

it("backupEligibilityChange accepts reject and report only", () => {
	const options = { authentication: { backupEligibilityChange: "ignore" as never } };
	expect(() => passkey(options)).toThrow('Use "reject" or "report"');
});
