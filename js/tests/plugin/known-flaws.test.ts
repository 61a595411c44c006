// One test for each kind of flaw that passkey servers had and that has no advisory. As in advisories.test.ts, each test
// also shows that the corresponding action of an honest client works.
import * as core from "touchstone-webauthn";
import * as attested from "touchstone-webauthn/attestation";
import { afterEach, describe, expect, it, vi } from "vitest";
import { encode, SoftwareAuthenticator } from "../support/authenticator.js";
import { concat, encodeCbor } from "../support/cbor.js";
import { expectRefusal } from "../support/refusal.js";
import { type Browser, enrolled, openSite, type Site } from "../support/site.js";
import { cases } from "../support/vectors.js";
import { expectVerdicts } from "../support/verdicts.js";

const FAILED = { status: 401, code: "AUTHENTICATION_FAILED" };
const NOT_REGISTERED = { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION" };
const NO_CHALLENGE = { status: 400, code: "CHALLENGE_NOT_FOUND" };
const MISMATCH = { status: 403, code: "SESSION_MISMATCH" };
const AUTHENTICATION = ["ES256/authentication", "EdDSA/authentication", "RS256/authentication"];
const REGISTRATION = ["none.ES256/registration", "packed-self.EdDSA/registration", "none.RS256/registration"];

afterEach(() => void vi.useRealTimers());

type Member = Awaited<ReturnType<typeof enrolled>>;

async function open(...args: Parameters<typeof openSite>) {
	const site = await openSite(...args);
	return { site, ada: await enrolled(site, "ada@example.com") };
}

async function expectSignIn({ browser, authenticator, userId }: Member) {
	expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
}

async function expectAdded(browser: Browser) {
	expect((await browser.addPasskey(new SoftwareAuthenticator())).status).toBe(200);
}

/** Checks that these bytes are refused as an attestation object, and that the server then accepts an honest one. */
async function expectObjectRefused(site: Site, ada: Member, bytes: Uint8Array, reason: string) {
	const status = reason.endsWith("TOO_LARGE") ? 413 : 400;
	const attempt = () => ada.browser.addPasskey(new SoftwareAuthenticator(), { attestationObject: bytes });
	await expectRefusal(site, attempt, { ...NOT_REGISTERED, status, reason });
	await expectAdded(ada.browser);
}

describe("flaws in how a ceremony is bound", () => {
	it("challenge replay: a challenge is consumed before its response is read, and fits one ceremony", async () => {
		const { site, ada } = await open();
		const { browser, authenticator } = ada;
		const response = authenticator.authenticate(await browser.requestOptions());
		const [second, third] = [browser.copy(), browser.copy()];
		expect(await browser.verifyAuthentication("not even a response")).toMatchObject({ status: 401 });
		await expectRefusal(site, () => second.verifyAuthentication(response), NO_CHALLENGE);

		const rebound = authenticator.authenticate(await browser.requestOptions(), { rpId: "evil.example" });
		const elsewhere = () => browser.verifyAuthentication(rebound);
		await expectRefusal(site, elsewhere, { ...FAILED, reason: "RP_ID_MISMATCH" });

		await expectSignIn(ada);
		const ofRegistration = await browser.creationOptions();
		const { ceremonyId, challenge } = ofRegistration;
		const asSignIn = authenticator.authenticate({ challenge, rpId: ofRegistration.rp.id });
		const crossed = () => third.verifyAuthentication(asSignIn, { ceremonyId });
		await expectRefusal(site, crossed, NO_CHALLENGE);
		await expectAdded(browser);
	});

	it("expiry not enforced: a response after five minutes is refused", async () => {
		const { site, ada } = await open();
		const minutesLater = (minutes: number) =>
			vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });
		const early = ada.authenticator.authenticate(await ada.browser.requestOptions());
		minutesLater(4);
		expect((await ada.browser.verifyAuthentication(early)).status).toBe(200);
		const signIn = ada.authenticator.authenticate(await ada.browser.requestOptions());
		const copy = ada.browser.copy();
		const added = new SoftwareAuthenticator().register(await ada.browser.creationOptions());
		minutesLater(6);
		await expectRefusal(site, () => copy.verifyAuthentication(signIn), NO_CHALLENGE);
		await expectRefusal(site, () => ada.browser.verifyRegistration(added), NO_CHALLENGE);
	});

	it("session fixation: a sign-in creates a new session and does not take over a planted one", async () => {
		const { site, ada } = await open();
		const name = "better-auth.session_token";
		const eve = await enrolled(site, "eve@example.com");
		await expectSignIn(eve);
		const planted = String(eve.browser.cookies.get(name));
		ada.browser.cookies.set(name, planted);
		const response = ada.authenticator.authenticate({
			...(await ada.browser.requestOptions()),
			allowCredentials: undefined,
		});
		await expectRefusal(site, () => ada.browser.verifyAuthentication(response), MISMATCH);

		ada.browser.cookies.set(name, "planted.by-somebody");
		await expectSignIn(ada);
		const own = ada.browser.cookies.get(name);
		await expectSignIn(ada);
		expect(new Set([planted, "planted.by-somebody", own, ada.browser.cookies.get(name)]).size).toBe(4);
		expect(await eve.browser.session()).toMatchObject({ user: { id: eve.userId } });
	});

	it("pre-registration hijack: a passkey cannot be added to an account without its session", async () => {
		const { site, ada } = await open();
		const stranger = site.browser();
		const before = await site.passkeys();
		expect((await stranger.get("/passkey/generate-register-options?context=ada@example.com")).status).toBe(401);
		await expectSignIn(ada);
		const options = await ada.browser.creationOptions();
		const made = new SoftwareAuthenticator().register(options);
		const { ceremonyId } = options;
		expect((await stranger.verifyRegistration(made, { ceremonyId })).status).toBe(401);
		expect(await site.passkeys()).toHaveLength(before.length);
		expect((await ada.browser.verifyRegistration(made, { ceremonyId })).status).toBe(200);
		const unnamed = await openSite({ registration: { requireSession: false } });
		const refused = await unnamed.browser().get("/passkey/generate-register-options?context=ada@example.com");
		expect(refused).toMatchObject({ status: 400, body: { code: "RESOLVE_USER_REQUIRED" } });
	});

	it("silent session switch: a signed-in user remains the same user", async () => {
		const { site, ada } = await open();
		const eve = await enrolled(site, "eve@example.com");
		const { ceremonyId, ...anonymous } = await ada.browser.requestOptions();
		await expectSignIn(ada);
		const response = eve.authenticator.authenticate(anonymous);
		await expectRefusal(site, () => ada.browser.verifyAuthentication(response, { ceremonyId }), MISMATCH);
		expect(await ada.browser.session()).toMatchObject({ user: { id: ada.userId } });
		await ada.browser.signOut();
		await expectSignIn({ ...eve, browser: ada.browser });
	});

	it("enumeration by lists: an account's allowed and excluded credentials are not revealed", async () => {
		let userId = "";
		const registration = { requireSession: false, resolveUser: () => ({ id: userId, name: "ada@example.com" }) };
		const { site, ada } = await open({ registration });
		userId = ada.userId;
		const stranger = site.browser();
		expect(await stranger.requestOptions()).not.toHaveProperty("allowCredentials");
		const options = await stranger.creationOptions();
		expect(options.excludeCredentials).toEqual([]);
		expect(options.user.id).not.toBe(ada.authenticator.credentials[0]?.userHandle);
		await expectSignIn(ada);
		expect((await ada.browser.requestOptions()).allowCredentials).toHaveLength(1);
		expect((await ada.browser.creationOptions()).excludeCredentials).toHaveLength(1);
	});

	it("duplicate credential: one credential has one owner, even if two users register it at once", async () => {
		const { site, ada } = await open();
		const credentialId = String(ada.authenticator.credentials[0]?.id);
		const [eve, mallory] = [site.browser(), site.browser()];
		for (const [index, browser] of [eve, mallory].entries()) await browser.signUp(`other${index}@example.com`);
		const add = () => eve.addPasskey(new SoftwareAuthenticator(), { credentialId });
		await expectRefusal(site, add, { status: 400, code: "PREVIOUSLY_REGISTERED" });
		const shared = { credentialId: encode(crypto.getRandomValues(new Uint8Array(16))) };
		const answers = await Promise.all(
			[eve, mallory].map((browser) => browser.addPasskey(new SoftwareAuthenticator(), shared)),
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
		expect(await site.passkeys()).toHaveLength(2);
		await expectSignIn(ada);
	});

	it("counter race and lock-out: one of several equal counters signs in, then no lower but a higher one", async () => {
		const { site, ada } = await open();
		const attempts = await Promise.all(
			Array.from({ length: 5 }, async () => {
				const copy = ada.browser.copy();
				return { copy, response: ada.authenticator.authenticate(await copy.requestOptions(), { counter: 7 }) };
			}),
		);
		const answers = await Promise.all(attempts.map(({ copy, response }) => copy.verifyAuthentication(response)));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
		const lower = () => ada.browser.signIn(ada.authenticator, { counter: 6 });
		await expectRefusal(site, lower, { ...FAILED, reason: "SIGNATURE_COUNTER_MISMATCH" });
		expect((await ada.browser.signIn(ada.authenticator, { counter: 8 })).status).toBe(200);
		const uncounted = await enrolled(site, "uncounted@example.com");
		for (let times = 0; times < 3; times++) await expectSignIn(uncounted);
	});
});

