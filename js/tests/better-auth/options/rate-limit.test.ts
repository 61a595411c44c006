import { passkey } from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import { plainAdapter } from "../../support/plain-adapter.js";
import { type Browser, enrolled, openSite } from "../../support/site.js";

const OPTIONS = "/passkey/generate-authenticate-options";
const VERIFY = "/passkey/verify-authentication";
const REGISTER = "/passkey/generate-register-options";
const LIST = "/passkey/list-user-passkeys";

/** Better Auth's limiter counts in memory for all servers of a process, so every test uses a new address. */
let addresses = 0;
const newAddress = () => `192.0.2.${++addresses}`;

type Options = NonNullable<Parameters<typeof passkey>[0]>;
const limited = (options: Options = {}) => openSite(options, { rateLimit: { enabled: true } });

function get(browser: Browser, path: string, address: string) {
	return browser.send(path, { headers: { "x-forwarded-for": address } });
}

function post(browser: Browser, path: string, address: string, body: unknown = {}) {
	const headers = { "x-forwarded-for": address, "content-type": "application/json" };
	return browser.send(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** How many requests pass before the first 429. */
async function budget(send: () => Promise<{ status: number }>): Promise<number> {
	for (let sent = 0; sent < 200; sent++) if ((await send()).status === 429) return sent;
	throw new Error("There is no limit.");
}

describe("the plugin's rate limits", () => {
	it("cover all paths of the plugin and no others", () => {
		const { endpoints, rateLimit } = passkey();
		const paths = Object.values(endpoints).flatMap(({ path }) => path ?? []);
		expect(paths).toHaveLength(14);
		for (const path of paths) {
			expect(rateLimit.filter(({ pathMatcher }) => pathMatcher(path))).toHaveLength(1);
		}
		for (const path of ["/sign-in/email", "/passkey", "/passkeys/list"]) {
			expect(rateLimit.filter(({ pathMatcher }) => pathMatcher(path))).toEqual([]);
		}
	});

	it("count each path separately, with different limits for enrolment and sign-in", async () => {
		const browser = (await limited()).browser();
		const address = newAddress();
		expect(await budget(() => get(browser, REGISTER, address))).toBe(20);
		expect(await budget(() => post(browser, "/passkey/verify-registration", address))).toBe(20);
		expect(await budget(() => get(browser, OPTIONS, address))).toBe(60);
		expect(await budget(() => post(browser, VERIFY, address))).toBe(60);
		expect(await budget(() => post(browser, "/passkey/verify-step-up", address))).toBe(60);
		expect(await budget(() => get(browser, LIST, address))).toBe(60);
		expect((await get(browser, OPTIONS, newAddress())).status).toBe(200);
	});

	it("count GET and POST requests to a path together", async () => {
		const browser = (await limited({ rateLimit: { authentication: { window: 60, max: 3 } } })).browser();
		const address = newAddress();
		expect((await get(browser, OPTIONS, address)).status).toBe(200);
		expect(await budget(() => post(browser, OPTIONS, address))).toBe(2);
		expect((await get(browser, OPTIONS, address)).status).toBe(429);
	});

	it("cannot be evaded with another address of the same IPv6 network", async () => {
		const browser = (await limited({ rateLimit: { authentication: { window: 60, max: 3 } } })).browser();
		let host = 1;
		expect(await budget(() => get(browser, OPTIONS, `2001:db8:0:1::${(host++).toString(16)}`))).toBe(3);
		expect((await get(browser, OPTIONS, "2001:db8:0:2::1")).status).toBe(200);
	});

	it("refuse a request before any query, log line or event, also options requested by POST", async () => {
		let queries = 0;
		const tables = new Proxy<Record<string, Record<string, unknown>[]>>(
			{},
			{
				get(target, model: string) {
					queries++;
					return target[model];
				},
			},
		);
		const max = 2;
		const site = await openSite(
			{ rateLimit: { registration: { window: 60, max }, authentication: { window: 60, max } } },
			{ rateLimit: { enabled: true }, database: plainAdapter(tables) },
		);
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const { ceremonyId, ...options } = await browser.requestOptions();
		const response = authenticator.authenticate(options);
		const address = newAddress();
		const requests = [
			() => get(browser, OPTIONS, address),
			() => post(browser, VERIFY, address, { response: "none", ceremonyId: "none" }),
			() => get(browser, REGISTER, address),
			() => post(browser, "/passkey/verify-registration", address, { response: "none" }),
		];
		for (const request of requests) for (let sent = 0; sent < max; sent++) await request();
		expect(queries).toBeGreaterThan(0);
		queries = 0;
		const lines = site.log().length;
		const events = site.events.length;
		const refused = [
			() => get(browser, OPTIONS, address),
			() => post(browser, OPTIONS, address),
			() => post(browser, VERIFY, address, { response, ceremonyId }),
			() => get(browser, REGISTER, address),
			() => post(browser, REGISTER, address),
			() => post(browser, "/passkey/verify-registration", address, { response, ceremonyId }),
		];
		for (const request of refused) expect((await request()).status).toBe(429);
		expect(queries).toBe(0);
		expect(site.log()).toHaveLength(lines);
		expect(site.events).toHaveLength(events);
		// The refused requests consumed no challenge.
		expect(await browser.verifyAuthentication(response, { ceremonyId })).toMatchObject({ status: 200 });
	});

	it("refuse a request before its body is read", async () => {
		const site = await limited({ rateLimit: { authentication: { window: 60, max: 1 } } });
		const address = newAddress();
		await post(site.browser(), VERIFY, address);
		let pulled = 0;
		const body = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 });
		const headers = { "x-forwarded-for": address, "content-type": "application/json" };
		const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
		expect((await site.browser().send(VERIFY, init)).status).toBe(429);
		expect(pulled).toBe(0);
	});

	it("leave a path to Better Auth's general limit if they are false", async () => {
		const address = newAddress();
		const off = (await limited({ rateLimit: false })).browser();
		expect(await budget(() => get(off, OPTIONS, address))).toBe(100);
		const partly = (await limited({ rateLimit: { authentication: false } })).browser();
		const other = newAddress();
		expect(await budget(() => get(partly, OPTIONS, other))).toBe(100);
		expect(await budget(() => get(partly, REGISTER, other))).toBe(20);
	});

	it("are overridden by a custom rule of the application", async () => {
		const site = await openSite(
			{},
			{ rateLimit: { enabled: true, customRules: { [OPTIONS]: { window: 60, max: 1 } } } },
		);
		const address = newAddress();
		expect(await budget(() => get(site.browser(), OPTIONS, address))).toBe(1);
	});

	it.each([
		[{ authentication: { window: 0, max: 1 } }, "rateLimit.authentication.window is 0"],
		[{ registration: { window: 60, max: -1 } }, "rateLimit.registration.max is -1"],
		[{ management: { window: 60, max: "5" } }, 'rateLimit.management.max is "5"'],
		[{ management: { window: 60 } }, "rateLimit.management.max is undefined"],
		[{ signIn: { window: 60, max: 5 } }, "rateLimit.signIn is not an option"],
	])("%j is refused when the plugin is created", (rateLimit, message) => {
		expect(() => passkey({ rateLimit: rateLimit as never })).toThrow(message);
	});
});
