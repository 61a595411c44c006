import { describe, expect, it } from "vitest";
import { type Deviations, SoftwareAuthenticator } from "../../support/authenticator.js";
import { memoryStorage } from "../../support/memory-storage.js";
import { expectRefusal } from "../../support/refusal.js";
import { type Browser, enrolled, openSite, type RequestBody, type Site } from "../../support/site.js";

const OPTIONS = "/passkey/generate-step-up-options";
const VERIFY = "/passkey/verify-step-up";

const FAILED = { status: 401, code: "AUTHENTICATION_FAILED" };
const NOT_FOUND = { status: 400, code: "CHALLENGE_NOT_FOUND" };
const REQUIRED = { status: 403, body: { code: "STEP_UP_REQUIRED" } };
const UNAUTHORIZED = { status: 401, body: { code: "UNAUTHORIZED" } };

async function signedIn(site: Site, email = "ada@example.com", authenticator = new SoftwareAuthenticator()) {
	const user = await enrolled(site, email, authenticator);
	await user.browser.signIn(authenticator);
	site.events.length = 0;
	return user;
}

async function optionsFor(browser: Browser, purpose: string) {
	const { body } = await browser.post(OPTIONS, { purpose });
	return body as unknown as RequestBody;
}

async function proofFor(browser: Browser, authenticator: SoftwareAuthenticator, purpose: string) {
	const { status, body } = await browser.stepUp(authenticator, purpose);
	expect(status).toBe(200);
	return String((body as { proof?: unknown }).proof);
}

