import { createAuthClient } from "better-auth/client";
import type { PasskeyOptions } from "touchstone-webauthn/better-auth";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { type Behaviour, stubCredentials } from "../support/credentials-container.js";
import { ORIGIN, openSite } from "../support/site.js";

afterEach(() => void vi.unstubAllGlobals());

async function signedUp(behaviour: Behaviour = {}, options: PasskeyOptions = {}) {
	const site = await openSite(options);
	const browser = site.browser();
	await browser.signUp("ada@example.com");
	const requests = stubCredentials(new SoftwareAuthenticator(), behaviour);
	const sent: { path: string; body: string }[] = [];
	const client = createAuthClient({
		baseURL: ORIGIN,
		fetchOptions: {
			customFetchImpl: (url, init) => {
				sent.push({ path: String(url), body: String(init?.body ?? "") });
				return browser.fetch(url, init);
			},
		},
		plugins: [passkeyClient()],
	});
	const results = () =>
		sent.flatMap(({ path, body }) =>
			path.includes("/verify-") ? [JSON.parse(body).response.clientExtensionResults] : [],
		);
	return { client, requests, sent, results };
}

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

describe("the inputs of extensions", () => {
	it("that are base64url text reach the browser as bytes, whether the server or the caller asks", async () => {
		const server = {
			registration: { extensions: { prf: { eval: { first: "AAEC", second: "" } }, minPinLength: true } },
			authentication: { extensions: { prf: { evalByCredential: { AAAA: { first: "_-8" } } } } },
		};
		const { client, requests } = await signedUp({}, server);
		await client.passkey.addPasskey({ extensions: { largeBlob: { support: "preferred" } } });
		await client.signIn.passkey({ extensions: { largeBlob: { write: "AQ" } } });
		expect(requests.map(({ publicKey }) => publicKey.extensions)).toEqual([
			{
				credProps: true,
				minPinLength: true,
				prf: { eval: { first: bytes(0, 1, 2), second: bytes() } },
				largeBlob: { support: "preferred" },
			},
			{ prf: { evalByCredential: { AAAA: { first: bytes(255, 239) } } }, largeBlob: { write: bytes(1) } },
		]);
	});

	it("that are bytes reach the browser as they are, and in place of the server's", async () => {
		const first = Uint8Array.of(7);
		const { client, requests } = await signedUp(
			{},
			{ registration: { extensions: { prf: { eval: { first: "AAEC" } } } } },
		);
		await client.passkey.addPasskey({ extensions: { prf: { eval: { first } } } });
		expect(requests[0]?.publicKey.extensions).toEqual({ credProps: true, prf: { eval: { first } } });
	});

	it("that are not base64url cause an error result and no exception", async () => {
		const { client, requests } = await signedUp();
		const answer = await client.passkey.addPasskey({ extensions: { prf: { eval: { first: "%" } } } });
		expect(answer).toMatchObject({ data: null, error: { code: "UNKNOWN_ERROR" } });
		expect(requests).toEqual([]);
	});
});

describe("the results of extensions", () => {
	const first = Uint8Array.from(Buffer.from("a secret of prf")).buffer;
	const extensionResults = {
		credProps: { rk: true },
		prf: { enabled: true, results: { first } },
		largeBlob: { supported: true, blob: first },
		vendor: { secret: "a secret of a vendor" },
	};

	it("reach the caller unchanged, and the server receives only the flags", async () => {
		const { client, sent, results } = await signedUp({ extensionResults });
		const added = await client.passkey.addPasskey({ returnWebAuthnResponse: true });
		expect(added.webauthn?.clientExtensionResults).toEqual(extensionResults);
		const signedIn = await client.signIn.passkey({ returnWebAuthnResponse: true });
		expect(signedIn.webauthn?.clientExtensionResults.prf?.results?.first).toBe(first);
		const flags = { credProps: { rk: true }, prf: { enabled: true }, largeBlob: { supported: true } };
		expect(results()).toEqual([flags, flags]);
		const bodies = sent.map(({ body }) => body).join();
		for (const form of ["utf8", "base64", "base64url", "hex"] as const) {
			expect(bodies).not.toContain(Buffer.from(first).toString(form));
		}
		expect(bodies).not.toContain("vendor");
	});
});

describe("useAutoRegister", () => {
	const unattended = { userPresent: false, userVerified: false };

	it("adds the passkey that a password manager creates without a prompt", async () => {
		const { client, requests, sent } = await signedUp({ deviations: unattended });
		expect(await client.passkey.addPasskey({ useAutoRegister: true })).toMatchObject({ error: null });
		expect(requests).toMatchObject([{ mediation: "conditional" }]);
		expect(new URL(sent[0]?.path ?? "").searchParams.get("mediation")).toBe("conditional");
	});

	it("is required for such a passkey", async () => {
		const { client } = await signedUp({ deviations: unattended });
		const refused = { data: null, error: { code: "FAILED_TO_VERIFY_REGISTRATION" } };
		expect(await client.passkey.addPasskey()).toMatchObject(refused);
	});

	it("asks neither the server nor the user if the browser would show a dialog", async () => {
		const { client, requests, sent } = await signedUp({ conditional: false });
		const unsupported = { data: null, error: { code: "PASSKEY_NOT_SUPPORTED" } };
		expect(await client.passkey.addPasskey({ useAutoRegister: true })).toMatchObject(unsupported);
		for (const getClientCapabilities of [undefined, () => Promise.reject(new Error("no"))]) {
			Object.assign(PublicKeyCredential, { getClientCapabilities });
			expect(await client.passkey.addPasskey({ useAutoRegister: true })).toMatchObject(unsupported);
		}
		expect([requests, sent]).toEqual([[], []]);
	});
});