describe("flaws in parsing", () => {
	it("CBOR key confusion: duplicate keys, keys of other types and non-minimal lengths are refused", async () => {
		const { site, ada } = await open();
		await expectSignIn(ada);
		const name = encodeCbor("fmt");
		const members = [name, encodeCbor("none"), encodeCbor("attStmt"), encodeCbor(new Map())];
		const twice = concat(Uint8Array.of(0xa3), ...members, name, encodeCbor("packed"));
		await expectObjectRefused(site, ada, twice, "CBOR_DUPLICATE");
		// A map with the key true, and the key "fmt" whose length uses more bytes than necessary.
		const boolean = concat(Uint8Array.of(0xa1, 0xf5), encodeCbor("none"));
		await expectObjectRefused(site, ada, boolean, "ATTESTATION_OBJECT_MALFORMED");
		const long = concat(Uint8Array.of(0xa1, 0x78, 3, ...name.slice(1)), encodeCbor("none"));
		await expectObjectRefused(site, ada, long, "CBOR_MALFORMED");
	});

	it("CBOR exhaustion: deep nesting and excessive lengths are refused, and the next ceremony works", async () => {
		const { site, ada } = await open();
		await expectSignIn(ada);
		const deep = concat(new Uint8Array(5000).fill(0x81), Uint8Array.of(0));
		await expectObjectRefused(site, ada, deep, "CBOR_TOO_LARGE");
		for (const head of [0x5b, 0x7b, 0x9b, 0xbb]) {
			const announced = Uint8Array.of(head, 0x7f, ...new Uint8Array(7).fill(0xff));
			await expectObjectRefused(site, ada, announced, "CBOR_MALFORMED");
		}
	});

	it("trailing data: bytes after authenticator data, attestation object, client data or key are refused", async () => {
		const { site, ada } = await open();
		const trailing = { trailing: Uint8Array.of(0) };
		const reason = "AUTHENTICATOR_DATA_TRAILING_DATA";
		await expectRefusal(site, () => ada.browser.signIn(ada.authenticator, trailing), { ...FAILED, reason });
		await expectSignIn(ada);
		const add = () => ada.browser.addPasskey(new SoftwareAuthenticator(), trailing);
		await expectRefusal(site, add, { ...NOT_REGISTERED, reason });
		await expectAdded(ada.browser);
		await expectVerdicts(core, {
			accepted: REGISTRATION,
			refused: {
				"object-trailing/registration": "CBOR_TRAILING_DATA",
				"client-data-trailing/registration": "CLIENT_DATA_MALFORMED",
				"data-trailing-key/registration": reason,
			},
		});
	});

	it("credential id: it must be the same everywhere; credential id and user handle must not be too long", () =>
		expectVerdicts(core, {
			accepted: [...REGISTRATION, ...AUTHENTICATION, "known-user-handle/authentication"],
			refused: {
				"id-not-raw-id/registration": "CREDENTIAL_ID_MISMATCH",
				"id-not-attested/registration": "CREDENTIAL_ID_MISMATCH",
				"id-not-on-record/authentication": "CREDENTIAL_ID_MISMATCH",
				"id-too-long/registration": "CREDENTIAL_ID_TOO_LARGE",
				"attested-id-too-long/registration": "CREDENTIAL_ID_TOO_LARGE",
				"handle-too-long/authentication": "USER_HANDLE_MALFORMED",
				"handle-of-another/authentication": "USER_HANDLE_MISMATCH",
			},
		}));

	it("algorithm confusion: type, curve and algorithm of a key must match, and unknown ones are refused", () =>
		expectVerdicts(core, {
			accepted: REGISTRATION,
			refused: {
				"key-of-another-algorithm/registration": "COSE_KEY_MISMATCH",
				"key-on-another-curve/registration": "COSE_KEY_MISMATCH",
				"key-of-an-unknown-algorithm/registration": "ALGORITHM_UNSUPPORTED",
				"key-of-no-algorithm/registration": "COSE_KEY_MALFORMED",
				"key-of-no-type/registration": "COSE_KEY_MALFORMED",
				"key-not-offered/registration": "ALGORITHM_FORBIDDEN",
				"key-off-its-curve/registration": "PUBLIC_KEY_INVALID",
				"statement-of-another-algorithm/registration": "ATTESTATION_ALGORITHM_MISMATCH",
			},
		}));

	it("DER malleability: only one encoding of an ECDSA signature is accepted", async () => {
		const { site, ada } = await open();
		const spoilt: ((der: Buffer) => Uint8Array)[] = [
			(der) => concat(Uint8Array.of(0x30, 0x81), der.subarray(1)),
			(der) => concat(Uint8Array.of(0x30, der.length - 1, 2, Number(der[3]) + 1, 0), der.subarray(4)),
			(der) => concat(der, Uint8Array.of(0)),
			(der) => concat(Uint8Array.of(0x30, der.length), der.subarray(2), Uint8Array.of(5, 0)),
			(der) => concat(Uint8Array.of(0x30, 0x80), der.subarray(2), Uint8Array.of(0, 0)),
			(der) => der.subarray(0, -1),
		];
		for (const spoil of spoilt) {
			const honest = ada.authenticator.authenticate(await ada.browser.requestOptions());
			const signature = encode(spoil(Buffer.from(honest.response.signature, "base64url")));
			const response = { ...honest, response: { ...honest.response, signature } };
			const attempt = () => ada.browser.verifyAuthentication(response);
			await expectRefusal(site, attempt, { ...FAILED, reason: "SIGNATURE_INVALID" });
		}
		await expectSignIn(ada);
	});

	it("flags and RP ID: backup requires eligibility, and the RP ID must match", async () => {
		const { site, ada } = await open();
		for (const [deviations, reason] of [
			[{ backupEligible: false, backedUp: true }, "BACKUP_STATE_MISMATCH"],
			[{ rpId: "example.com" }, "RP_ID_MISMATCH"],
		] as const) {
			const signIn = () => ada.browser.signIn(ada.authenticator, deviations);
			await expectRefusal(site, signIn, { ...FAILED, reason });
		}
		expect((await ada.browser.signIn(ada.authenticator, { backedUp: false })).status).toBe(200);
		expect(await site.passkeys()).toMatchObject([{ backedUp: false, deviceType: "multiDevice" }]);
	});

	it("cross-origin: a ceremony in a frame is refused; if it is allowed, its top origin is checked", async () => {
		const { site, ada } = await open();
		const reason = "CROSS_ORIGIN_FORBIDDEN";
		for (const framed of [{ crossOrigin: true }, { crossOrigin: true, topOrigin: "https://top.example" }]) {
			await expectRefusal(site, () => ada.browser.signIn(ada.authenticator, framed), { ...FAILED, reason });
		}
		await expectSignIn(ada);
		const add = () => ada.browser.addPasskey(new SoftwareAuthenticator(), { crossOrigin: true });
		await expectRefusal(site, add, { ...NOT_REGISTERED, reason });
		await expectVerdicts(core, {
			accepted: ["expected-top-origin/authentication"],
			refused: {
				"another-top-origin/authentication": "TOP_ORIGIN_MISMATCH",
				"top-origin-alone/authentication": reason,
				"framed/authentication": reason,
			},
		});
	});
});

