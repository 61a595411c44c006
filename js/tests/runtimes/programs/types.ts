// Uses every entry like an application. What does not compile here does not compile for a user.
import { betterAuth } from "better-auth";
import { createAuthClient } from "better-auth/client";
import * as core from "touchstone-webauthn";
import { verifyAuthenticationResponse, WebAuthnError } from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import attestationWasm from "touchstone-webauthn/attestation.wasm";
import { type Passkey, passkey } from "touchstone-webauthn/better-auth";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";
import coreWasm from "touchstone-webauthn/core.wasm";
import * as roots from "touchstone-webauthn/roots";

/** Compiles only if both types are the same, so the `any` of a missing type does not pass. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};

core.init(coreWasm);
attestation.init(attestationWasm);
same<typeof coreWasm, WebAssembly.Module>(true);

export const auth = betterAuth({
	baseURL: "https://example.com",
	plugins: [passkey({ rpName: "Example", origin: "https://example.com" })],
});
same<Awaited<ReturnType<typeof auth.api.listPasskeys>>, Passkey[]>(true);
same<Passkey["name"], string | null | undefined>(true);

export const client = createAuthClient({ plugins: [passkeyClient()] });

export async function signIn(): Promise<string | undefined> {
	const { data, error } = await client.signIn.passkey({ autoFill: true });
	if (error) return error.message;
	same<typeof data.session.userId, string>(true);
	return data.session.id;
}

export async function verify(response: core.AuthenticationResponseJSON): Promise<number> {
	try {
		const { verified, authenticationInfo } = await verifyAuthenticationResponse({
			response,
			expectedChallenge: "challenge",
			expectedOrigin: "https://example.com",
			expectedRPID: "example.com",
			credential: { id: response.id, publicKey: new Uint8Array(), counter: 0 },
		});
		same<typeof verified, true>(true);
		return authenticationInfo.newCounter;
	} catch (error) {
		if (error instanceof WebAuthnError) same<typeof error.code, core.ErrorCode>(true);
		throw error;
	}
}

export async function attest(response: attestation.RegistrationResponseJSON): Promise<boolean> {
	const { registrationInfo } = await attestation.verifyRegistrationResponse({
		response,
		expectedChallenge: "challenge",
		expectedOrigin: "https://example.com",
		expectedRPID: "example.com",
		requireTrustedAttestation: true,
		trustAnchors: roots.appleWebAuthnRoots.map(({ certificate }) => certificate),
	});
	same<typeof registrationInfo.attestation.trusted, boolean>(true);
	return registrationInfo.attestation.trusted;
}
