import type { AttestationFormat, CredentialDeviceType } from "../core/types.js";

/** What made a passkey, as its AAGUID says: good for labels, never for decisions. */
export interface PasskeyProvider {
	name: string;
	/** Whatever the option `authenticators` has: an address or a `data:` URL. */
	icon?: string | undefined;
}

/** An object of JSON values, at most 4 KiB of JSON. */
export type PasskeyMetadata = Record<string, unknown>;

/** A passkey as the endpoints return it: the row without what only the server needs. */
export interface Passkey {
	id: string;
	name?: string | null | undefined;
	/** The COSE key in standard base64. */
	publicKey: string;
	userId: string;
	credentialID: string;
	counter: number;
	deviceType: CredentialDeviceType;
	backedUp: boolean;
	/** Comma separated. */
	transports?: string | null | undefined;
	createdAt: Date;
	aaguid?: string | null | undefined;
	/** In lists: what made the passkey, where the option `authenticators` knows its AAGUID. */
	provider?: PasskeyProvider | undefined;
	/** When the passkey last signed its owner in. */
	lastUsedAt?: Date | null | undefined;
	/** When the row last changed: by a sign-in, by its owner or by the server. */
	updatedAt?: Date | null | undefined;
	/** What the client said at registration about where it runs, for example `ios` or `web`. */
	platform?: string | null | undefined;
	deviceName?: string | null | undefined;
	/** Whatever the application keeps with the passkey. Clients write it: good for display, never for decisions. */
	metadata?: PasskeyMetadata | null | undefined;
	/** Since when the passkey signs nobody in any more. */
	revokedAt?: Date | null | undefined;
	/**
	 * What was given with the revocation; `inactive` for one by the clean-up, `unproven` for one when the owner of the
	 * account's address first proved to be that, by a magic link or a code.
	 */
	revokedReason?: string | null | undefined;
	/** With the option `attestation`: the attestation's format, and whether it was trusted. */
	attestationFormat?: AttestationFormat | null | undefined;
	attestationTrusted?: boolean | null | undefined;
}

/** Of a list that was asked for by `limit` or `offset`. */
export interface PasskeyPage {
	passkeys: Passkey[];
	/** The `offset` of the next page; null on the last one. */
	nextOffset: number | null;
	total: number;
}
