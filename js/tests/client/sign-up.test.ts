import { createAuthClient } from "better-auth/client";
import type { PasskeyOptions } from "touchstone-webauthn/better-auth";
import { passkeyClient, type SignedUp } from "touchstone-webauthn/better-auth/client";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { type Behaviour, stubCredentials } from "../support/credentials-container.js";
import { ORIGIN, openSite } from "../support/site.js";

afterEach(() => void vi.unstubAllGlobals());

async function visit(options: PasskeyOptions = { signUp: true }, behaviour: Behaviour = {}) {
	const links: string[] = [];
	const sendVerificationEmail = async ({ url }: { url: string }) => void links.push(url);
	const site = await openSite(options, { emailVerification: { sendVerificationEmail } });
	const browser = site.browser();
	const requests = stubCredentials(new SoftwareAuthenticator(), behaviour);
	const bodies: Record<string, unknown>[] = [];
	const customFetchImpl = async (url: string | URL | Request, init?: RequestInit) => {
		if (init?.body) bodies.push(JSON.parse(String(init.body)));
		return browser.fetch(url, init);
	};
	const client = createAuthClient({ baseURL: ORIGIN, fetchOptions: { customFetchImpl }, plugins: [passkeyClient()] });
	const signals: string[] = [];
	for (const name of ["$sessionSignal", "$listPasskeys"] as const) {
		client.$store.atoms[name]?.listen(() => void signals.push(name));
	}
	return { site, browser, client, requests, bodies, signals, links };
}

describe("signUp.passkey", () => {
	it("creates an account, signs in to it and updates the page's session", async () => {
		const { site, browser, client, signals, links } = await visit();
		const person = { name: "Ada", email: "ada@example.com", callbackURL: "/welcome", passkeyName: "Phone" };
		const { data, error } = await client.signUp.passkey(person);
		expectTypeOf(data).toEqualTypeOf<SignedUp | null>();
		expect(error).toBeNull();
		expect(data).toMatchObject({ name: "Phone", user: { name: "Ada", emailVerified: false } });
		expect(signals.splice(0).sort()).toEqual(["$listPasskeys", "$sessionSignal"]);
		expect(await browser.session()).toMatchObject({ user: { id: data?.user.id } });
		expect(await client.passkey.listUserPasskeys()).toMatchObject({ data: [{ id: data?.id }] });
		const link = new URL(links[0] ?? "");
		expect(link.searchParams.get("callbackURL")).toBe("/welcome");
		const token = link.searchParams.get("token") ?? "";
		const confirmed = await client.passkey.confirmEmail({ query: { token } });
		expect(confirmed).toMatchObject({ data: { status: true, user: { email: "ada@example.com" } } });
		await vi.waitFor(() => expect(signals).toEqual(["$sessionSignal"]));
		expect(await site.passkeys()).toHaveLength(1);
		await client.signOut();
		expect(await client.signIn.passkey()).toMatchObject({ data: { user: { id: data?.user.id } } });
	});

	it("does not change the other sign-up methods", async () => {
		const { client } = await visit();
		const ada = { name: "Ada", email: "ada@example.com", password: "correct horse" };
		expect(await client.signUp.email(ada)).toMatchObject({ data: { user: { email: ada.email } } });
		expect(await client.signUp.passkey({ name: "Ada" })).toMatchObject({ error: { code: "SESSION_MISMATCH" } });
	});

	it("asks for extensions and keeps their results from the server", async () => {
		const { client, requests, bodies } = await visit();
		const options = { name: "Ada", context: "invited", extensions: { prf: {} }, returnWebAuthnResponse: true };
		const { webauthn } = await client.signUp.passkey(options);
		expect(webauthn?.clientExtensionResults).toEqual({ credProps: {} });
		expect(requests[0]?.publicKey).toMatchObject({ extensions: { prf: {}, credProps: true } });
		expect(bodies[0]).toEqual({ signUp: { name: "Ada" }, context: "invited" });
		expect(JSON.stringify(bodies[1])).not.toContain("clientExtensionResults");
	});

	it("reports a sign-up that is not offered or that the user cancels, and creates nothing", async () => {
		const off = await visit({ registration: { requireSession: false } });
		expect(await off.client.signUp.passkey({ name: "Ada" })).toMatchObject({ error: { code: "SIGN_UP_DISABLED" } });
		const create = () => Promise.reject(new DOMException("", "NotAllowedError"));
		const { site, client, signals } = await visit({ signUp: true }, { create });
		expect(await client.signUp.passkey({ name: "Ada" })).toMatchObject({ error: { code: "REGISTRATION_CANCELLED" } });
		expect(signals).toEqual([]);
		expect(await site.db.findMany({ model: "user" })).toEqual([]);
	});
});
