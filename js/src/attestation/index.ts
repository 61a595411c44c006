/**
 * The functions of `touchstone-webauthn` with a larger wasm. It supports every attestation statement format,
 * certificates and trust anchors.
 * @module
 */
export { androidOrigin } from "../core/android-origin.js";
export {
	type GenerateAuthenticationOptionsOpts,
	generateAuthenticationOptions,
	type VerifiedAuthenticationResponse,
	type VerifyAuthenticationResponseOpts,
} from "../core/authentication.js";
export type { CollectedClientData, DecodedAttestationObject, DecodedAuthenticatorData } from "../core/decoders.js";
export { type ErrorClass, type ErrorCode, WebAuthnError } from "../core/errors.js";
export {
	type Attestation,
	type AttestationType,
	DEFAULT_ALGORITHMS,
	type GenerateRegistrationOptionsOpts,
	generateRegistrationOptions,
	type VerifiedRegistrationResponse,
} from "../core/registration.js";
export type * from "../core/types.js";
export {
	decodeAttestationObject,
	decodeAuthenticatorData,
	decodeClientDataJSON,
	init,
	verifyAuthenticationResponse,
	verifyAuthenticationResponseSync,
	verifyRegistrationResponse,
	verifyRegistrationResponseSync,
} from "./api.js";
export { type AuthenticatorModel, Metadata, type VerifyMetadataOpts } from "./metadata.js";
export type { AttestationExpectations, VerifyAttestedRegistrationResponseOpts } from "./options.js";
export { type AttestationOptions, attestation, type PasskeyAttestation } from "./plugin.js";
export { type MetadataStore, type RefreshMetadataOpts, refreshMetadata } from "./refresh-metadata.js";
