import { afterEach, describe, expect, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { memoryStorage } from "../../support/memory-storage.js";
import { expectRefusal } from "../../support/refusal.js";
import { enrolled, openSite } from "../../support/site.js";

const NOT_FOUND = { status: 400, code: "CHALLENGE_NOT_FOUND" };
const COOKIE = "better-auth.better-auth-passkey";

afterEach(() => void vi.useRealTimers());

describe("a challenge", () => {
	it("signs in once: the same assertion is refused when it is sent again", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		const thief = browser.copy();
		expect(await browser.verifyAuthentication(response)).toMatchObject({ status: 200 });
		await expectRefusal(site, () => thief.verifyAuthentication(response), NOT_FOUND);
		await expectRefusal(site, () => browser.verifyAuthentication(response), NOT_FOUND);
	});

	it("registers once: the same registration response is refused when it is sent again", async () => {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp("ada@example.com");
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const copy = browser.copy();
		expect(await browser.verifyRegistration(response)).toMatchObject({ status: 200 });
		await expectRefusal(site, () => copy.verifyRegistration(response), NOT_FOUND);
	});

	it("is used up by an attempt that fails", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const options = await browser.requestOptions();
		const again = browser.copy();
		await browser.verifyAuthentication(authenticator.authenticate(options, { wrongSignature: true }));
		await expectRefusal(site, () => again.verifyAuthentication(authenticator.authenticate(options)), NOT_FOUND);
	});

	it("is used up by a response that cannot be parsed, because it is consumed first", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const options = await browser.requestOptions();
		const again = browser.copy();
		await browser.verifyAuthentication("no response at all");
		await expectRefusal(site, () => again.verifyAuthentication(authenticator.authenticate(options)), NOT_FOUND);
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
	});

	it("of a registration does not sign in, and the other way around", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		const creation = await browser.creationOptions();
		const assertion = authenticator.authenticate({ challenge: creation.challenge });
		await expectRefusal(site, () => browser.verifyAuthentication(assertion), NOT_FOUND);
		const request = await browser.requestOptions();
		const registration = new SoftwareAuthenticator().register({ ...creation, challenge: request.challenge });
		await expectRefusal(site, () => browser.verifyRegistration(registration), NOT_FOUND);
	});

	it("is refused after five minutes", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 300_001 });
		await expectRefusal(site, () => browser.verifyAuthentication(response), NOT_FOUND);
	});

	it("can also be used only once if Better Auth hashes identifiers", async () => {
		const site = await openSite({}, { verification: { storeIdentifier: "hashed" } });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		const cookies = new Map(browser.cookies);
		expect(await browser.verifyAuthentication(response)).toMatchObject({ status: 200 });
		for (const [name, value] of cookies) browser.cookies.set(name, value);
		await expectRefusal(site, () => browser.verifyAuthentication(response), NOT_FOUND);
	});

	it("is refused if it has expired, even if the store returns it", async () => {
		const site = await openSite({}, { verification: { storeIdentifier: "hashed" } });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const { internalAdapter } = await site.auth.$context;
		const consume = internalAdapter.consumeVerificationValue;
		internalAdapter.consumeVerificationValue = async (identifier) => {
			const stored = await consume(identifier);
			return stored && { ...stored, expiresAt: new Date(Date.now() - 1) };
		};
		await expectRefusal(site, () => browser.signIn(authenticator), NOT_FOUND);
	});

	it("is read from the server's store and never from the body", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.requestOptions();
		const own = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
		const response = authenticator.authenticate({ challenge: own });
		const attempt = () =>
			browser.post("/passkey/verify-authentication", { response, challenge: own, expectedChallenge: own });
		await expectRefusal(site, attempt, { status: 401, code: "AUTHENTICATION_FAILED", reason: "CHALLENGE_MISMATCH" });
	});

	it("requires the cookie of the browser that requested it", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		await expectRefusal(site, () => site.browser().verifyAuthentication(response), NOT_FOUND);
	});

	it.each([
		["nonsense", () => "nonsense"],
		["a token that the server did not sign", (value: string) => `x${value}`],
		["a token without a signature", (value: string) => value.split(".")[0] ?? ""],
		["a cookie that is not a URI component", () => "%E0%A4%A"],
	])("is not found by %s", async (_, forge) => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		browser.cookies.set(COOKIE, forge(browser.cookies.get(COOKIE) ?? ""));
		await expectRefusal(site, () => browser.verifyAuthentication(response), NOT_FOUND);
	});

	it("is not found by another signed cookie of the site", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		const response = authenticator.authenticate(await browser.requestOptions());
		const cookie = browser.cookies.get("better-auth.session_token") ?? "";
		const { internalAdapter } = await site.auth.$context;
		// Another plugin stores a value under the token of its own cookie.
		const [identifier = ""] = decodeURIComponent(cookie).split(".");
		const expiresAt = new Date(Date.now() + 60_000);
		await internalAdapter.createVerificationValue({ identifier, value: "theirs", expiresAt });
		browser.cookies.set(COOKIE, cookie);
		await expectRefusal(site, () => browser.verifyAuthentication(response), NOT_FOUND);
		expect(await internalAdapter.findVerificationValue(identifier)).toMatchObject({ value: "theirs" });
	});

	it("is stored with the configuration of the moment when it was created", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		const [stored] = await site.db.findMany<{ value: string }>({ model: "verification" });
		expect(JSON.parse(stored?.value ?? "")).toEqual({
			ceremony: "authentication",
			challenge: expect.any(String),
			rpID: "localhost",
			origins: ["http://localhost:3000"],
			userVerification: "required",
			mediation: null,
			userId: null,
			allowCredentials: [],
		});
		expect(await browser.verifyAuthentication(response)).toMatchObject({ status: 200 });
	});

	it("leaves neither the stored value nor the cookie behind", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		await browser.signIn(authenticator);
		expect(browser.cookies.has(COOKIE)).toBe(false);
		await browser.signIn(authenticator, { wrongSignature: true });
		expect(browser.cookies.has(COOKIE)).toBe(false);
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
	});

	it("is in a cookie that scripts cannot read, and in a response that must not be cached", async () => {
		const site = await openSite();
		const { headers } = await site.browser().get("/passkey/generate-authenticate-options");
		expect(headers.get("cache-control")).toBe("no-store");
		const [cookie] = headers.getSetCookie();
		expect(cookie).toMatch(new RegExp(`^${COOKIE}=.*Max-Age=300; Path=/; HttpOnly; SameSite=Lax`));
	});

	it("is stored in the secondary storage if there is one", async () => {
		const secondaryStorage = memoryStorage();
		const site = await openSite({}, { secondaryStorage });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		const thief = browser.copy();
		expect(secondaryStorage.keys().filter((key) => key.startsWith("verification:"))).toHaveLength(1);
		expect(await browser.verifyAuthentication(response)).toMatchObject({ status: 200 });
		expect(await thief.verifyAuthentication(response)).toMatchObject({ status: 400, body: { code: NOT_FOUND.code } });
	});
});
