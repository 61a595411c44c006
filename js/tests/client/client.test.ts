import { createAuthClient } from "better-auth/client";
import { PASSKEY_ERROR_CODES, type Passkey, passkeyClient } from "touchstone-webauthn/better-auth/client";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { type Behaviour, stubCredentials } from "../support/credentials-container.js";
import { type Browser, ORIGIN, openSite } from "../support/site.js";

afterEach(() => void vi.unstubAllGlobals());

function clientOf(fetch: Browser["fetch"]) {
	return createAuthClient({
		baseURL: ORIGIN,
		fetchOptions: { customFetchImpl: fetch },
		plugins: [passkeyClient()],
	});
}

async function signedUp(behaviour: Behaviour = {}) {
	const site = await openSite();
	const browser = site.browser();
	const userId = await browser.signUp("ada@example.com");
	const authenticator = new SoftwareAuthenticator();
	const requests = stubCredentials(authenticator, behaviour);
	const client = clientOf(browser.fetch);
	const signals: string[] = [];
	for (const name of ["$sessionSignal", "$listPasskeys"] as const) {
		client.$store.atoms[name]?.listen(() => void signals.push(name));
	}
	return { site, browser, userId, authenticator, requests, client, signals };
}

const raised =
	(name: string, message = "") =>
	async () => {
		throw new DOMException(message, name);
	};

