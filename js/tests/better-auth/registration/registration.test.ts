import { memoryAdapter } from "better-auth/adapters/memory";
import { describe, expect, it } from "vitest";
import { type Deviations, EDDSA, ES256, RS256, SoftwareAuthenticator } from "../../support/authenticator.js";
import { expectRefusal } from "../../support/refusal.js";
import { type Browser, enrolled, openSite } from "../../support/site.js";

const FAILED = { status: 400, code: "FAILED_TO_VERIFY_REGISTRATION" };

const tables = () => ({ user: [], session: [], account: [], verification: [], passkey: [] });

async function signedUp(...args: Parameters<typeof openSite>) {
	const site = await openSite(...args);
	const browser = site.browser();
	const userId = await browser.signUp("ada@example.com");
	return { site, browser, userId };
}

describe("the options for a new passkey", () => {
	it("name the account, not the passkey's label", async () => {
		const { browser } = await signedUp({ rpName: "Example" });
		const options = await browser.creationOptions("?name=Work%20laptop&authenticatorAttachment=platform");
		expect(options).toMatchObject({
			rp: { id: "localhost", name: "Example" },
			user: { name: "ada@example.com", displayName: "ada" },
			authenticatorSelection: {
				authenticatorAttachment: "platform",
				residentKey: "preferred",
				userVerification: "required",
			},
			attestation: "none",
		});
		expect(JSON.stringify(options)).not.toContain("Work laptop");
		expect(Buffer.from(options.challenge, "base64url")).toHaveLength(32);
	});

	it("have one random user handle for all passkeys of a user, and exclude each passkey", async () => {
		const { browser, userId } = await signedUp();
		const authenticators = [new SoftwareAuthenticator(), new SoftwareAuthenticator()];
		const first = await browser.creationOptions();
		expect((await browser.verifyRegistration(authenticators[0]?.register(first))).status).toBe(200);
		const second = await browser.creationOptions();
		expect(second.user.id).toBe(first.user.id);
		expect((await browser.verifyRegistration(authenticators[1]?.register(second))).status).toBe(200);
		const third = await browser.creationOptions();
		expect(third.excludeCredentials.map(({ id }) => id)).toEqual(
			authenticators.map(({ credentials }) => credentials[0]?.id),
		);
		expect(Buffer.from(first.user.id, "base64url")).toHaveLength(32);
		expect(first.user.id).not.toContain(userId);
	});

	it("exclude more passkeys than one page of the database", { timeout: 30_000 }, async () => {
		const { site, browser, userId } = await signedUp({ maxPasskeysPerUser: 1000 });
		for (let index = 0; index < 120; index++) {
			await site.db.create({
				model: "passkey",
				data: {
					userId,
					credentialID: `AAAA${index}`,
					publicKey: "",
					counter: 0,
					deviceType: "multiDevice",
					backedUp: true,
				},
			});
		}
		expect((await browser.creationOptions()).excludeCredentials).toHaveLength(120);
	});

	it("require a fresh session", async () => {
		const { site, browser } = await signedUp({}, { session: { freshAge: 60 } });
		expect(await site.browser().get("/passkey/generate-register-options")).toMatchObject({ status: 401 });
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		await site.db.updateMany({
			model: "session",
			where: [{ field: "userId", operator: "ne", value: "" }],
			update: { createdAt: new Date(Date.now() - 61_000) },
		});
		expect(await browser.get("/passkey/generate-register-options")).toMatchObject({
			status: 403,
			body: { code: "SESSION_NOT_FRESH" },
		});
		expect(await browser.verifyRegistration(response)).toMatchObject({
			status: 403,
			body: { code: "SESSION_NOT_FRESH" },
		});
		expect(await site.passkeys()).toEqual([]);
	});

	it("are refused for a revoked session that the cookie cache still contains", async () => {
		const { site, browser } = await signedUp({}, { session: { cookieCache: { enabled: true, maxAge: 300 } } });
		await site.db.deleteMany({ model: "session", where: [{ field: "userId", operator: "ne", value: "" }] });
		// Each attempt uses a copy, because the first refusal deletes the cookies.
		const cached = () => browser.copy();
		expect(await cached().get("/passkey/list-user-passkeys")).toMatchObject({ status: 200 });
		expect(await cached().get("/passkey/generate-register-options")).toMatchObject({ status: 401 });
		expect(await cached().verifyRegistration({})).toMatchObject({ status: 401 });
		expect(await cached().post("/passkey/delete-passkey", { id: "any" })).toMatchObject({ status: 401 });
		expect(await cached().post("/passkey/update-passkey", { id: "any", name: "x" })).toMatchObject({ status: 401 });
	});

	it("ask for the configured extensions, given as a value or as a function", async () => {
		const { browser } = await signedUp({
			registration: { extensions: { minPinLength: true } },
			authentication: { extensions: async () => ({ appid: "https://example.com" }) },
		});
		expect((await browser.creationOptions()).extensions).toMatchObject({ minPinLength: true });
		expect((await browser.requestOptions()).extensions).toEqual({ appid: "https://example.com" });
	});

	it("refuse a malformed query", async () => {
		const { browser } = await signedUp();
		for (const query of ["?authenticatorAttachment=toaster", "?name=a&name=b", `?name=${"x".repeat(256)}`]) {
			expect(await browser.get(`/passkey/generate-register-options${query}`)).toMatchObject({ status: 400 });
		}
	});
});

