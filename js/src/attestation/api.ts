import {
	type VerifiedAuthenticationResponse,
	type VerifyAuthenticationResponseOpts,
	verifyAuthentication,
	verifyAuthenticationSync,
} from "../core/authentication.js";
import {
	type CollectedClientData,
	type DecodedAttestationObject,
	type DecodedAuthenticatorData,
	decodeAttestation,
	decodeClientData,
	decodeData,
} from "../core/decoders.js";
import {
	type RegistrationAnswer,
	type RegistrationCore,
	type VerifiedRegistrationResponse,
	verifyRegistration,
	verifyRegistrationSync,
} from "../core/registration.js";
import { addAttestation, type VerifyAttestedRegistrationResponseOpts } from "./options.js";
import { core } from "./wasm.js";

const registration: RegistrationCore<VerifyAttestedRegistrationResponseOpts> = {
	core,
	addAttestation,
	verify: (message) => core.call<RegistrationAnswer>((glue) => glue.verify_attested_registration(message)),
};

/**
 * Hands over the wasm yourself, where a bundler loses it: a compiled `WebAssembly.Module`, or the bytes of
 * `touchstone-webauthn/attestation.wasm`. Nothing else has to be called before the first verification.
 */
export function init(moduleOrBytes: WebAssembly.Module | BufferSource): void {
	core.init(moduleOrBytes);
}

/**
 * Verifies a registration by the steps of 7.1, its attestation too. That the credential ID is not registered yet, and
 * that the challenge is used once, is the caller's to see to.
 *
 * @throws WebAuthnError with the code of the first step that failed
 */
export function verifyRegistrationResponse(
	options: VerifyAttestedRegistrationResponseOpts,
): Promise<VerifiedRegistrationResponse> {
	return verifyRegistration(registration, options);
}

/** {@link verifyRegistrationResponse} without a promise. */
export function verifyRegistrationResponseSync(
	options: VerifyAttestedRegistrationResponseOpts,
): VerifiedRegistrationResponse {
	return verifyRegistrationSync(registration, options);
}

/**
 * Verifies an assertion by the steps of 7.2. That the challenge is used once, and that the credential is the user's, is
 * the caller's to see to.
 *
 * @throws WebAuthnError with the code of the first step that failed
 */
export function verifyAuthenticationResponse(
	options: VerifyAuthenticationResponseOpts,
): Promise<VerifiedAuthenticationResponse> {
	return verifyAuthentication(core, options);
}

/** {@link verifyAuthenticationResponse} without a promise. */
export function verifyAuthenticationResponseSync(
	options: VerifyAuthenticationResponseOpts,
): VerifiedAuthenticationResponse {
	return verifyAuthenticationSync(core, options);
}

/**
 * Decodes a response's `clientDataJSON`. Nothing of it is verified.
 * @throws WebAuthnError
 */
export function decodeClientDataJSON(clientDataJSON: unknown): CollectedClientData {
	return decodeClientData(core, clientDataJSON);
}

/**
 * Decodes a response's `attestationObject`. Nothing of it is verified.
 * @throws WebAuthnError
 */
export function decodeAttestationObject(attestationObject: unknown): DecodedAttestationObject {
	return decodeAttestation(core, attestationObject);
}

/**
 * Decodes an assertion's `authenticatorData`. Nothing of it is verified.
 * @throws WebAuthnError
 */
export function decodeAuthenticatorData(authenticatorData: unknown): DecodedAuthenticatorData {
	return decodeData(core, authenticatorData);
}
