import type { BetterAuthPluginDBSchema } from "better-auth/db";

/**
 * The table of `@better-auth/passkey` with the same column names and additional optional columns. Each plugin can read
 * the rows of the other.
 */
export const passkeySchema = {
	passkey: {
		fields: {
			name: { type: "string", required: false },
			publicKey: { type: "string", required: true },
			userId: {
				type: "string",
				references: { model: "user", field: "id" },
				required: true,
				index: true,
			},
			// Unique: with two rows for one credential, its holder could choose between two accounts.
			credentialID: { type: "string", required: true, unique: true },
			counter: { type: "number", required: true },
			deviceType: { type: "string", required: true },
			backedUp: { type: "boolean", required: true },
			transports: { type: "string", required: false },
			createdAt: { type: "date", required: false },
			aaguid: { type: "string", required: false },
			lastUsedAt: { type: "date", required: false },
			updatedAt: { type: "date", required: false },
			userHandle: { type: "string", required: false, returned: false },
			platform: { type: "string", required: false },
			deviceName: { type: "string", required: false },
			// JSON text, because not every database has a JSON type.
			metadata: { type: "string", required: false },
			revokedAt: { type: "date", required: false },
			revokedReason: { type: "string", required: false },
			attestationFormat: { type: "string", required: false },
			attestationTrusted: { type: "boolean", required: false },
		},
	},
} satisfies BetterAuthPluginDBSchema;

/** Omits the attestation columns without attestation, so that no site must migrate for columns that it does not use. */
export function schemaOf(attested: boolean): typeof passkeySchema {
	if (attested) return passkeySchema;
	const { attestationFormat: _, attestationTrusted: __, ...fields } = passkeySchema.passkey.fields;
	return { passkey: { fields } } as typeof passkeySchema;
}