describe("flaws in attestation", () => {
	it("TPM, SafetyNet and compound: every part of the statement is verified", () =>
		expectVerdicts(attested, {
			accepted: ["tpm.ES256", "tpm.RS256", "android-safetynet", "compound"].map((name) => `${name}/registration`),
			refused: {
				"tpm-without-its-magic/registration": "ATTESTATION_STATEMENT_MALFORMED",
				"tpm-of-another-key/registration": "ATTESTATION_KEY_MISMATCH",
				"tpm-of-another-registration/registration": "ATTESTATION_DATA_MISMATCH",
				"tpm-of-another-name/registration": "ATTESTATION_DATA_MISMATCH",
				"tpm-by-another-key/registration": "SIGNATURE_INVALID",
				"safetynet-of-another-nonce/registration": "ATTESTATION_DATA_MISMATCH",
				"safetynet-of-1970/registration": "ATTESTATION_DATA_MISMATCH",
				"safetynet-of-a-changed-device/registration": "ATTESTATION_DATA_MISMATCH",
				"safetynet-of-another-host/registration": "ATTESTATION_CERTIFICATE_INVALID",
				"compound-in-a-compound/registration": "ATTESTATION_STATEMENT_MALFORMED",
				"compound-with-one-that-is-invalid/registration": "SIGNATURE_INVALID",
				"compound-of-one/registration": "ATTESTATION_STATEMENT_MALFORMED",
			},
		}));

	it("AAGUID list without attestation: the server does not start with this configuration", async () => {
		const known = cases("tests/vectors/attestation.json").find(
			({ name }) => name === "packed.known-model/registration",
		);
		const aaguids = known?.aaguids ?? [];
		const anchors = (known?.trustAnchors ?? []).map((anchor) => new Uint8Array(Buffer.from(anchor, "base64url")));
		const configError = expect.objectContaining({ code: "POLICY_MALFORMED" });
		expect(() => attested.attestation({ aaguids })).toThrow(configError);
		expect(() => attested.attestation({ aaguids, anchors, requireTrusted: false })).toThrow(configError);
		expect(attested.attestation({ aaguids, anchors })).toMatchObject({ conveyance: "direct" });
		await expectVerdicts(attested, {
			accepted: ["packed.known-model/registration"],
			refused: {
				"models-without-trust/registration": "POLICY_MALFORMED",
				"model-not-accepted/registration": "AAGUID_FORBIDDEN",
			},
		});
	});
});
