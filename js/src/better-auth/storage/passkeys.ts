import type { AuthContext, Where } from "better-auth";
import { WebAuthnError } from "../../core/errors.js";
import type { CredentialDeviceType } from "../../core/types.js";
import type { Passkey } from "../../shared/passkey.js";
import { removeGuarded, writeGuarded } from "./conditional-write.js";
import { decodeMetadata } from "./metadata.js";

/** A row of the table, including the columns that clients do not get. */
export interface PasskeyRow extends Omit<Passkey, "metadata" | "provider"> {
	/** JSON text. */
	metadata?: string | null | undefined;
	/** The user handle that the authenticator stores, in base64url. Rows of `@better-auth/passkey` have none. */
	userHandle?: string | null | undefined;
	revokedAt?: Date | null | undefined;
}

type Adapter = AuthContext["adapter"];
type NewPasskey = Omit<PasskeyRow, "id">;

const MODEL = "passkey";

/** Without a limit Better Auth reads 100 rows, but a list of excluded credentials must be complete. */
export const READ_LIMIT = 1000;

/** The maximum of an SQL `integer`. WebAuthn counters have one bit more: larger values are stored as this maximum. */
const COUNTER_LIMIT = 2 ** 31 - 1;

/** Also matches rows without the column: every adapter treats an absent value as null here. */
export const UNREVOKED: Where = { field: "revokedAt", value: null };

/**
 * Call it only with a parsed string, never with raw client input: MongoDB would treat an object as a query operator.
 * MySQL ignores letter case, but credential IDs that differ in case are different credentials, so the result is
 * compared again.
 */
export async function findByCredentialId(adapter: Adapter, credentialID: string): Promise<PasskeyRow | null> {
	const found = await findAlike(adapter, credentialID);
	return found?.credentialID === credentialID ? found : null;
}

/** Finds the row whose credential ID the database, and therefore its unique index, considers equal. */
function findAlike(adapter: Adapter, credentialID: string): Promise<PasskeyRow | null> {
	return adapter.findOne<PasskeyRow>({ model: MODEL, where: [{ field: "credentialID", value: credentialID }] });
}

export async function listByUser(adapter: Adapter, userId: string): Promise<PasskeyRow[]> {
	return adapter.findMany<PasskeyRow>({ model: MODEL, where: [{ field: "userId", value: userId }], limit: READ_LIMIT });
}

/** Returns the user's passkeys that are not revoked. */
export async function listUsable(adapter: Adapter, userId: string): Promise<PasskeyRow[]> {
	return (await listByUser(adapter, userId)).filter(({ revokedAt }) => !revokedAt);
}

/**
 * Returns the row with this ID, whoever owns it. The ID comes from a client, and the column may not be able to hold it,
 * for example letters in a numeric column. Databases then throw an error, and no such row exists.
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

/** Returns one page of the rows that fulfil the conditions, in a stable order. */
export function findPage(adapter: Adapter, where: Where[], limit: number, offset: number): Promise<PasskeyRow[]> {
	const sortBy = { field: "id", direction: "asc" } as const;
	return adapter.findMany<PasskeyRow>({ model: MODEL, where, limit, offset, sortBy });
}

/**
 * Stores a passkey. Returns null if its credential is already stored.
 *
 * The look-up is for tables that were created without the unique index.
 *
 * @throws WebAuthnError CREDENTIAL_TOO_LARGE if a column cannot hold it: on MySQL and SQL Server, Better Auth's
 * migration gives a unique column 255 characters, and a credential ID may have 1364.
 */
export async function insert(adapter: Adapter, passkey: NewPasskey): Promise<PasskeyRow | null> {
	if (await findAlike(adapter, passkey.credentialID)) return null;
	const stored = await create(adapter, { ...passkey, counter: Math.min(passkey.counter, COUNTER_LIMIT) });
	if (!stored || stored.credentialID === passkey.credentialID) return stored;
	// Without its strict mode, MySQL truncates values that are too long.
	await remove(adapter, stored);
	throw new WebAuthnError("CREDENTIAL_TOO_LARGE", { field: "id" });
}

/** After an error, a second look-up separates a lost race from a failed database: adapters report both in many ways. */
async function create(adapter: Adapter, data: NewPasskey): Promise<PasskeyRow | null> {
	try {
		return await adapter.create<NewPasskey, PasskeyRow>({ model: MODEL, data });
	} catch (error) {
		if (isTooLong(error)) throw new WebAuthnError("CREDENTIAL_TOO_LARGE", { field: "id", cause: error });
		const stored = await findAlike(adapter, data.credentialID);
		if (!stored) throw error;
		// A row with the same user and key is the one that was just written: the write succeeded but reported an error.
		return stored.userId === data.userId && stored.publicKey === data.publicKey ? stored : null;
	}
}

