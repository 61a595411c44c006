import { APIError } from "better-auth/api";
import { describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { type Answer, enrolled, openSite } from "../../support/site.js";

const FAILED = { status: 401, code: "AUTHENTICATION_FAILED" };

const sessionIdOf = ({ body }: Answer) => (body as { session?: { id: string } }).session?.id;

describe("onEvent", () => {
	it("receives what happened to a passkey, in order", async () => {
		const site = await openSite();
		const browser = site.browser();
		const userId = await browser.signUp("ada@example.com");
		const authenticator = new SoftwareAuthenticator();
		const { body } = await browser.addPasskey(authenticator);
		const passkeyId = (body as unknown as { id: string }).id;
		const sessionId = sessionIdOf(await browser.signIn(authenticator));
		await browser.post("/passkey/update-passkey", { id: passkeyId, name: "Phone" });
		await browser.post("/passkey/delete-passkey", { id: passkeyId });
		await browser.signOut();
		await browser.signIn(authenticator);
		const about = { userId, passkeyId };
		expect(site.events).toEqual([
			{ type: "passkey.registered", ...about },
			{ type: "passkey.authenticated", ...about },
			{ type: "session.created", ...about, sessionId },
			{ type: "passkey.updated", ...about },
			{ type: "passkey.deleted", ...about },
			{ type: "passkey.authentication_failed", code: "PASSKEY_NOT_FOUND" },
		]);
	});

	it("receives the session that a registration created", async () => {
		const site = await openSite();
		const browser = site.browser();
		const userId = await browser.signUp("ada@example.com");
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const answer = await browser.verifyRegistration(response, { createSession: true });
		const about = { userId, passkeyId: (answer.body as { id?: string }).id };
		expect(site.events).toEqual([
			{ type: "passkey.registered", ...about },
			{ type: "session.created", ...about, sessionId: sessionIdOf(answer) },
		]);
	});

	it("receives the reason why a session was refused, also one that a database hook chose", async () => {
		const site = await openSite({}, { databaseHooks: { session: { create: { before: async () => mayCreate() } } } });
		let mayCreate = (): false | undefined => undefined;
		const { browser, authenticator, userId, passkeyId } = await enrolled(site, "ada@example.com");
		const failed = { type: "passkey.authentication_failed", userId, passkeyId };
		mayCreate = () => false;
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 500 });
		mayCreate = () => {
			throw new APIError("FORBIDDEN", { code: "BANNED_USER", message: "banned\nuser" });
		};
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 403, body: { code: "BANNED_USER" } });
		expect(site.events).toMatchObject([
			{ ...failed, code: "UNABLE_TO_CREATE_SESSION" },
			{ ...failed, code: "BANNED_USER" },
		]);
		expect(site.log()).toEqual([
			"error [passkey] sign-in refused: UNABLE_TO_CREATE_SESSION",
			'warn [passkey] sign-in refused: BANNED_USER "banned\\nuser"',
		]);
	});

	it("receives more detail than the client, but no secrets", async () => {
		const site = await openSite();
		const { browser, userId, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
		const options = await browser.requestOptions();
		const response = authenticator.authenticate(options, { wrongSignature: true });
		const { body } = await browser.verifyAuthentication(response);
		expect(site.events).toMatchObject([
			{ type: "passkey.authentication_failed", code: "SIGNATURE_INVALID", userId, passkeyId },
		]);
		expect(JSON.stringify(body)).not.toContain("SIGNATURE");
		const told = JSON.stringify(site.events) + site.fullLog.join("\n");
		const secrets = [options.challenge, response.id, response.response.signature, response.response.clientDataJSON];
		for (const secret of secrets) expect(told).not.toContain(secret);
	});

	it.each([
		[
			"throws",
			() => {
				throw new Error("audit is down");
			},
		],
		[
			"rejects",
			async () => {
				throw new Error("audit is down");
			},
		],
		[
			"throws an APIError",
			() => {
				throw new APIError("BAD_REQUEST", { message: "audit is down" });
			},
		],
	])("that %s is logged and does not change the response", async (_, onEvent) => {
		const site = await openSite({ onEvent });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
		expect(await browser.signIn(authenticator, { wrongSignature: true })).toMatchObject({
			status: 401,
			body: { code: "AUTHENTICATION_FAILED" },
		});
		expect(site.log().filter((line) => line.includes("onEvent failed"))).toEqual([
			"error [passkey] onEvent failed for passkey.registered",
			"error [passkey] onEvent failed for passkey.authenticated",
			"error [passkey] onEvent failed for session.created",
			"error [passkey] onEvent failed for passkey.authentication_failed",
		]);
	});
});

describe("authentication.afterVerification", () => {
	it("receives the verified result, after the use is recorded and before a session exists", async () => {
		const seen: unknown[] = [];
		const site = await openSite({
			authentication: {
				afterVerification: async ({ ctx, verification, clientData }) => {
					const rows = await ctx.context.adapter.findMany<{ counter: number }>({ model: "passkey" });
					seen.push(verification.authenticationInfo.userVerified, clientData.id, rows[0]?.counter);
					seen.push(ctx.context.newSession);
				},
			},
		});
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
		expect(seen).toEqual([true, authenticator.credentials[0]?.id, 1, null]);
	});

	it("refuses the sign-in when it throws", async () => {
		const fail = () => {
			throw new Error("outside office hours");
		};
		const site = await openSite({ authentication: { afterVerification: fail } });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const sessions = await site.sessions();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: FAILED.status, body: { code: FAILED.code } });
		expect(site.log()).toEqual(['warn [passkey] sign-in refused: UNKNOWN_ERROR "outside office hours"']);
		expect(await site.sessions()).toEqual(sessions);
	});

	it("determines the error response when it throws an APIError", async () => {
		const fail = () => {
			throw new APIError("PAYMENT_REQUIRED", { code: "PAY_FIRST", message: "pay first" });
		};
		const site = await openSite({ authentication: { afterVerification: fail } });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 402, body: { code: "PAY_FIRST" } });
	});

	it("is not called for a refused assertion", async () => {
		let called = 0;
		const site = await openSite({ authentication: { afterVerification: async () => void called++ } });
		const authenticator = new SoftwareAuthenticator({ counts: true });
		const { browser } = await enrolled(site, "ada@example.com", authenticator);
		await browser.signIn(authenticator, { wrongSignature: true });
		await browser.signIn(authenticator, { counter: 5 });
		await browser.signIn(authenticator, { counter: 5 });
		expect(called).toBe(1);
	});

	it("is not called when another user is signed in", async () => {
		let called = 0;
		const site = await openSite({ authentication: { afterVerification: async () => void called++ } });
		const ada = await enrolled(site, "ada@example.com");
		const bob = site.browser();
		await bob.signUp("bob@example.com");
		const attempt = () => bob.signIn(ada.authenticator);
		await expectRefusal(site, attempt, { status: 403, code: "SESSION_MISMATCH" });
		expect(called).toBe(0);
	});
});
