/**
 * Verifies passkeys: WebAuthn registrations and assertions, the same on every server runtime.
 * @module
 */
export { androidOrigin } from "./core/android-origin.js";
export {
	decodeAttestationObject,
	decodeAuthenticatorData,
	decodeClientDataJSON,
	init,
	verifyAuthenticationResponse,
	verifyAuthenticationResponseSync,
	verifyRegistrationResponse,
	verifyRegistrationResponseSync,
} from "./core/api.js";
export {
	type GenerateAuthenticationOptionsOpts,
	generateAuthenticationOptions,
	type VerifiedAuthenticationResponse,
	type VerifyAuthenticationResponseOpts,
} from "./core/authentication.js";
export type { CollectedClientData, DecodedAttestationObject, DecodedAuthenticatorData } from "./core/decoders.js";
export { type ErrorClass, type ErrorCode, WebAuthnError } from "./core/errors.js";
export {
	type Attestation,
	type AttestationType,
	DEFAULT_ALGORITHMS,
	type GenerateRegistrationOptionsOpts,
	generateRegistrationOptions,
	type VerifiedRegistrationResponse,
	type VerifyRegistrationResponseOpts,
} from "./core/registration.js";
export type * from "./core/types.js";
