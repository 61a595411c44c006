// One test, named by its identifier, for each published advisory on a passkey server or on Better Auth. Each test shows
// that the flaw does not exist here, and that the corresponding action of an honest client works.
import * as attestation from "touchstone-webauthn/attestation";
import { describe, expect, it } from "vitest";
import { EDDSA, encode, SoftwareAuthenticator } from "../support/authenticator.js";
import { concat } from "../support/cbor.js";
import { expectRefusal } from "../support/refusal.js";
import { type Browser, enrolled, openSite, type Site } from "../support/site.js";
import { expectVerdicts } from "../support/verdicts.js";

const FAILED = { status: 401, code: "AUTHENTICATION_FAILED" };
const NOT_REGISTERED = { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION" };
const NOT_YOURS = { status: 401, code: "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY" };
const MISMATCH = { status: 403, code: "SESSION_MISMATCH" };
const NO_CHALLENGE = { status: 400, code: "CHALLENGE_NOT_FOUND" };

async function open(...args: Parameters<typeof openSite>) {
	const site = await openSite(...args);
	const ada = await enrolled(site, "ada@example.com");
	const eve = await enrolled(site, "eve@example.com");
	return { site, ada, eve };
}

type Member = Awaited<ReturnType<typeof enrolled>>;

async function expectSignIn({ browser, authenticator, userId }: Member) {
	expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
}

const ownPasskeys = async (site: Site, userId: string) =>
	(await site.passkeys()).filter((row) => row.userId === userId);

describe("advisories on Better Auth", () => {
	it("GHSA-4vcf-q4xf-f48m: a user cannot remove or rename another user's passkey by its id", async () => {
		const { site, ada, eve } = await open();
		await expectSignIn(eve);
		const remove = { id: ada.passkeyId };
		const before = await site.passkeys();
		expect((await eve.browser.post("/passkey/delete-passkey", remove)).status).toBe(401);
		expect((await eve.browser.post("/passkey/update-passkey", { ...remove, name: "Mine" })).status).toBe(401);
		expect(await site.passkeys()).toEqual(before);

		// The statement itself contains the owner: a passkey that changes its owner after the lookup is kept.
		await expectSignIn(ada);
		const { adapter } = await site.auth.$context;
		const { findMany, findOne } = adapter;
		const thenMoved = (find: (query: never) => Promise<unknown>) => async (query: { model: string }) => {
			const found = await find(query as never);
			if (query.model === "passkey") await move(site, ada.passkeyId, eve.userId);
			return found;
		};
		Object.assign(adapter, { findMany: thenMoved(findMany), findOne: thenMoved(findOne) });
		expect((await ada.browser.post("/passkey/delete-passkey", remove)).status).not.toBe(200);
		await move(site, ada.passkeyId, ada.userId);
		expect((await ada.browser.post("/passkey/update-passkey", { ...remove, name: "Mine" })).status).not.toBe(200);
		Object.assign(adapter, { findMany, findOne });
		expect(await ownPasskeys(site, eve.userId)).toMatchObject([{ name: null }, { name: null }]);
		await move(site, ada.passkeyId, ada.userId);
		expect((await ada.browser.post("/passkey/delete-passkey", remove)).status).toBe(200);
	});

	it("GHSA-xg6x-h9c9-2m83: the cookie cache does not replace a revoked session", async () => {
		const { site, ada } = await open({}, { session: { cookieCache: { enabled: true, maxAge: 300 } } });
		await expectSignIn(ada);
		const response = async (browser: Browser) => new SoftwareAuthenticator().register(await browser.creationOptions());
		expect((await ada.browser.verifyRegistration(await response(ada.browser))).status).toBe(200);
		const late = await response(ada.browser);
		await site.db.deleteMany({ model: "session", where: [{ field: "userId", value: ada.userId }] });
		// Each attempt uses a copy, because the first refusal deletes the cookies.
		const cached = () => ada.browser.copy();
		expect(await cached().session()).toMatchObject({ user: { id: ada.userId } });
		const before = await site.passkeys();
		for (const answer of [
			await cached().get("/passkey/generate-register-options"),
			await cached().verifyRegistration(late),
			await cached().post("/passkey/update-passkey", { id: ada.passkeyId, name: "Mine" }),
			await cached().post("/passkey/delete-passkey", { id: ada.passkeyId }),
		]) {
			expect(answer.status).toBe(401);
		}
		expect(await site.passkeys()).toEqual(before);
	});

	it("CVE-2025-61928: the user comes from the session or the credential, never from the request", async () => {
		const { site, ada, eve } = await open();
		const ids = { userId: ada.userId, user: { id: ada.userId }, email: "ada@example.com" };
		const signedIn = await eve.browser.verifyAuthentication(
			eve.authenticator.authenticate(await eve.browser.requestOptions()),
			ids,
		);
		expect(signedIn).toMatchObject({ status: 200, body: { user: { id: eve.userId } } });
		const { body } = await eve.browser.post("/passkey/generate-register-options", ids);
		const { ceremonyId, ...options } = body as unknown as Awaited<ReturnType<Browser["creationOptions"]>>;
		expect(options.user.name).toBe("eve@example.com");
		const response = new SoftwareAuthenticator().register(options);
		const added = await eve.browser.verifyRegistration({ ...response, ...ids }, { ceremonyId, ...ids });
		expect(added).toMatchObject({ status: 200, body: { userId: eve.userId } });
		const listed = await eve.browser.get(`/passkey/list-user-passkeys?userId=${ada.userId}`);
		expect((listed.body as unknown as { userId: string }[]).map(({ userId }) => userId)).toEqual([
			eve.userId,
			eve.userId,
		]);
		const removed = await eve.browser.post("/passkey/delete-passkey", { id: ada.passkeyId, ...ids });
		expect(removed.status).toBe(401);
		expect(await ownPasskeys(site, ada.userId)).toHaveLength(1);
	});

	it("GHSA-p6v2-xcpg-h6xw: another address of the same IPv6 network does not evade the rate limits", async () => {
		const limit = { window: 60, max: 3 };
		const site = await openSite({ rateLimit: { authentication: limit } }, { rateLimit: { enabled: true } });
		const statusFor = async (address: string) => {
			const headers = { "x-forwarded-for": address };
			return (await site.browser().send("/passkey/generate-authenticate-options", { headers })).status;
		};
		const statuses = [];
		for (const host of ["1", "2:3", "ffff:ffff:ffff:ffff", "4"]) {
			const separator = host.split(":").length === 4 ? ":" : "::";
			statuses.push(await statusFor(`2001:db8:61:1${separator}${host}`));
		}
		expect(statuses).toEqual([200, 200, 200, 429]);
		expect(await statusFor("2001:db8:61:2::1")).toBe(200);
	});

	it("GHSA-cq3f-vc6p-68fh: a user cannot finish a ceremony that another user began", async () => {
		const { site, ada, eve } = await open();
		for (const { browser, authenticator } of [ada, eve]) await browser.signIn(authenticator);
		const registration = await eve.browser.creationOptions();
		const made = new SoftwareAuthenticator().register(registration);
		const { ceremonyId } = registration;
		await expectRefusal(site, () => ada.browser.verifyRegistration(made, { ceremonyId }), NOT_YOURS);

		const request = await eve.browser.requestOptions();
		const approved = ada.authenticator.authenticate({ ...request, allowCredentials: undefined });
		await expectRefusal(site, () => eve.browser.verifyAuthentication(approved), MISMATCH);

		expect((await eve.browser.addPasskey(new SoftwareAuthenticator())).status).toBe(200);
		await expectSignIn(eve);
	});
});

function move(site: Site, id: string, userId: string) {
	return site.db.update({ model: "passkey", where: [{ field: "id", value: id }], update: { userId } });
}

describe("advisories on other servers", () => {
	it("GHSA-6hxq-p678-4hr2: a root in the attestation itself is not a trust anchor", async () => {
		await expectVerdicts(attestation, {
			accepted: ["packed/registration", "packed.with-its-root/registration", "packed.second-anchor/registration"],
			refused: {
				"brings-its-own-root/registration": "ATTESTATION_UNTRUSTED",
				"brings-a-root-of-the-same-name/registration": "CERTIFICATE_SIGNATURE_INVALID",
				"brings-the-true-root-below-another-chain/registration": "ATTESTATION_UNTRUSTED",
				"anchor-of-the-same-name/registration": "CERTIFICATE_SIGNATURE_INVALID",
				"leaf-signs-itself/registration": "ATTESTATION_UNTRUSTED",
				"intermediate-is-no-ca/registration": "CERTIFICATE_USE_FORBIDDEN",
				"intermediate-signs-no-certificates/registration": "CERTIFICATE_USE_FORBIDDEN",
				"path-too-long/registration": "CERTIFICATE_USE_FORBIDDEN",
				"leaf-expired/registration": "CERTIFICATE_EXPIRED",
				"intermediate-expired/registration": "CERTIFICATE_EXPIRED",
				"trust-without-anchors/registration": "POLICY_MALFORMED",
			},
		});
	});

	it("CVE-2026-46419: owner, ceremony, user handle and allowed credentials must belong to one user", async () => {
		const { site, ada, eve } = await open();
		await expectSignIn(ada);
		const request = async () => ({ ...(await ada.browser.requestOptions()), allowCredentials: undefined });
		const of = (response: unknown) => () => ada.browser.verifyAuthentication(response);
		await expectRefusal(site, of(eve.authenticator.authenticate(await request())), MISMATCH);

		const userHandle = String(eve.authenticator.credentials[0]?.userHandle);
		const disguised = ada.authenticator.authenticate(await request(), { userHandle });
		await expectRefusal(site, of(disguised), { ...FAILED, reason: "USER_HANDLE_MISMATCH" });

		const options = await request();
		const later = new SoftwareAuthenticator();
		expect((await ada.browser.copy().addPasskey(later)).status).toBe(200);
		await expectRefusal(site, of(later.authenticate(options)), { ...FAILED, reason: "CREDENTIAL_ID_FORBIDDEN" });
		await expectSignIn(ada);
	});

	const expectOrigins = async (origin: string, rpID: string, others: string[]) => {
		const site = await openSite({ rpID, origin });
		const member = await enrolled(site, "ada@example.com", new SoftwareAuthenticator({ origin }));
		for (const elsewhere of others) {
			const signIn = () => member.browser.signIn(member.authenticator, { origin: elsewhere });
			await expectRefusal(site, signIn, { ...FAILED, reason: "ORIGIN_MISMATCH" });
		}
		await expectSignIn(member);
		for (const elsewhere of others) {
			const add = () => member.browser.addPasskey(new SoftwareAuthenticator({ origin: elsewhere }));
			await expectRefusal(site, add, { ...NOT_REGISTERED, reason: "ORIGIN_MISMATCH" });
		}
	};

	it("CVE-2026-30964: an origin is compared by scheme, host and port, not by host alone", () =>
		expectOrigins("https://example.com", "example.com", [
			...["http://example.com", "https://example.com:8443", "https://example.com:443", "https://example.com/"],
			...["wss://example.com", "android:apk-key-hash:example.com", "https://EXAMPLE.com", "example.com", "null"],
		]));

	it("webauthn-rs d2c10d5 (CWE-290): the end of a host name is not treated as its domain", () =>
		expectOrigins("https://example.com", "example.com", [
			...["https://evil-example.com", "https://evilexample.com", "https://example.com.evil.example"],
			...["https://www.example.com", "https://example.com@evil.example", "https://example.co"],
		]));

	it("CVE-2026-28787: the challenge comes from the store and never from the request", async () => {
		const { site, ada } = await open();
		const { browser, authenticator } = ada;
		const own = { challenge: encode(crypto.getRandomValues(new Uint8Array(32))) };
		const forged = authenticator.authenticate({ ...(await browser.requestOptions()), ...own });
		const claims = { ...own, expectedChallenge: own.challenge, options: own };
		const attempt = () => browser.verifyAuthentication({ ...forged, ...own }, claims);
		await expectRefusal(site, attempt, { ...FAILED, reason: "CHALLENGE_MISMATCH" });
		await expectRefusal(site, attempt, NO_CHALLENGE);

		const response = authenticator.authenticate(await browser.requestOptions());
		expect((await browser.verifyAuthentication(response)).status).toBe(200);
		await expectRefusal(site, () => browser.verifyAuthentication(response, claims), NO_CHALLENGE);
	});

	it("CVE-2026-8830: the server enforces what its options require", async () => {
		const { site, ada } = await open({ algorithms: [-7] });
		await expectSignIn(ada);
		const others = new SoftwareAuthenticator({ algorithm: EDDSA });
		const forbidden = { ...NOT_REGISTERED, reason: "ALGORITHM_FORBIDDEN" };
		await expectRefusal(site, () => ada.browser.addPasskey(others), forbidden);
		const unverified = { userVerified: false };
		const missing = "USER_VERIFICATION_MISSING";
		const add = () => ada.browser.addPasskey(new SoftwareAuthenticator(), unverified);
		await expectRefusal(site, add, { ...NOT_REGISTERED, reason: missing });
		const signIn = () => ada.browser.signIn(ada.authenticator, unverified);
		await expectRefusal(site, signIn, { ...FAILED, reason: missing });
		expect((await ada.browser.addPasskey(new SoftwareAuthenticator())).status).toBe(200);
		await expectSignIn(ada);
	});

	it("CVE-2022-21449: an ECDSA signature with r or s equal to zero or the group order is refused", async () => {
		const { site, ada } = await open();
		const order = Buffer.from("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
		const [zero, one] = [Uint8Array.of(0), Uint8Array.of(1)];
		for (const [r, s] of [
			...([
				[zero, zero],
				[zero, one],
				[one, zero],
			] as const),
			...([
				[order, order],
				[order, one],
				[one, order],
			] as const),
		]) {
			const honest = ada.authenticator.authenticate(await ada.browser.requestOptions());
			const integers = concat(...[r, s].map((number) => concat(Uint8Array.of(2, number.length), number)));
			const signature = encode(concat(Uint8Array.of(0x30, integers.length), integers));
			const forged = { ...honest, response: { ...honest.response, signature } };
			const attempt = () => ada.browser.verifyAuthentication(forged);
			await expectRefusal(site, attempt, { ...FAILED, reason: "SIGNATURE_INVALID" });
		}
		await expectSignIn(ada);
	});

	it("CVE-2025-26788: a user's ceremony does not sign in another user after the session has ended", async () => {
		const { site, ada, eve } = await open();
		await expectSignIn(ada);
		const options = await ada.browser.requestOptions();
		ada.browser.cookies.delete("better-auth.session_token");
		const other = eve.authenticator.authenticate({ ...options, allowCredentials: undefined });
		await expectRefusal(site, () => ada.browser.verifyAuthentication(other), MISMATCH);
		await expectSignIn(ada);
	});

	it("CVE-2024-39912: options without a session reveal nothing about an account", async () => {
		const { site, ada } = await open();
		const shape = async (body: object) => {
			const answer = await site.browser().post("/passkey/generate-authenticate-options", body);
			expect(answer.status).toBe(200);
			return { ...answer.body, challenge: "", ceremonyId: "" };
		};
		const names = ["ada@example.com", "nobody@example.com"];
		const anonymous = await Promise.all(names.map((email) => shape({ email, username: email, userId: ada.userId })));
		expect(anonymous[0]).toEqual(anonymous[1]);
		expect(anonymous[0]).not.toHaveProperty("allowCredentials");
		await expectSignIn(ada);
		expect((await ada.browser.requestOptions()).allowCredentials).toHaveLength(1);
	});

	it("CVE-2021-38299: user presence is checked in both ceremonies", async () => {
		const { site, ada } = await open();
		const absent = { userPresent: false };
		const reason = "USER_PRESENCE_MISSING";
		await expectRefusal(site, () => ada.browser.signIn(ada.authenticator, absent), { ...FAILED, reason });
		await expectSignIn(ada);
		const add = () => ada.browser.addPasskey(new SoftwareAuthenticator(), absent);
		await expectRefusal(site, add, { ...NOT_REGISTERED, reason });
		expect((await ada.browser.addPasskey(new SoftwareAuthenticator())).status).toBe(200);
	});
});
