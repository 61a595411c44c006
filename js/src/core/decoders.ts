import { decode_attestation_object, decode_authenticator_data, decode_client_data } from "#core-glue";
import type { AuthenticationExtensionsAuthenticatorOutputs, Base64URLString } from "./types.js";
import { call } from "./wasm.js";

/** Spec: 5.8.1. A member that the client left out is empty, or absent where it may be. */
export interface CollectedClientData {
	type: string;
	challenge: Base64URLString;
	origin: string;
	crossOrigin?: boolean | undefined;
	topOrigin?: string | undefined;
}

/** Spec: 6.5.4. Keys of the statement are those of its format; bytes are `Uint8Array`. */
export interface DecodedAttestationObject {
	fmt: string;
	attStmt: Record<string, unknown>;
	authData: Uint8Array;
}

/** Spec: 6.1. */
export interface DecodedAuthenticatorData {
	rpIdHash: Uint8Array;
	flags: { up: boolean; uv: boolean; be: boolean; bs: boolean };
	counter: number;
	aaguid?: string | undefined;
	credentialID?: Base64URLString | undefined;
	credentialPublicKey?: Uint8Array | undefined;
	extensions?: AuthenticationExtensionsAuthenticatorOutputs | undefined;
}

/**
 * Decodes a response's `clientDataJSON`. Nothing of it is verified.
 * @throws WebAuthnError
 */
export function decodeClientDataJSON(clientDataJSON: unknown): CollectedClientData {
	return call<CollectedClientData>(() => decode_client_data(clientDataJSON));
}

/**
 * Decodes a response's `attestationObject`. Nothing of it is verified.
 * @throws WebAuthnError
 */
export function decodeAttestationObject(attestationObject: unknown): DecodedAttestationObject {
	const { attStmt, ...object } = call<Omit<DecodedAttestationObject, "attStmt"> & { attStmt: Map<unknown, unknown> }>(
		() => decode_attestation_object(attestationObject),
	);
	return { ...object, attStmt: objectFromMap(attStmt) };
}

/**
 * Decodes an assertion's `authenticatorData`. Nothing of it is verified.
 * @throws WebAuthnError
 */
export function decodeAuthenticatorData(authenticatorData: unknown): DecodedAuthenticatorData {
	const data = call<{
		rpIdHash: Uint8Array;
		flags: DecodedAuthenticatorData["flags"];
		counter: number;
		aaguid?: string;
		credentialId?: string;
		publicKey?: Uint8Array;
		extensions?: Map<unknown, unknown>;
	}>(() => decode_authenticator_data(authenticatorData));
	return {
		rpIdHash: data.rpIdHash,
		flags: data.flags,
		counter: data.counter,
		aaguid: data.aaguid,
		credentialID: data.credentialId,
		credentialPublicKey: data.publicKey,
		extensions: data.extensions && objectFromMap(data.extensions),
	};
}

/** A CBOR map as an object, whatever its keys: `fromEntries` defines members and never sets `__proto__`. */
export function objectFromMap(map: Map<unknown, unknown>): Record<string, unknown> {
	return Object.fromEntries(Array.from(map, ([key, value]) => [String(key), plain(value)]));
}

function plain(value: unknown): unknown {
	if (value instanceof Map) return objectFromMap(value);
	return Array.isArray(value) ? value.map(plain) : value;
}
