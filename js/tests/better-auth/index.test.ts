import { passkey as officialPasskey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import {
	commonAuthenticatorNames,
	getAuthenticatorName,
	PASSKEY_ERROR_CODES,
	type Passkey,
	passkey,
} from "touchstone-webauthn/better-auth";
import { describe, expect, expectTypeOf, it } from "vitest";
import { enrolled, openSite } from "../support/site.js";

describe("the plugin", () => {
	it("has the id, endpoints, paths, methods and error codes of @better-auth/passkey", () => {
		const official = officialPasskey();
		const ours = passkey();
		const shape = (endpoints: object) =>
			Object.entries(endpoints as Record<string, { path: string; options: { method: string | string[] } }>)
				.flatMap(([key, { path, options }]) => [options.method].flat().map((method) => `${key} ${method} ${path}`))
				.sort();
		expect(ours.id).toBe(official.id);
		const more = [
			"adminListPasskeys GET /passkey/admin/list-user-passkeys",
			"adminRevokePasskey POST /passkey/admin/revoke-passkey",
			"cleanUpPasskeys POST undefined",
			"confirmPasskeyEmail GET /passkey/confirm-email",
			"generatePasskeyAuthenticationOptions POST /passkey/generate-authenticate-options",
			"generatePasskeyRegistrationOptions POST /passkey/generate-register-options",
			"getPasskeySignals GET /passkey/signals",
			"generatePasskeyStepUpOptions POST /passkey/generate-step-up-options",
			"requirePasskeyProof POST undefined",
			"revokePasskey POST /passkey/revoke-passkey",
			"verifyPasskeyStepUp POST /passkey/verify-step-up",
		];
		expect(shape(ours.endpoints)).toEqual([...shape(official.endpoints), ...more].sort());
		expect(Object.keys(ours.$ERROR_CODES)).toEqual(expect.arrayContaining(Object.keys(official.$ERROR_CODES)));
	});

	it("has the same table and columns, and additional optional columns", () => {
		const columns = (fields: object) => Object.keys(fields);
		const official = officialPasskey().schema.passkey.fields;
		const { fields } = passkey().schema.passkey;
		const use = ["lastUsedAt", "updatedAt", "userHandle"] as const;
		const description = ["platform", "deviceName", "metadata"] as const;
		const more = [...use, ...description, "revokedAt", "revokedReason"] as const;
		expect(columns(fields)).toEqual([...columns(official), ...more]);
		for (const name of more) expect(fields[name].required).toBe(false);
		expect(fields.credentialID.unique).toBe(true);
	});

	it("accepts other names for its table and columns", async () => {
		const fields = { credentialID: "credential_id", userHandle: "user_handle", lastUsedAt: "last_used_at" };
		const site = await openSite({ schema: { passkey: { modelName: "passkeys", fields } } });
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
		expect(await site.passkeys()).toMatchObject([{ lastUsedAt: expect.any(Date) }]);
	});

	it("works with every strategy for generating ids", async () => {
		for (const generateId of ["uuid", "serial"] as const) {
			const site = await openSite({}, { advanced: { disableOriginCheck: false, database: { generateId } } });
			const { browser, authenticator, passkeyId } = await enrolled(site, "ada@example.com");
			expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
			for (const id of ["not an id", "999999", "1e9", "-1"]) {
				expect(await browser.post("/passkey/delete-passkey", { id })).toMatchObject({ status: 404 });
			}
			expect(await browser.post("/passkey/delete-passkey", { id: passkeyId })).toMatchObject({ status: 200 });
		}
	});

	it("reports invalid options when it is created, and a missing rpID when Better Auth starts", async () => {
		expect(() => passkey({ origin: "https://example.com/" })).toThrow("is not an exact origin");
		const database = memoryAdapter({ user: [], session: [], account: [], verification: [], passkey: [] });
		const auth = betterAuth({
			secret: "a secret that is long enough for its validation",
			baseURL: { allowedHosts: ["a.example", "b.example"] },
			database,
			logger: { disabled: true },
			plugins: [passkey({ origin: ["https://a.example", "https://b.example"] })],
		});
		await expect(auth.$context).rejects.toThrow("no rpID is configured");
	});

	it("infers the types of its server calls", () => {
		const auth = betterAuth({ baseURL: "https://example.com", plugins: [passkey()], logger: { disabled: true } });
		type Call<K extends keyof typeof auth.api> = Awaited<ReturnType<(typeof auth.api)[K]>>;
		expectTypeOf<Call<"listPasskeys">>().toEqualTypeOf<Passkey[]>();
		expectTypeOf<Call<"updatePasskey">>().toEqualTypeOf<{ passkey: Passkey }>();
		expectTypeOf<Call<"deletePasskey">>().toEqualTypeOf<{ status: boolean }>();
		expectTypeOf<Call<"generatePasskeyAuthenticationOptions">["challenge"]>().toBeString();
		expectTypeOf<Call<"verifyPasskeyAuthentication">["user"]["email"]>().toBeString();
		type Body = NonNullable<Parameters<typeof auth.api.verifyPasskeyRegistration>[0]>["body"];
		expectTypeOf<Body["response"]["response"]["attestationObject"]>().toBeString();
		expectTypeOf(auth.$ERROR_CODES.SESSION_MISMATCH.code).toEqualTypeOf<"SESSION_MISMATCH">();
		expect(auth.$ERROR_CODES.SESSION_MISMATCH).toBe(PASSKEY_ERROR_CODES.SESSION_MISMATCH);
	});
});

describe("error codes", () => {
	it("are upper-case names, each with a one-sentence message", () => {
		for (const [key, { code, message }] of Object.entries(PASSKEY_ERROR_CODES)) {
			expect(code).toBe(key);
			expect(code).toMatch(/^[A-Z_]+$/);
			expect(message).toMatch(/^[A-Z].*\.$/);
			expect(`${PASSKEY_ERROR_CODES[key as keyof typeof PASSKEY_ERROR_CODES]}`).toBe(key);
		}
	});
});

describe("authenticator names", () => {
	it("are found by AAGUID, regardless of case and surrounding spaces", () => {
		expect(getAuthenticatorName("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4")).toBe("Google Password Manager");
		expect(getAuthenticatorName(" BADA5566-A7AA-401F-BD96-45619A55120D ")).toBe("1Password");
	});

	it("are undefined for values that are not in the table", () => {
		const unknown = ["00000000-0000-0000-0000-000000000000", "", " ", null, undefined, "constructor", "__proto__"];
		for (const aaguid of unknown) expect(getAuthenticatorName(aaguid)).toBeUndefined();
	});

	it("are keyed by AAGUIDs in lower case", () => {
		const aaguid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
		for (const key of Object.keys(commonAuthenticatorNames)) expect(key).toMatch(aaguid);
	});
});