describe("the client", () => {
	it("adds a passkey, lists it, renames it, signs in with it and removes it", async () => {
		const { client, userId, signals } = await signedUp();
		const added = await client.passkey.addPasskey({ name: "Phone" });
		expect(added).toMatchObject({ data: { name: "Phone", userId }, error: null });
		expect(signals.splice(0)).toEqual(["$listPasskeys"]);
		const id = added.data?.id ?? "";
		expect(await client.passkey.listUserPasskeys()).toMatchObject({ data: [{ id, name: "Phone" }] });
		const renamed = await client.passkey.updatePasskey({ id, name: "Old phone" });
		expect(renamed).toMatchObject({ data: { passkey: { id, name: "Old phone" } } });
		await vi.waitFor(() => expect(signals.splice(0)).toEqual(["$listPasskeys"]));
		await client.signOut();
		await vi.waitFor(() => expect(signals.splice(0)).toContain("$listPasskeys"));
		expect(await client.signIn.passkey()).toMatchObject({ data: { user: { id: userId } }, error: null });
		expect(signals.splice(0).sort()).toEqual(["$listPasskeys", "$sessionSignal"]);
		expect(await client.passkey.deletePasskey({ id })).toMatchObject({ data: { status: true } });
		await vi.waitFor(() => expect(signals.splice(0)).toEqual(["$listPasskeys"]));
		expect(await client.passkey.listUserPasskeys()).toMatchObject({ data: [] });
	});

	it.each([
		["signUp.passkey", (client: ReturnType<typeof clientOf>) => client.signUp.passkey],
		["passkey.addPasskey", (client: ReturnType<typeof clientOf>) => client.passkey.addPasskey],
		["passkey.stepUp", (client: ReturnType<typeof clientOf>) => client.passkey.stepUp],
		["signIn.passkey", (client: ReturnType<typeof clientOf>) => client.signIn.passkey],
	])("returns a promise that rejects when code without types calls %s with null", async (_, call) => {
		const { client } = await signedUp();
		const untyped = call(client) as unknown as (options: null) => Promise<unknown>;
		let promise: unknown;
		expect(() => {
			promise = untyped(null);
		}).not.toThrow();
		await expect(promise).rejects.toThrow(TypeError);
	});

	it("signs in by autofill, which may offer any passkey", async () => {
		const { client, userId, requests } = await signedUp();
		await client.passkey.addPasskey();
		await client.signOut();
		expect(await client.signIn.passkey({ autoFill: true })).toMatchObject({ data: { user: { id: userId } } });
		expect(requests.at(-1)).toMatchObject({ mediation: "conditional", publicKey: { allowCredentials: [] } });
	});

	it("finishes both an autofill ceremony and a button's ceremony that overlaps it", async () => {
		const { client, userId, requests } = await signedUp();
		await client.passkey.addPasskey();
		await client.signOut();
		const { get } = navigator.credentials as unknown as { get: (request: { mediation?: string }) => Promise<unknown> };
		let pick = () => {};
		const picked = new Promise<void>((resolve) => {
			pick = resolve;
		});
		const waiting = async (request: { mediation?: string }) => {
			if (request.mediation === "conditional") await picked;
			return get(request);
		};
		Object.assign(navigator.credentials, { get: waiting });
		const autofill = client.signIn.passkey({ autoFill: true });
		const button = await client.signIn.passkey();
		expect(button).toMatchObject({ data: { user: { id: userId } }, error: null });
		pick();
		expect(await autofill).toMatchObject({ data: { user: { id: userId } }, error: null });
		for (const { publicKey } of requests) expect(publicKey).not.toHaveProperty("ceremonyId");
	});

	it("adds passkeys in two tabs at once", async () => {
		const { site, client, browser } = await signedUp();
		const first = await browser.creationOptions();
		expect(await client.passkey.addPasskey()).toMatchObject({ error: null });
		const { ceremonyId, ...options } = first;
		const response = new SoftwareAuthenticator().register(options);
		expect(await browser.verifyRegistration(response, { ceremonyId })).toMatchObject({ status: 200 });
		expect(await site.passkeys()).toHaveLength(2);
	});

	it("returns the browser's response when asked, and keeps extension results from the server", async () => {
		const { client, browser, site } = await signedUp();
		const bodies: string[] = [];
		const watched = clientOf(async (url, init) => {
			bodies.push(String(init?.body ?? ""));
			return browser.fetch(url, init);
		});
		const added = await watched.passkey.addPasskey({ returnWebAuthnResponse: true, extensions: { credProps: true } });
		expect(added.webauthn).toMatchObject({
			response: { type: "public-key" },
			clientExtensionResults: { credProps: {} },
		});
		const signedIn = await watched.signIn.passkey({ returnWebAuthnResponse: true });
		expect(signedIn.webauthn?.clientExtensionResults).toEqual({ credProps: {} });
		expect((await client.signIn.passkey()).webauthn).toBeUndefined();
		expect(bodies.join()).not.toContain("clientExtensionResults");
		expect(await site.passkeys()).toHaveLength(1);
	});

	it("asks for the extensions of the server and of the caller", async () => {
		const { client, requests } = await signedUp();
		await client.passkey.addPasskey({ extensions: { minPinLength: true } as never, useAutoRegister: true });
		expect(requests[0]).toMatchObject({
			mediation: "conditional",
			publicKey: { extensions: { credProps: true, minPinLength: true } },
		});
	});

	it("hands fetchOptions to the request that signs in", async () => {
		const { client } = await signedUp();
		await client.passkey.addPasskey();
		const paths: string[] = [];
		const onSuccess = ({ request }: { request: { url: string | URL } }) => void paths.push(String(request.url));
		await client.signIn.passkey({ fetchOptions: { onSuccess } });
		await client.signIn.passkey({}, { onSuccess });
		expect(paths.map((path) => path.split("/").at(-1))).toEqual(["verify-authentication", "verify-authentication"]);
	});

	it("refreshes the list that pages show", async () => {
		const { client } = await signedUp();
		vi.stubGlobal("window", { addEventListener() {}, removeEventListener() {} });
		const lists: number[] = [];
		const stop = client.useListPasskeys.subscribe(({ data }) => void lists.push(data?.length ?? -1));
		await vi.waitFor(() => expect(lists.at(-1)).toBe(0));
		await client.passkey.addPasskey();
		await vi.waitFor(() => expect(lists.at(-1)).toBe(1));
		stop();
	});
});

