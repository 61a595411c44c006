import type { AuthenticationExtensionsAuthenticatorOutputs, Base64URLString } from "./types.js";
import type { Core } from "./wasm.js";

/** Spec: 5.8.1. A member that the client omitted is empty, or absent if it is optional. */
export interface CollectedClientData {
	type: string;
	challenge: Base64URLString;
	origin: string;
	crossOrigin?: boolean | undefined;
	topOrigin?: string | undefined;
}

/** Spec: 6.5.4. The format defines the statement's keys. A compound statement is a list. Bytes are `Uint8Array`. */
export interface DecodedAttestationObject {
	fmt: string;
	attStmt: Record<string, unknown> | unknown[];
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

export function decodeClientData(core: Core, clientDataJSON: unknown): CollectedClientData {
	return core.call<CollectedClientData>((glue) => glue.decode_client_data(clientDataJSON));
}

export function decodeAttestation(core: Core, attestationObject: unknown): DecodedAttestationObject {
	const object = core.call<DecodedAttestationObject>((glue) => glue.decode_attestation_object(attestationObject));
	return { ...object, attStmt: plain(object.attStmt) as DecodedAttestationObject["attStmt"] };
}

export function decodeData(core: Core, authenticatorData: unknown): DecodedAuthenticatorData {
	const data = core.call<{
		rpIdHash: Uint8Array;
		flags: DecodedAuthenticatorData["flags"];
		counter: number;
		aaguid?: string;
		credentialId?: string;
		publicKey?: Uint8Array;
		extensions?: Map<unknown, unknown>;
	}>((glue) => glue.decode_authenticator_data(authenticatorData));
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

/** A CBOR map as an object. Any key is safe: `fromEntries` defines members and never sets `__proto__`. */
export function objectFromMap(map: Map<unknown, unknown>): Record<string, unknown> {
	return Object.fromEntries(Array.from(map, ([key, value]) => [String(key), plain(value)]));
}

function plain(value: unknown): unknown {
	if (value instanceof Map) return objectFromMap(value);
	return Array.isArray(value) ? value.map(plain) : value;
}
