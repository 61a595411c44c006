// The entries for a CommonJS application: those that do not need Better Auth, which is ESM.
import core = require("touchstone-webauthn");
import attestation = require("touchstone-webauthn/attestation");

export const challenge: Promise<string> = core
	.generateAuthenticationOptions({ rpID: "example.com" })
	.then((options: core.PublicKeyCredentialRequestOptionsJSON) => options.challenge);

export function verify(options: attestation.VerifyAttestedRegistrationResponseOpts): boolean {
	const verified: true = attestation.verifyRegistrationResponseSync(options).verified;
	return verified;
}