/**
 * Whether the error means that a value is too long for its column: 22001 is the SQL standard's code, P2000 is Prisma's.
 */
function isTooLong(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const { code, sqlState, cause } = error as Error & { code?: unknown; sqlState?: unknown };
	return [code, sqlState].some((found) => found === "22001" || found === "P2000") || isTooLong(cause);
}

/** The changes that a sign-in makes to the row of its passkey. */
export interface Use {
	/** Null keeps the stored counter: the sign-in is accepted although its counter did not increase. */
	counter: number | null;
	backedUp: boolean;
	/** Unchanged, except for rows that do not have a valid value yet. */
	deviceType: CredentialDeviceType;
	at: Date;
}

/**
 * Records a sign-in in one statement. Its condition is the rule of 7.2 step 22: the counter increased, or the
 * authenticator has no counter. Null means that no row fulfilled the condition: the counter did not increase, a
 * concurrent sign-in with the same or a higher counter was faster, or the passkey was revoked or removed. The sign-in
 * must then be refused.
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
 * Restores `lastUsedAt` after a sign-in that failed later, unless the passkey was used again in the meantime. The
 * counter stays: with a lower counter, a clone could sign in. `updatedAt` stays too: a request that read the row
 * earlier must not find the same version again.
 *
 * With `eligibilityChanged`, the device type is restored as well: if a hook refused the change, the next sign-in must
 * look like a change again.
 */
export async function forgetUse(
	adapter: Adapter,
	before: PasskeyRow,
	at: Date,
	eligibilityChanged: boolean,
): Promise<void> {
	const { deviceType, backedUp } = before;
	await change(adapter, [{ field: "id", value: before.id }, ...sameMoment("lastUsedAt", at)], {
		lastUsedAt: before.lastUsedAt ?? null,
		...(eligibilityChanged && { deviceType, backedUp }),
	});
}

function counterGuard(counter: number): Where {
	if (counter === 0) return { field: "counter", value: 0 };
	// PostgreSQL refuses to compare an integer column with a number beyond its range.
	if (counter > COUNTER_LIMIT) return { field: "counter", operator: "lte", value: COUNTER_LIMIT };
	return { field: "counter", operator: "lt", value: counter };
}

/** The columns that the owner of a passkey may change. */
export type Edit = Partial<Pick<PasskeyRow, "name" | "deviceName" | "metadata">>;

/** Changes a passkey of this user. The owner is part of the statement, so a row of another user cannot match. */
export async function edit(adapter: Adapter, owned: PasskeyRow, changes: Edit): Promise<PasskeyRow | null> {
	return change(adapter, ownedBy(owned), { ...changes, updatedAt: new Date() });
}

/** Revokes a passkey that is not revoked yet. Of several concurrent requests, one gets the row. */
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

/** Removes a passkey of this user. Of several concurrent removals, one gets the row. */
export async function remove(adapter: Adapter, owned: PasskeyRow): Promise<PasskeyRow | null> {
	return removeGuarded<PasskeyRow>(adapter, { model: MODEL, where: ownedBy(owned) });
}

/** Gives the row a new version. Returns null if the passkey is revoked or removed. */
export async function touch(adapter: Adapter, row: PasskeyRow): Promise<PasskeyRow | null> {
	const last = row.updatedAt ? new Date(row.updatedAt).getTime() : 0;
	// Always later than before, even within one millisecond or with a clock that is behind.
	return change(adapter, [...ownedBy(row), UNREVOKED], { updatedAt: new Date(Math.max(Date.now(), last + 1)) });
}

/** The condition that the row was not changed since it was read. */
export function sameVersion({ updatedAt }: PasskeyRow): Where[] {
	return updatedAt ? sameMoment("updatedAt", new Date(updatedAt)) : [{ field: "updatedAt", value: null }];
}

/** Two bounds instead of equality: adapters agree more on the order of dates than on their equality. */
function sameMoment(field: string, value: Date): Where[] {
	return (["lte", "gte"] as const).map((operator) => ({ field, operator, value }));
}

/** Returns the row in the form that clients may get. */
export function toPasskey({ userHandle: _, metadata, deviceType, ...passkey }: PasskeyRow): Passkey {
	// For a passkey from another table the type may be unknown until its first sign-in.
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
