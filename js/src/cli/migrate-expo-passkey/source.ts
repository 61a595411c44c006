import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { findByCredentialId, insert } from "../../better-auth/storage/passkeys.js";
import { WebAuthnError } from "../../core/errors.js";
import { parseRow, type Row, Unfit } from "./row.js";

type Adapter = AuthContext["adapter"];

const PAGE = 200;

interface Conflict {
	credentialId: string;
	reason: string;
}

export interface Migration {
	/** The number of rows that were stored, or that `--write` would store. */
	migrated: number;
	/** The number of rows whose passkey is already stored. */
	skipped: number;
	/** The rows that cannot be migrated, and the reasons. */
	conflicts: Conflict[];
}

/** Declares expo-passkey's table to Better Auth, so that the project's own adapter can read it. */
export function expoPasskeyTable(table: string): BetterAuthPlugin {
	const text = { type: "string", required: false } as const;
	const texts = [
		...["userId", "credentialId", "publicKey", "platform", "lastUsed", "status", "createdAt", "updatedAt"],
		...["revokedAt", "revokedReason", "metadata", "aaguid"],
	];
	const fields = Object.fromEntries(texts.map((name) => [name, text]));
	return {
		id: "touchstone-expo-passkey-table",
		schema: { [table]: { modelName: table, fields: { ...fields, counter: { type: "number", required: false } } } },
	};
}

export async function readExpoPasskeys(adapter: Adapter, table: string): Promise<Row[]> {
	const rows: Row[] = [];
	const sortBy = { field: "id", direction: "asc" } as const;
	for (;;) {
		const page = await adapter.findMany<Row>({ model: table, limit: PAGE, offset: rows.length, sortBy });
		rows.push(...page);
		if (page.length < PAGE) return rows;
	}
}

/**
 * Stores each row as one of our passkeys, with one statement for each row. If it is interrupted, run it again: it never
 * changes rows that are already stored. Without `write`, it stores nothing.
 */
export async function migrateExpoPasskeys(adapter: Adapter, rows: readonly Row[], write: boolean): Promise<Migration> {
	const result: Migration = { migrated: 0, skipped: 0, conflicts: [] };
	for (const row of rows) {
		try {
			const done = await migrateRow(adapter, row, write);
			result[done] += 1;
		} catch (error) {
			// Any other error comes from the database, and the next rows would also fail.
			if (!(error instanceof Unfit || error instanceof WebAuthnError)) throw error;
			result.conflicts.push({ credentialId: String(row.credentialId), reason: error.message });
		}
	}
	return result;
}

async function migrateRow(adapter: Adapter, row: Row, write: boolean): Promise<"migrated" | "skipped"> {
	const passkey = await parseRow(row);
	const same = async () => {
		const stored = await findByCredentialId(adapter, passkey.credentialID);
		if (!stored) return false;
		if (stored.userId !== passkey.userId) throw new Unfit("another user has a passkey with this credential ID");
		if (stored.publicKey !== passkey.publicKey)
			throw new Unfit("the stored passkey with this credential ID has another key");
		if (passkey.revokedAt && !stored.revokedAt)
			throw new Unfit("it was revoked in expo-passkey later: revoke it here too");
		return true;
	};
	if (await same()) return "skipped";
	const user = await adapter.findOne({ model: "user", where: [{ field: "id", value: passkey.userId }] });
	if (!user) throw new Unfit(`the user ${passkey.userId} does not exist`);
	if (!write || (await insert(adapter, passkey))) return "migrated";
	// Another process registered or migrated it at the same time.
	if (await same()) return "skipped";
	throw new Unfit("the database did not store it");
}
