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
 * Loads the wasm from the argument. Call it only if your bundler does not include the wasm file. Pass a compiled
 * `WebAssembly.Module`, or the bytes of `touchstone-webauthn/attestation.wasm`.
 */
export function init(moduleOrBytes: WebAssembly.Module | BufferSource): void {
	core.init(moduleOrBytes);
}

/**
 * Verifies a registration by the steps of 7.1, including its attestation. Two checks are the caller's responsibility:
 * the credential ID is not registered yet, and the challenge is used once.
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
 * Verifies an assertion by the steps of 7.2. Two checks are the caller's responsibility: the challenge is used once, and
 * the credential belongs to the user.
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
 * Decodes a response's `clientDataJSON`. Does not verify it.
 * @throws WebAuthnError
 */
export function decodeClientDataJSON(clientDataJSON: unknown): CollectedClientData {
	return decodeClientData(core, clientDataJSON);
}

/**
 * Decodes a response's `attestationObject`. Does not verify it.
 * @throws WebAuthnError
 */
export function decodeAttestationObject(attestationObject: unknown): DecodedAttestationObject {
	return decodeAttestation(core, attestationObject);
}

/**
 * Decodes an assertion's `authenticatorData`. Does not verify it.
 * @throws WebAuthnError
 */
export function decodeAuthenticatorData(authenticatorData: unknown): DecodedAuthenticatorData {
	return decodeData(core, authenticatorData);
}
