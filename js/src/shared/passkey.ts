import type { AttestationFormat, CredentialDeviceType } from "../core/types.js";

/** The provider of a passkey according to its AAGUID: use it for labels, never for decisions. */
export interface PasskeyProvider {
	name: string;
	/** The icon from the option `authenticators`: a URL or a `data:` URL. */
	icon?: string | undefined;
}

/** A JSON object of at most 4 KiB. */
export type PasskeyMetadata = Record<string, unknown>;

/** A passkey as the endpoints return it: the row without the columns that only the server needs. */
export interface Passkey {
	id: string;
	name?: string | null | undefined;
	/** The public key as a COSE key, in standard base64. */
	publicKey: string;
	userId: string;
	credentialID: string;
	counter: number;
	deviceType: CredentialDeviceType;
	backedUp: boolean;
	/** The transports, separated by commas. */
	transports?: string | null | undefined;
	createdAt: Date;
	aaguid?: string | null | undefined;
	/** Only in lists: the provider of the passkey, if the option `authenticators` has its AAGUID. */
	provider?: PasskeyProvider | undefined;
	/** When the passkey was last used. */
	lastUsedAt?: Date | null | undefined;
	/** When the row last changed: through a sign-in, its owner or the server. */
	updatedAt?: Date | null | undefined;
	/** The platform that the client reported at registration, for example `ios` or `web`. */
	platform?: string | null | undefined;
	deviceName?: string | null | undefined;
	/** Data that the application stores with the passkey. Clients write it: use it for display, never for decisions. */
	metadata?: PasskeyMetadata | null | undefined;
	/** When the passkey was revoked. A revoked passkey cannot sign in. */
	revokedAt?: Date | null | undefined;
	/**
	 * Why the passkey was revoked: the reason from the request, `inactive` if the clean-up revoked it, or `unproven` if
	 * the account's e-mail address was first proved later, by a magic link or a code.
	 */
	revokedReason?: string | null | undefined;
	/** With the option `attestation`: the format of the attestation statement. */
	attestationFormat?: AttestationFormat | null | undefined;
	/** With the option `attestation`: whether the attestation was trusted. */
	attestationTrusted?: boolean | null | undefined;
}

/** One page of a list. Calls with `limit` or `offset` return it. */
export interface PasskeyPage {
	passkeys: Passkey[];
	/** The `offset` of the next page; null on the last page. */
	nextOffset: number | null;
	/** How many passkeys all pages have together. */
	total: number;
}