/** Calls `auth.api.requirePasskeyProof()` with a browser's cookies, like an endpoint of the application. */
async function present(site: Site, browser: Browser, purpose: string, proof: unknown) {
	const headers = new Headers({ cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ") });
	try {
		return { status: 200, body: await site.auth.api.requirePasskeyProof({ headers, body: { purpose, proof } }) };
	} catch (error) {
		const { statusCode, body } = error as { statusCode: number; body: { code: string } };
		return { status: statusCode, body };
	}
}

describe("a step-up", () => {
	it("returns a proof for its purpose, and neither creates nor changes a session", async () => {
		const site = await openSite({}, { session: { updateAge: 0 } });
		const { browser, authenticator, userId, passkeyId } = await signedIn(site);
		const sessions = await site.sessions();
		const answer = await browser.stepUp(authenticator, "transfer");
		expect(answer).toMatchObject({
			status: 200,
			body: { proof: expect.stringMatching(/^[\w-]{32}$/), purpose: "transfer", expiresAt: expect.any(String) },
		});
		expect(Object.keys(answer.body).sort()).toEqual(["expiresAt", "proof", "purpose"]);
		expect(answer.headers.getSetCookie()).toEqual([]);
		expect(await site.sessions()).toEqual(sessions);
		expect(site.events).toEqual([{ type: "passkey.authenticated", userId, passkeyId, purpose: "transfer" }]);
		const lives = Date.parse(String((answer.body as { expiresAt?: unknown }).expiresAt)) - Date.now();
		expect(lives).toBeGreaterThan(290_000);
		expect(lives).toBeLessThanOrEqual(300_000);
	});

	it("offers the user's own passkeys, and asks for user verification", async () => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(site);
		await signedIn(site, "bob@example.com");
		const options = await optionsFor(browser, "transfer");
		expect(options.allowCredentials?.map(({ id }) => id)).toEqual(authenticator.credentials.map(({ id }) => id));
		expect(options.userVerification).toBe("required");
	});

	it("requires a session and a passkey of its user", async () => {
		const site = await openSite();
		const stranger = site.browser();
		expect(await stranger.post(OPTIONS, { purpose: "transfer" })).toMatchObject(UNAUTHORIZED);
		expect(await stranger.post(VERIFY, { response: {}, ceremonyId: "x" })).toMatchObject(UNAUTHORIZED);
		await stranger.signUp("ada@example.com");
		const refused = { status: 404, code: "PASSKEY_NOT_FOUND" };
		await expectRefusal(site, () => stranger.post(OPTIONS, { purpose: "transfer" }), refused);
	});

	it.each(["", "1st", "a b", "a\n", "x".repeat(65), { $ne: "" }, ["transfer"], null, undefined])(
		"refuses the purpose %j",
		async (purpose) => {
			const site = await openSite();
			const { browser } = await signedIn(site);
			expect(await browser.post(OPTIONS, { purpose })).toMatchObject({
				status: 400,
				body: { code: "VALIDATION_ERROR" },
			});
		},
	);

	const deviations: [string, Deviations, string][] = [
		["a wrong signature", { wrongSignature: true }, "SIGNATURE_INVALID"],
		["no user verification", { userVerified: false }, "USER_VERIFICATION_MISSING"],
		["another origin", { origin: "https://evil.example" }, "ORIGIN_MISMATCH"],
		["another challenge", { challenge: "AAAA" }, "CHALLENGE_MISMATCH"],
		["another user handle", { userHandle: "AAAA" }, "USER_HANDLE_MISMATCH"],
		["an unknown credential", { credentialId: "AAAA" }, "PASSKEY_NOT_FOUND"],
	];
	it.each(deviations)("is refused with %s, like a sign-in", async (_, deviation, reason) => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(site);
		const code = reason === "PASSKEY_NOT_FOUND" ? reason : FAILED.code;
		const attempt = () => browser.stepUp(authenticator, "transfer", deviation);
		await expectRefusal(site, attempt, { status: 401, code, reason });
	});

	it("is refused with a counter that decreased, and an event reports it", async () => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(
			site,
			"ada@example.com",
			new SoftwareAuthenticator({ counts: true }),
		);
		const attempt = () => browser.stepUp(authenticator, "transfer", { counter: 1 });
		await expectRefusal(site, attempt, { ...FAILED, reason: "SIGNATURE_COUNTER_MISMATCH" });
		expect(site.events).toContainEqual(expect.objectContaining({ type: "passkey.counter_regressed" }));
	});

	it("is refused with the passkey of another user", async () => {
		const site = await openSite();
		const { browser } = await signedIn(site);
		const bob = await signedIn(site, "bob@example.com");
		const { ceremonyId, allowCredentials: _, ...options } = await optionsFor(browser, "transfer");
		const response = bob.authenticator.authenticate(options);
		const attempt = () => browser.post(VERIFY, { response, ceremonyId });
		await expectRefusal(site, attempt, { ...FAILED, reason: "CREDENTIAL_ID_FORBIDDEN" });
	});

	it("is refused in another session, of the same user or of another", async () => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(site);
		const second = site.browser();
		await second.signIn(authenticator);
		const bob = await signedIn(site, "bob@example.com");
		for (const other of [second, bob.browser]) {
			const { ceremonyId, ...options } = await optionsFor(browser, "transfer");
			const response = authenticator.authenticate(options);
			const answer = await other.post(VERIFY, { response, ceremonyId });
			expect(answer).toMatchObject({ status: 403, body: { code: "SESSION_MISMATCH" } });
			expect(answer.body).not.toHaveProperty("proof");
			// Its own session cannot finish it afterwards either: the attempt has consumed the challenge.
			expect(await browser.post(VERIFY, { response, ceremonyId })).toMatchObject({ status: 400 });
		}
	});

	it("is refused after its session has signed out, even if the cookie cache still contains it", async () => {
		const site = await openSite({}, { session: { cookieCache: { enabled: true, maxAge: 300 } } });
		const { browser, authenticator } = await signedIn(site);
		const stolen = browser.copy();
		const { ceremonyId, ...options } = await optionsFor(stolen, "transfer");
		await browser.signOut();
		const response = authenticator.authenticate(options);
		expect(await stolen.copy().post(VERIFY, { response, ceremonyId })).toMatchObject(UNAUTHORIZED);
		expect(await stolen.copy().post(OPTIONS, { purpose: "transfer" })).toMatchObject(UNAUTHORIZED);
	});

	it("does not sign in, and a sign-in ceremony does not give a proof", async () => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(site);
		const stepUp = await optionsFor(browser, "transfer");
		const asSignIn = { response: authenticator.authenticate(stepUp), ceremonyId: stepUp.ceremonyId };
		await expectRefusal(site, () => site.browser().post("/passkey/verify-authentication", asSignIn), NOT_FOUND);
		const signIn = await browser.requestOptions();
		const asStepUp = { response: authenticator.authenticate(signIn), ceremonyId: signIn.ceremonyId };
		await expectRefusal(site, () => browser.post(VERIFY, asStepUp), NOT_FOUND);
	});

	it("gives only one proof when ten requests send the same response at once", async () => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(site);
		const { ceremonyId, ...options } = await optionsFor(browser, "transfer");
		const response = authenticator.authenticate(options);
		const copies = Array.from({ length: 10 }, () => browser.copy());
		const answers = await Promise.all(copies.map((copy) => copy.post(VERIFY, { response, ceremonyId })));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(400)]);
	});

	it("calls the site's authentication hooks", async () => {
		const steps: unknown[] = [];
		const site = await openSite({
			authentication: {
				before: ({ ctx, step, userId }) => void steps.push([ctx.path, step, userId]),
				afterVerification: ({ ctx }) => {
					if (ctx.path === VERIFY) throw new Error("not this one");
				},
			},
		});
		const { browser, authenticator, userId } = await signedIn(site);
		steps.length = 0;
		await expectRefusal({ ...site, passkeys: async () => [] }, () => browser.stepUp(authenticator, "transfer"), {
			...FAILED,
			reason: "UNKNOWN_ERROR",
		});
		expect(steps).toEqual([
			[OPTIONS, "options", userId],
			[VERIFY, "verify", userId],
		]);
	});
});

