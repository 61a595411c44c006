import { passkey } from "touchstone-webauthn/better-auth";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PasskeyOptions } from "../../../src/better-auth/options/options.js";
import { EDDSA, ES256, RS256, SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { enrolled, openSite } from "../../support/site.js";

afterEach(() => void vi.useRealTimers());

async function optionsOf(options: PasskeyOptions) {
	const site = await openSite(options);
	const browser = site.browser();
	await browser.signUp("ada@example.com");
	const creation: Record<string, unknown> = { ...(await browser.creationOptions()) };
	const request: Record<string, unknown> = { ...(await browser.requestOptions()) };
	return { site, browser, creation, request };
}

describe("algorithms", () => {
	it("are EdDSA, ES256 and RS256 by default", async () => {
		const { creation } = await optionsOf({});
		expect(creation.pubKeyCredParams).toMatchObject([{ alg: EDDSA }, { alg: ES256 }, { alg: RS256 }]);
	});

	it("are offered in the configured order, and others are refused", async () => {
		const algorithms = [RS256, ES256, RS256];
		const { site, browser, creation } = await optionsOf({ algorithms });
		expect(creation.pubKeyCredParams).toMatchObject([{ alg: RS256 }, { alg: ES256 }]);
		const attempt = async () =>
			browser.verifyRegistration(
				new SoftwareAuthenticator({ algorithm: EDDSA }).register({
					...(await browser.creationOptions()),
					pubKeyCredParams: [{ alg: EDDSA }],
				}),
			);
		const refused = { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION", reason: "ALGORITHM_FORBIDDEN" };
		await expectRefusal(site, attempt, refused);
		for (const algorithm of [RS256, ES256]) {
			expect(await browser.addPasskey(new SoftwareAuthenticator({ algorithm }))).toMatchObject({ status: 200 });
		}
	});

	it("are fixed when the options are created", async () => {
		const { browser, site } = await optionsOf({ algorithms: [ES256] });
		const options = await browser.creationOptions();
		const [stored] = await site.db.findMany<{ value: string }>({
			model: "verification",
			where: [{ field: "identifier", value: `passkey-challenge:${options.ceremonyId}` }],
		});
		expect(JSON.parse(stored?.value ?? "")).toMatchObject({ algorithms: [ES256] });
	});
});

describe("hints", () => {
	it("are given to both ceremonies", async () => {
		const { creation, request } = await optionsOf({ hints: ["security-key", "hybrid"] });
		expect(creation.hints).toEqual(["security-key", "hybrid"]);
		expect(request.hints).toEqual(["security-key", "hybrid"]);
	});

	it("are none by default", async () => {
		const { creation, request } = await optionsOf({});
		expect(creation.hints).toEqual([]);
		expect(request).not.toHaveProperty("hints");
	});
});

describe("timeout", () => {
	it("is one minute by default, and configurable", async () => {
		const byDefault = await optionsOf({});
		expect([byDefault.creation.timeout, byDefault.request.timeout]).toEqual([60_000, 60_000]);
		const longer = await optionsOf({ timeout: 120_000 });
		expect([longer.creation.timeout, longer.request.timeout]).toEqual([120_000, 120_000]);
	});

	it("is not longer than the lifetime of the challenge", async () => {
		const { creation } = await optionsOf({ challenge: { expiresIn: 30 } });
		expect(creation.timeout).toBe(30_000);
		expect(() => passkey({ timeout: 300_001 })).toThrow("timeout is 300001. Use a whole number from 1000 to 300000.");
	});
});

describe("challenge.expiresIn", () => {
	it.each([60, 3600])("limits the lifetime of a challenge to %i seconds, by cookie and by id", async (expiresIn) => {
		const site = await openSite({ challenge: { expiresIn } });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const asked = await browser.get("/passkey/generate-authenticate-options");
		expect(asked.headers.getSetCookie().join()).toContain(`Max-Age=${expiresIn};`);
		const [inTime, late] = [await browser.requestOptions(), await browser.requestOptions()];
		const began = Date.now();
		vi.useFakeTimers({ toFake: ["Date"], now: began + (expiresIn - 5) * 1000 });
		const verify = ({ ceremonyId, ...options }: typeof late) =>
			browser.verifyAuthentication(authenticator.authenticate(options), { ceremonyId });
		expect(await verify(inTime)).toMatchObject({ status: 200 });
		vi.setSystemTime(began + (expiresIn + 5) * 1000);
		await browser.signOut();
		await expectRefusal(site, () => verify(late), { status: 400, code: "CHALLENGE_NOT_FOUND" });
	});
});

it.each<[PasskeyOptions, string]>([
	[{ algorithms: [] }, "algorithms is an empty list"],
	[{ algorithms: [-35] }, "algorithms contains -35. Use one or more of -8, -19"],
	[{ algorithms: ["ES256" as never] }, 'algorithms contains "ES256"'],
	[{ hints: ["phone" as never] }, 'hints contains "phone". Use one or more of security-key, client-device, hybrid.'],
	[{ timeout: 0 }, "timeout is 0"],
	[{ timeout: 1.5 }, "timeout is 1.5"],
	[{ challenge: { expiresIn: 9 } }, "challenge.expiresIn is 9. Use a whole number from 10 to 3600."],
	[{ challenge: { expiresIn: 86_400 } }, "challenge.expiresIn is 86400"],
])("%j is refused when the plugin is created", (options, message) => {
	expect(() => passkey(options)).toThrow(message);
});
