/**
 * Verifies passkeys: WebAuthn registrations and assertions, the same on every server runtime.
 * @module
 */
export { androidOrigin } from "./core/android-origin.js";
export {
	type GenerateAuthenticationOptionsOpts,
	generateAuthenticationOptions,
	type VerifiedAuthenticationResponse,
	type VerifyAuthenticationResponseOpts,
	verifyAuthenticationResponse,
	verifyAuthenticationResponseSync,
} from "./core/authentication.js";
export {
	type CollectedClientData,
	type DecodedAttestationObject,
	type DecodedAuthenticatorData,
	decodeAttestationObject,
	decodeAuthenticatorData,
	decodeClientDataJSON,
} from "./core/decoders.js";
export { type ErrorClass, type ErrorCode, WebAuthnError } from "./core/errors.js";
export {
	DEFAULT_ALGORITHMS,
	type GenerateRegistrationOptionsOpts,
	generateRegistrationOptions,
	type VerifiedRegistrationResponse,
	type VerifyRegistrationResponseOpts,
	verifyRegistrationResponse,
	verifyRegistrationResponseSync,
} from "./core/registration.js";
export type * from "./core/types.js";
export { init } from "./core/wasm.js";
