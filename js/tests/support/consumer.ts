// A program that uses the package. package.test.ts compiles it in a separate folder. A type whose declaration cannot be
// resolved becomes `any`, which does not compile here.
import { betterAuth } from "better-auth";
import { createAuthClient } from "better-auth/client";
import { type VerifiedAuthenticationResponse, verifyAuthenticationResponse, WebAuthnError } from "touchstone-webauthn";
import { aaguids } from "touchstone-webauthn/aaguids";
import { attestation, type Metadata, type verifyRegistrationResponse } from "touchstone-webauthn/attestation";
import { passkey } from "touchstone-webauthn/better-auth";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";
import type { appleWebAuthnRoots } from "touchstone-webauthn/roots";

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Requires an argument if T is `any`; no call passes one. */
function known<T>(..._: IsAny<T> extends true ? [never] : []): void {}

const auth = betterAuth({
	plugins: [passkey({ rpName: "Example", attestation: attestation({ anchors: [] }), authenticators: aaguids })],
});
const client = createAuthClient({ plugins: [passkeyClient()] });
type Api = typeof auth.api;
type Listed = Awaited<ReturnType<Api["listPasskeys"]>>[number];

known<ReturnType<typeof passkey>>();
known<ReturnType<typeof passkey>["endpoints"]["deletePasskey"]["options"]["use"]>();
known<Api["generatePasskeyRegistrationOptions"]>();
known<Api["verifyPasskeyAuthentication"]>();
known<Parameters<Api["deletePasskey"]>[0]>();
known<Listed>();
known<Listed["credentialID"]>();
known<NonNullable<Listed["provider"]>["name"]>();

known<typeof client.passkey.addPasskey>();
known<ReturnType<ReturnType<typeof passkeyClient>["getAtoms"]>["listPasskeys"]>();
known<Parameters<ReturnType<ReturnType<typeof passkeyClient>["getActions"]>["passkey"]["addPasskey"]>[1]>();

known<VerifiedAuthenticationResponse["authenticationInfo"]["newCounter"]>();
known<Parameters<typeof verifyRegistrationResponse>[0]["trustAnchors"]>();
known<Metadata>();
known<(typeof appleWebAuthnRoots)[number]["certificate"]>();

export async function verify(options: Parameters<typeof verifyAuthenticationResponse>[0]): Promise<string> {
	const [listed, signedIn] = await Promise.all([client.passkey.listUserPasskeys(), client.signIn.passkey()]);
	known<typeof listed.data>();
	known<typeof signedIn.data>();
	// @ts-expect-error: an option that does not exist
	client.passkey.deletePasskey({ identifier: "1" });
	try {
		return (await verifyAuthenticationResponse(options)).authenticationInfo.credentialID;
	} catch (error) {
		if (!(error instanceof WebAuthnError)) throw error;
		known<typeof error>();
		return error.class;
	}
}