describe("a proof", () => {
	it("is accepted from only one of ten requests at once", async () => {
		const site = await openSite();
		const { browser, authenticator, userId } = await signedIn(site);
		const proof = await proofFor(browser, authenticator, "org:delete");
		const answers = await Promise.all(Array.from({ length: 10 }, () => present(site, browser, "org:delete", proof)));
		const accepted = answers.filter(({ status }) => status === 200);
		expect(accepted).toEqual([{ status: 200, body: { userId, purpose: "org:delete" } }]);
		expect(answers.filter(({ status }) => status === 403)).toHaveLength(9);
	});

	it("is refused for another purpose, and the attempt uses it up", async () => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(site);
		const proof = await proofFor(browser, authenticator, "transfer");
		expect(await present(site, browser, "org:delete", proof)).toMatchObject(REQUIRED);
		expect(await present(site, browser, "transfer", proof)).toMatchObject(REQUIRED);
		expect(site.log().at(-2)).toMatch(
			/step-up refused: STEP_UP_REQUIRED the proof belongs to another session, user or purpose/,
		);
		expect(site.log().at(-1)).toMatch(/step-up refused: STEP_UP_REQUIRED the proof is unknown, used or expired/);
	});

	it("is refused in another session, of the same user or of another", async () => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(site);
		const second = site.browser();
		await second.signIn(authenticator);
		const bob = await signedIn(site, "bob@example.com");
		for (const other of [second, bob.browser]) {
			const proof = await proofFor(browser, authenticator, "transfer");
			expect(await present(site, other, "transfer", proof)).toMatchObject(REQUIRED);
		}
	});

	it("is refused after its session has signed out", async () => {
		const site = await openSite({}, { session: { cookieCache: { enabled: true, maxAge: 300 } } });
		const { browser, authenticator } = await signedIn(site);
		const stolen = browser.copy();
		const proof = await proofFor(browser, authenticator, "transfer");
		await browser.signOut();
		expect(await present(site, stolen, "transfer", proof)).toMatchObject(UNAUTHORIZED);
	});

	it("expires", async () => {
		const site = await openSite({ stepUp: { expiresIn: 10 } });
		const { browser, authenticator } = await signedIn(site);
		const { body } = await browser.stepUp(authenticator, "transfer");
		const { proof, expiresAt } = body as unknown as { proof: string; expiresAt: string };
		expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(10_000);
		await site.db.update({
			model: "verification",
			where: [{ field: "identifier", value: `passkey-proof:${proof}` }],
			update: { expiresAt: new Date(Date.now() - 1) },
		});
		expect(await present(site, browser, "transfer", proof)).toMatchObject(REQUIRED);
	});

	it("cannot be the id of a ceremony or any other value that was not issued as a proof", async () => {
		const site = await openSite();
		const { browser } = await signedIn(site);
		const { ceremonyId } = await optionsFor(browser, "transfer");
		for (const forged of [ceremonyId, "x".repeat(32), "x".repeat(9999), "", null, undefined, { $ne: "" }]) {
			expect(await present(site, browser, "transfer", forged)).toMatchObject(REQUIRED);
		}
	});

	it("works if sessions and proofs are only in secondary storage", async () => {
		const secondaryStorage = memoryStorage();
		const site = await openSite({}, { secondaryStorage });
		const { browser, authenticator, userId } = await signedIn(site);
		const proof = await proofFor(browser, authenticator, "transfer");
		expect(secondaryStorage.keys()).toContain(`verification:passkey-proof:${proof}`);
		expect(await present(site, browser, "transfer", proof)).toMatchObject({ status: 200, body: { userId } });
		expect(await present(site, browser, "transfer", proof)).toMatchObject(REQUIRED);
	});

	it("cannot be checked or used up by a request", async () => {
		const site = await openSite();
		const { browser, authenticator } = await signedIn(site);
		const proof = await proofFor(browser, authenticator, "transfer");
		for (const path of [
			"/passkey/require-passkey-proof",
			"/require-passkey-proof",
			"/requirePasskeyProof",
			"/undefined",
		]) {
			const answer = await browser.fetch(`http://localhost:3000/api/auth${path}`, {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify({ purpose: "transfer", proof }),
			});
			expect(answer.status).toBe(404);
		}
		expect(await present(site, browser, "transfer", proof)).toMatchObject({ status: 200 });
	});
});