describe("every call of the client settles, and reports what happened", () => {
	const cases: [string, string, string, string][] = [
		["a dismissed dialog", "NotAllowedError", "AUTH_CANCELLED", "REGISTRATION_CANCELLED"],
		["a ceremony that another one replaced", "AbortError", "CEREMONY_ABORTED", "CEREMONY_ABORTED"],
		["a site that may not use the passkey", "SecurityError", "RELYING_PARTY_INVALID", "RELYING_PARTY_INVALID"],
		["a device without support for passkeys", "NotSupportedError", "PASSKEY_NOT_SUPPORTED", "PASSKEY_NOT_SUPPORTED"],
		["an unknown error", "SomethingError", "UNKNOWN_ERROR", "UNKNOWN_ERROR"],
	];

	it.each(cases)("with %s", async (_, name, atSignIn, atRegistration) => {
		const { client, site, signals } = await signedUp({ create: raised(name), get: raised(name) });
		const silent = vi.spyOn(console, "error").mockImplementation(() => {});
		for (const autoFill of [false, true]) {
			expect(await client.signIn.passkey({ autoFill })).toEqual({
				data: null,
				error: {
					code: atSignIn,
					message: PASSKEY_ERROR_CODES[atSignIn as "AUTH_CANCELLED"].message,
					status: 400,
					statusText: "BAD_REQUEST",
				},
			});
		}
		expect(await client.passkey.addPasskey()).toMatchObject({ data: null, error: { code: atRegistration } });
		expect(silent).not.toHaveBeenCalled();
		expect(signals).toEqual([]);
		expect(site.log()).toEqual([]);
	});

	it("with an authenticator that is registered already", async () => {
		const { client } = await signedUp();
		await client.passkey.addPasskey();
		expect(await client.passkey.addPasskey()).toMatchObject({ data: null, error: { code: "PREVIOUSLY_REGISTERED" } });
	});

	it("with a browser without passkeys, without requesting a challenge from the server", async () => {
		const { client, site } = await signedUp({ conditional: false });
		const unsupported = { data: null, error: { code: "PASSKEY_NOT_SUPPORTED" } };
		expect(await client.signIn.passkey({ autoFill: true })).toMatchObject(unsupported);
		vi.stubGlobal("PublicKeyCredential", undefined);
		expect(await client.signIn.passkey()).toMatchObject(unsupported);
		expect(await client.passkey.addPasskey()).toMatchObject(unsupported);
		expect(await site.db.findMany({ model: "verification" })).toEqual([]);
	});

	it.each([
		"generate-authenticate-options",
		"verify-authentication",
		"generate-register-options",
		"verify-registration",
	])("with a network that fails at %s", async (path) => {
		const { browser } = await signedUp();
		const client = clientOf(async (url, init) => {
			if (String(url).includes(path)) throw new TypeError("Failed to fetch");
			return browser.fetch(url, init);
		});
		const failed = { data: null, error: { code: "NETWORK_ERROR", status: 0 } };
		const added = await client.passkey.addPasskey();
		if (path.includes("regist")) expect(added).toMatchObject(failed);
		else expect(await client.signIn.passkey()).toMatchObject(failed);
	});

	it("with a refusal, in the server's words", async () => {
		const { client, browser, site } = await signedUp();
		await client.passkey.addPasskey();
		const signals: string[] = [];
		const forgetful = clientOf(async (url, init) => {
			if (String(url).includes("verify")) await site.db.deleteMany({ model: "verification", where: [] });
			return browser.fetch(url, init);
		});
		for (const name of ["$sessionSignal", "$listPasskeys"] as const) {
			forgetful.$store.atoms[name]?.listen(() => void signals.push(name));
		}
		const error = { code: "CHALLENGE_NOT_FOUND", status: 400 };
		expect(await forgetful.signIn.passkey()).toMatchObject({ data: null, error });
		expect(signals).toEqual([]);
	});
});

it("the client infers its types from the server plugin", () => {
	const client = createAuthClient({ baseURL: ORIGIN, plugins: [passkeyClient()] });
	// Only the compiler checks this: nothing here is called.
	const calls = {
		signIn: async () => (await client.signIn.passkey()).data?.user.email,
		add: async () => (await client.passkey.addPasskey({ name: "Phone" })).data?.credentialID,
		list: async () => (await client.passkey.listUserPasskeys()).data,
		rename: async () => (await client.passkey.updatePasskey({ id: "id", name: "Phone" })).data?.passkey,
		remove: async () => (await client.passkey.deletePasskey({ id: "id" })).data?.status,
	};
	expectTypeOf(calls.signIn).returns.resolves.toEqualTypeOf<string | undefined>();
	expectTypeOf(calls.add).returns.resolves.toEqualTypeOf<string | undefined>();
	expectTypeOf(calls.list).returns.resolves.toEqualTypeOf<Passkey[] | null>();
	expectTypeOf(calls.rename).returns.resolves.toEqualTypeOf<Passkey | undefined>();
	expectTypeOf(calls.remove).returns.resolves.toEqualTypeOf<boolean | undefined>();
	expectTypeOf<typeof client.$Infer.Passkey>().toEqualTypeOf<Passkey>();
	expectTypeOf<typeof client.$ERROR_CODES.AUTH_CANCELLED.code>().toEqualTypeOf<"AUTH_CANCELLED">();
	expect(passkeyClient().$ERROR_CODES).toBe(PASSKEY_ERROR_CODES);
});
