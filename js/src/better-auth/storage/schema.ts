import type { BetterAuthPluginDBSchema } from "better-auth/db";

/**
 * The table of `@better-auth/passkey` with its column names, and optional columns beside them, so that rows of either
 * plugin can be read by the other.
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
			// Unique, because two rows for one credential let its holder choose between two accounts.
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
			// JSON in a string, because not every database has a type for it.
			metadata: { type: "string", required: false },
			revokedAt: { type: "date", required: false },
			revokedReason: { type: "string", required: false },
			attestationFormat: { type: "string", required: false },
			attestationTrusted: { type: "boolean", required: false },
		},
	},
} satisfies BetterAuthPluginDBSchema;

/** Without attestation there are no columns for it, so that nobody migrates a table for what is not used. */
export function schemaOf(attested: boolean): typeof passkeySchema {
	if (attested) return passkeySchema;
	const { attestationFormat: _, attestationTrusted: __, ...fields } = passkeySchema.passkey.fields;
	return { passkey: { fields } } as typeof passkeySchema;
}
