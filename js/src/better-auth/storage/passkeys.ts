import type { AuthContext, Where } from "better-auth";
import { WebAuthnError } from "../../core/errors.js";
import type { CredentialDeviceType } from "../../core/types.js";
import type { Passkey } from "../../shared/passkey.js";
import { removeGuarded, writeGuarded } from "./conditional-write.js";
import { decodeMetadata } from "./metadata.js";

/** A row of the table, with what is not returned to clients. */
export interface PasskeyRow extends Omit<Passkey, "metadata" | "provider"> {
	/** JSON. */
	metadata?: string | null | undefined;
	/** The user handle that the authenticator holds, base64url. Rows of `@better-auth/passkey` have none. */
	userHandle?: string | null | undefined;
	revokedAt?: Date | null | undefined;
}

type Adapter = AuthContext["adapter"];
type NewPasskey = Omit<PasskeyRow, "id">;

const MODEL = "passkey";

/** Without a limit Better Auth reads 100 rows, and a list of credentials to exclude is only right when it is complete. */
export const READ_LIMIT = 1000;

/** What an SQL `integer` holds. WebAuthn's counters have one bit more, so the column saturates instead of overflowing. */
const COUNTER_LIMIT = 2 ** 31 - 1;

/** True of rows that never had the column, too: every adapter takes an absent value for null here. */
export const UNREVOKED: Where = { field: "revokedAt", value: null };

/**
 * Called with what a client sent only after it was parsed to a string: an object here would be a query on MongoDB. MySQL
 * compares without regard to letter case, and the same letters in another case are another credential.
 */
export async function findByCredentialId(adapter: Adapter, credentialID: string): Promise<PasskeyRow | null> {
	const found = await findAlike(adapter, credentialID);
	return found?.credentialID === credentialID ? found : null;
}

/** What the database, and so its unique index, takes for the same credential. */
function findAlike(adapter: Adapter, credentialID: string): Promise<PasskeyRow | null> {
	return adapter.findOne<PasskeyRow>({ model: MODEL, where: [{ field: "credentialID", value: credentialID }] });
}

export async function listByUser(adapter: Adapter, userId: string): Promise<PasskeyRow[]> {
	return adapter.findMany<PasskeyRow>({ model: MODEL, where: [{ field: "userId", value: userId }], limit: READ_LIMIT });
}

/** Those that are not revoked. */
export async function listUsable(adapter: Adapter, userId: string): Promise<PasskeyRow[]> {
	return (await listByUser(adapter, userId)).filter(({ revokedAt }) => !revokedAt);
}

/**
 * The row with this id, whoever owns it. The id comes from a client and may be none that the column can hold, for example
 * letters where ids are numbers; databases throw then, and such a row does not exist.
 */
export async function findById(adapter: Adapter, id: string): Promise<PasskeyRow | null> {
	try {
		return await adapter.findOne<PasskeyRow>({ model: MODEL, where: [{ field: "id", value: id }] });
	} catch {
		return null;
	}
}

export function countByUser(adapter: Adapter, userId: string): Promise<number> {
	return adapter.count({ model: MODEL, where: [{ field: "userId", value: userId }] });
}

/** A part of all rows that fulfil the conditions, in a stable order. */
export function findPage(adapter: Adapter, where: Where[], limit: number, offset: number): Promise<PasskeyRow[]> {
	const sortBy = { field: "id", direction: "asc" } as const;
	return adapter.findMany<PasskeyRow>({ model: MODEL, where, limit, offset, sortBy });
}

/**
 * Stores a passkey, or answers null when its credential is stored already.
 *
 * The look-up is for tables that were made without the unique index.
 *
 * @throws WebAuthnError CREDENTIAL_TOO_LARGE where a column cannot hold it: on MySQL and SQL Server Better Auth's
 * migration gives a unique column 255 characters, and a credential ID may have 1364.
 */
export async function insert(adapter: Adapter, passkey: NewPasskey): Promise<PasskeyRow | null> {
	if (await findAlike(adapter, passkey.credentialID)) return null;
	const stored = await create(adapter, { ...passkey, counter: Math.min(passkey.counter, COUNTER_LIMIT) });
	if (!stored || stored.credentialID === passkey.credentialID) return stored;
	// MySQL outside its strict mode cuts what is too long.
	await remove(adapter, stored);
	throw new WebAuthnError("CREDENTIAL_TOO_LARGE", { field: "id" });
}

/** A second look tells a race that the index decided from a database that failed: adapters report both in many ways. */
async function create(adapter: Adapter, data: NewPasskey): Promise<PasskeyRow | null> {
	try {
		return await adapter.create<NewPasskey, PasskeyRow>({ model: MODEL, data });
	} catch (error) {
		if (isTooLong(error)) throw new WebAuthnError("CREDENTIAL_TOO_LARGE", { field: "id", cause: error });
		const stored = await findAlike(adapter, data.credentialID);
		if (!stored) throw error;
		// The row with this very key is the one that was written: only the answer to the write was lost.
		return stored.userId === data.userId && stored.publicKey === data.publicKey ? stored : null;
	}
}