describe("a new passkey", () => {
	it.each([
		["ES256", ES256, "none"],
		["EdDSA", EDDSA, "none"],
		["RS256", RS256, "none"],
		["ES256 with packed self attestation", ES256, "packed"],
		["EdDSA with packed self attestation", EDDSA, "packed"],
		["RS256 with packed self attestation", RS256, "packed"],
	] as const)("of %s is stored", async (_, algorithm, attestation) => {
		const { site, browser } = await signedUp();
		const answer = await browser.addPasskey(new SoftwareAuthenticator({ algorithm, attestation }));
		expect(answer.status).toBe(200);
		expect(await site.passkeys()).toHaveLength(1);
	});

	it("is stored in the columns of @better-auth/passkey", async () => {
		const { site, browser, userId } = await signedUp();
		const authenticator = new SoftwareAuthenticator({ synced: false });
		const options = await browser.creationOptions();
		const response = authenticator.register(options, { counter: 5 });
		const answer = await browser.verifyRegistration(response, { name: "  Work laptop " });
		const row = {
			id: expect.any(String),
			name: "Work laptop",
			userId,
			credentialID: response.id,
			publicKey: Buffer.from(authenticator.credentials[0]?.coseKey ?? []).toString("base64"),
			counter: 5,
			deviceType: "singleDevice",
			backedUp: false,
			transports: "internal,hybrid",
			aaguid: "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4",
			lastUsedAt: null,
			updatedAt: null,
			platform: null,
			deviceName: null,
			metadata: null,
			revokedAt: null,
			revokedReason: null,
		};
		expect(await site.passkeys()).toEqual([{ ...row, createdAt: expect.any(Date), userHandle: options.user.id }]);
		expect(answer.body).toEqual({ ...row, createdAt: expect.any(String) });
	});

	it("keeps only transports that fit into a comma-separated column", async () => {
		const { site, browser } = await signedUp();
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const transports = ["usb", "a,b", "", "UPPER", "smart-card", "usb"];
		await browser.verifyRegistration({ ...response, response: { ...response.response, transports } });
		expect(await site.passkeys()).toMatchObject([{ transports: "usb,smart-card" }]);
	});

	it("is accepted from clients that send null for absent members and add unknown members", async () => {
		const { browser } = await signedUp();
		const {
			response,
			clientExtensionResults: _,
			...credential
		} = new SoftwareAuthenticator().register(await browser.creationOptions());
		const answer = await browser.verifyRegistration({
			...credential,
			authenticatorAttachment: null,
			clientExtensionResults: null,
			vendor: { any: "thing" },
			response: { ...response, publicKey: null, publicKeyAlgorithm: null, authenticatorData: null, transports: null },
		});
		expect(answer.status).toBe(200);
	});

	it.each([
		["with a unique index", {}],
		["without one, like tables of @better-auth/passkey", { database: memoryAdapter(tables()) }],
	])("is refused if its credential is already registered for any user, in a table %s", async (_, instance) => {
		const { site, browser } = await signedUp({}, instance);
		const ada = await enrolled(site, "grace@example.com");
		const credentialId = ada.authenticator.credentials[0]?.id ?? "";
		const attempt = () => browser.addPasskey(new SoftwareAuthenticator(), { credentialId });
		await expectRefusal(site, attempt, { status: 400, code: "PREVIOUSLY_REGISTERED" });
	});

	it("is refused if another request stored its credential in the meantime", async () => {
		const { site, browser } = await signedUp();
		const { adapter } = await site.auth.$context;
		const credentialId = "AAAAAAAAAAAAAAAAAAAAAA";
		const bob = site.browser();
		await bob.signUp("bob@example.com");
		const response = new SoftwareAuthenticator().register(await browser.creationOptions(), { credentialId });
		const rival = new SoftwareAuthenticator().register(await bob.creationOptions(), { credentialId });
		const find = adapter.findOne;
		let looks = 0;
		adapter.findOne = (async (query: Parameters<typeof find>[0]) => {
			const found = await find(query);
			// Both requests read before either of them writes.
			if (query.model === "passkey" && ++looks <= 2) await new Promise((resolve) => setTimeout(resolve, 20));
			return found;
		}) as typeof find;
		const answers = await Promise.all([browser.verifyRegistration(response), bob.verifyRegistration(rival)]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
		expect(answers.map(({ body }) => body.code).filter(Boolean)).toEqual(["PREVIOUSLY_REGISTERED"]);
		expect(await site.passkeys()).toHaveLength(1);
	});

	it("belongs to the signed-in user, regardless of the ids in the request", async () => {
		const { site, browser, userId } = await signedUp();
		const bob = await enrolled(site, "bob@example.com");
		const response = new SoftwareAuthenticator().register(await browser.creationOptions(`?userId=${bob.userId}`));
		const ids = { userId: bob.userId, user: { id: bob.userId } };
		const answer = await browser.verifyRegistration({ ...response, ...ids }, ids);
		expect(answer).toMatchObject({ status: 200, body: { userId } });
	});

	it("is refused for a user who did not begin the ceremony", async () => {
		const { site, browser } = await signedUp();
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		const challenge = browser.copy().cookies.get("better-auth.better-auth-passkey") ?? "";
		const bob = site.browser();
		await bob.signUp("bob@example.com");
		bob.cookies.set("better-auth.better-auth-passkey", challenge);
		await expectRefusal(site, () => bob.verifyRegistration(response), {
			status: 401,
			code: "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY",
		});
	});

	it("is refused without a session", async () => {
		const { site, browser } = await signedUp();
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		browser.cookies.delete("better-auth.session_token");
		expect(await browser.verifyRegistration(response)).toMatchObject({ status: 401 });
		expect(await site.passkeys()).toEqual([]);
	});

	const refusals: [string, (browser: Browser) => Promise<unknown>, string][] = [
		["without user verification", (b) => register(b, { userVerified: false }), "USER_VERIFICATION_MISSING"],
		["without user presence", (b) => register(b, { userPresent: false }), "USER_PRESENCE_MISSING"],
		["from another origin", (b) => register(b, { origin: "https://localhost" }), "ORIGIN_MISMATCH"],
		["from a cross-origin frame", (b) => register(b, { crossOrigin: true }), "CROSS_ORIGIN_FORBIDDEN"],
		["for another relying party", (b) => register(b, { rpId: "evil.example" }), "RP_ID_MISMATCH"],
		["with another challenge", (b) => register(b, { challenge: "AAAA" }), "CHALLENGE_MISMATCH"],
		["with client data of a sign-in", (b) => register(b, { type: "webauthn.get" }), "CLIENT_DATA_TYPE_MISMATCH"],
		[
			"that is backed up without being eligible",
			(b) => register(b, { backupEligible: false }),
			"BACKUP_STATE_MISMATCH",
		],
		[
			"whose self attestation does not verify",
			(b) => register(b, { wrongSignature: true }, new SoftwareAuthenticator({ attestation: "packed" })),
			"SIGNATURE_INVALID",
		],
	];

	it.each(refusals)("is refused %s", async (_, make, reason) => {
		const { site, browser } = await signedUp();
		const response = await make(browser);
		await expectRefusal(site, () => browser.verifyRegistration(response), { ...FAILED, reason });
	});

	it("may come from several origins, one of them an Android app", async () => {
		const android = "android:apk-key-hash:sYUC8p5I9SxqFernBPHmDxz_YVZXmVJdW8qwdnE8Lyg";
		const { browser } = await signedUp({ rpId: "localhost", origin: ["http://localhost:3000", android] });
		expect(await browser.addPasskey(new SoftwareAuthenticator({ origin: android }))).toMatchObject({ status: 200 });
		expect(await browser.addPasskey(new SoftwareAuthenticator())).toMatchObject({ status: 200 });
	});
});

async function register(browser: Browser, deviations: Deviations, authenticator = new SoftwareAuthenticator()) {
	return authenticator.register(await browser.creationOptions(), deviations);
}

describe("registration.afterVerification", () => {
	it("labels the passkey if the client did not", async () => {
		const { site, browser, userId } = await signedUp({
			registration: {
				afterVerification: ({ verification, user, context }) => ({
					name: ` ${verification.registrationInfo.credentialDeviceType} of ${user.name}, ${context} `,
				}),
			},
		});
		const authenticator = new SoftwareAuthenticator();
		await browser.verifyRegistration(authenticator.register(await browser.creationOptions("?context=settings")));
		const named = new SoftwareAuthenticator().register(await browser.creationOptions());
		await browser.verifyRegistration(named, { name: "Mine" });
		expect(await site.passkeys()).toMatchObject([
			{ name: "multiDevice of ada@example.com, settings", userId },
			{ name: "Mine", userId },
		]);
	});

	it("refuses the registration when it throws", async () => {
		const { site, browser } = await signedUp({
			registration: {
				afterVerification: () => {
					throw new Error("not this one");
				},
			},
		});
		const attempt = () => browser.addPasskey(new SoftwareAuthenticator());
		await expectRefusal(site, attempt, { ...FAILED, reason: "UNKNOWN_ERROR" });
		expect(site.log().at(-1)).toContain('"not this one"');
	});

	it("cannot assign a signed-in user's passkey to another user", async () => {
		const { site, browser } = await signedUp({ registration: { afterVerification: () => ({ userId: "other" }) } });
		const attempt = () => browser.addPasskey(new SoftwareAuthenticator());
		await expectRefusal(site, attempt, { status: 401, code: "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY" });
	});
});
