import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { ALGORITHMS } from "../../better-auth/options/resolve.js";
import type { PasskeyRow } from "../../better-auth/storage/passkeys.js";
import { verifyRegistrationResponse } from "../../core/api.js";
import { decodeBase64, encodeBase64, encodeBase64Url } from "../../core/base64.js";
import { WebAuthnError } from "../../core/errors.js";
import type { CredentialDeviceType } from "../../core/types.js";

/** A row of expo-passkey 0.3: times are ISO 8601, the key is a COSE key in base64url, metadata are JSON. */
export interface Row {
	credentialId: unknown;
	publicKey: unknown;
	userId: unknown;
	[column: string]: unknown;
}

/** The reason why a row cannot become one of our passkeys. The message is printed. */
export class Unfit extends Error {}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The plugin has the same limit for metadata from clients. */
const METADATA_LIMIT = 4096;

type NewPasskey = Omit<PasskeyRow, "id"> & { revokedAt: Date | null };

/** Converts a row into one of our passkeys. @throws Unfit */
export async function parseRow(row: Row): Promise<NewPasskey> {
	const { credentialId, userId } = row;
	if (typeof credentialId !== "string" || !/^[\w-]{1,1364}$/.test(credentialId)) {
		throw new Unfit("its credential ID is not base64url");
	}
	const counter = Number(row.counter ?? 0);
	if (!Number.isSafeInteger(counter) || counter < 0 || counter > 0xffff_ffff) {
		throw new Unfit(`its counter is ${String(row.counter)}`);
	}
	const metadata = parseMetadata(row.metadata);
	const isRevoked = row.status === "revoked" || Boolean(row.revokedAt);
	return {
		userId: String(userId),
		credentialID: credentialId,
		publicKey: encodeBase64(await readKey(row.publicKey)),
		counter,
		// expo-passkey does not store the BE flag. The first sign-in sets it.
		deviceType: "unknown" as CredentialDeviceType,
		backedUp: false,
		createdAt: parseTime(row.createdAt) ?? new Date(),
		updatedAt: parseTime(row.updatedAt),
		lastUsedAt: parseTime(row.lastUsed),
		aaguid: typeof row.aaguid === "string" && UUID.test(row.aaguid) ? row.aaguid.toLowerCase() : null,
		platform: textOf(row.platform),
		deviceName: textOf(metadata?.deviceName) ?? textOf(metadata?.deviceModel),
		metadata: metadata && JSON.stringify(metadata),
		revokedAt: isRevoked ? (parseTime(row.revokedAt) ?? parseTime(row.updatedAt) ?? new Date()) : null,
		revokedReason: isRevoked ? textOf(row.revokedReason) : null,
	} as NewPasskey;
}

/** Reads the key. Puts it into a registration and verifies that, so that only usable keys are accepted. */
async function readKey(stored: unknown): Promise<Uint8Array> {
	let key: Uint8Array;
	try {
		key = decodeBase64(String(stored));
	} catch {
		throw new Unfit("its public key is not base64url");
	}
	const [userPresent, attested] = [0x01, 0x40];
	const id = 7;
	const authData = Buffer.concat([
		createHash("sha256").update("localhost").digest(),
		Uint8Array.of(userPresent | attested, ...new Array(4 + 16).fill(0), 0, 1, id),
		key,
	]);
	// CBOR: { fmt: "none", attStmt: {}, authData }. The length of authData takes one or two bytes.
	const { length } = authData;
	const object = Buffer.concat([
		Buffer.from("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData", "latin1"),
		length < 256 ? Uint8Array.of(0x58, length) : Uint8Array.of(0x59, length >> 8, length & 255),
		authData,
	]);
	const origin = "http://localhost";
	const clientData = JSON.stringify({ type: "webauthn.create", challenge: "AAAA", origin });
	const credentialId = encodeBase64Url(Uint8Array.of(id));
	try {
		await verifyRegistrationResponse({
			response: {
				id: credentialId,
				rawId: credentialId,
				type: "public-key",
				clientExtensionResults: {},
				response: {
					clientDataJSON: Buffer.from(clientData).toString("base64url"),
					attestationObject: encodeBase64Url(object),
				},
			},
			expectedChallenge: "AAAA",
			expectedOrigin: origin,
			expectedRPID: "localhost",
			requireUserVerification: false,
			supportedAlgorithmIDs: [...ALGORITHMS],
		});
	} catch (error) {
		if (!(error instanceof WebAuthnError)) throw error;
		throw new Unfit(`its public key cannot be used: ${error.message} (${error.code})`);
	}
	return key;
}

function parseMetadata(stored: unknown): Record<string, unknown> | null {
	if (typeof stored !== "string" || stored.length > METADATA_LIMIT) return null;
	try {
		const value: unknown = JSON.parse(stored);
		return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null;
	} catch {
		return null;
	}
}

function parseTime(stored: unknown): Date | null {
	if (typeof stored !== "string" && !(stored instanceof Date)) return null;
	const time = new Date(stored);
	return Number.isNaN(time.getTime()) ? null : time;
}

const textOf = (stored: unknown) => (typeof stored === "string" && stored.trim() ? stored.trim().slice(0, 255) : null);