/** Whether a database or an ORM says that a column is too short: 22001 is SQL's own code, P2000 Prisma's. */
function isTooLong(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const { code, sqlState, cause } = error as Error & { code?: unknown; sqlState?: unknown };
	return [code, sqlState].some((found) => found === "22001" || found === "P2000") || isTooLong(cause);
}

/** What a sign-in changes in the row of its passkey. */
export interface Use {
	/** Null leaves the stored one, for a sign-in that passes although its counter did not grow. */
	counter: number | null;
	backedUp: boolean;
	/** The same as it was, but for rows that do not know it yet. */
	deviceType: CredentialDeviceType;
	at: Date;
}

/**
 * Writes a sign-in down, in one statement whose condition is the rule of 7.2 step 22: the counter grew, or the
 * authenticator has none. Null means that no row fulfilled it: the counter went back, another sign-in with the same or a
 * later count was faster, or the passkey was revoked or removed meanwhile. Nobody may be signed in then.
 */
export async function recordUse(adapter: Adapter, id: string, use: Use): Promise<PasskeyRow | null> {
	const { counter, backedUp, deviceType, at } = use;
	const guard = counter === null ? [] : [counterGuard(counter)];
	return change(adapter, [{ field: "id", value: id }, UNREVOKED, ...guard], {
		...(counter !== null && { counter: Math.min(counter, COUNTER_LIMIT) }),
		backedUp,
		deviceType,
		lastUsedAt: at,
		updatedAt: at,
	});
}

/**
 * Takes back when a passkey was used, of a sign-in that made no session after all, unless it was used again meanwhile.
 * What its authenticator said of itself stays: a counter that went back would let a clone pass. So does the time of the
 * change: whoever read the row before it must not find the same version again.
 */
export async function forgetUse(adapter: Adapter, before: PasskeyRow, at: Date): Promise<void> {
	await change(adapter, [{ field: "id", value: before.id }, ...sameMoment("lastUsedAt", at)], {
		lastUsedAt: before.lastUsedAt ?? null,
	});
}

function counterGuard(counter: number): Where {
	if (counter === 0) return { field: "counter", value: 0 };
	// PostgreSQL does not compare an integer column with a number that is too large for one.
	if (counter > COUNTER_LIMIT) return { field: "counter", operator: "lte", value: COUNTER_LIMIT };
	return { field: "counter", operator: "lt", value: counter };
}

/** What the owner of a passkey may change of it. */
export type Edit = Partial<Pick<PasskeyRow, "name" | "deviceName" | "metadata">>;

/** Changes a passkey of this user; the owner is part of the statement, so nobody else's row can match. */
export async function edit(adapter: Adapter, owned: PasskeyRow, changes: Edit): Promise<PasskeyRow | null> {
	return change(adapter, ownedBy(owned), { ...changes, updatedAt: new Date() });
}

/** Revokes a passkey that is not revoked yet; of several requests at once, one gets the row. */
export async function revoke(
	adapter: Adapter,
	owned: PasskeyRow,
	reason: string | null,
	guard: Where[] = [],
): Promise<PasskeyRow | null> {
	const at = new Date();
	const where = [...ownedBy(owned), UNREVOKED, ...guard];
	return change(adapter, where, { revokedAt: at, revokedReason: reason, updatedAt: at });
}

/** Removes a passkey of this user; of several removals at once, one gets the row. */
export async function remove(adapter: Adapter, owned: PasskeyRow): Promise<PasskeyRow | null> {
	return removeGuarded<PasskeyRow>(adapter, { model: MODEL, where: ownedBy(owned) });
}

/** Gives the row another version, or answers null: the passkey is revoked or gone. */
export async function touch(adapter: Adapter, row: PasskeyRow): Promise<PasskeyRow | null> {
	const last = row.updatedAt ? new Date(row.updatedAt).getTime() : 0;
	// Later than it was, also within one millisecond and by a clock that is behind.
	return change(adapter, [...ownedBy(row), UNREVOKED], { updatedAt: new Date(Math.max(Date.now(), last + 1)) });
}

/** That nobody has written to the row since it was read. */
export function sameVersion({ updatedAt }: PasskeyRow): Where[] {
	return updatedAt ? sameMoment("updatedAt", new Date(updatedAt)) : [{ field: "updatedAt", value: null }];
}

/** Bounds, because adapters compare dates for order more alike. */
function sameMoment(field: string, value: Date): Where[] {
	return (["lte", "gte"] as const).map((operator) => ({ field, operator, value }));
}

/** The row as it may leave the server. */
export function toPasskey({ userHandle: _, metadata, deviceType, ...passkey }: PasskeyRow): Passkey {
	// A passkey that came from another table may be of either kind, and shows at its first sign-in which one it is.
	const known = deviceType === "multiDevice" ? deviceType : "singleDevice";
	return { ...passkey, deviceType: known, metadata: decodeMetadata(metadata) };
}

function change(adapter: Adapter, where: Where[], set: Partial<PasskeyRow>): Promise<PasskeyRow | null> {
	return writeGuarded<PasskeyRow>(adapter, { model: MODEL, where, set });
}

function ownedBy(row: PasskeyRow): Where[] {
	return [
		{ field: "id", value: row.id },
		{ field: "userId", value: row.userId },
	];
}
