import type { AuthContext, GenericEndpointContext, Where } from "better-auth";
import type { ResolvedOptions } from "../options/resolve.js";
import { emit } from "../reporting/events.js";
import { OURS } from "../storage/one-time-token.js";
import { findPage, type PasskeyRow, revoke, UNREVOKED } from "../storage/passkeys.js";
import { takeAway } from "./last-sign-in-method.js";

export interface PasskeyCleanupResult {
	/** Passkeys that were revoked because nobody used them. */
	revoked: number;
	/** Passkeys that nobody used, and that are left because they are their owners' last way to sign in. */
	skipped: number;
	/** Challenges that nobody answered, and proofs and links that nobody used, deleted. */
	expiredChallenges: number;
}

const PAGE = 100;
const DAY = 24 * 60 * 60 * 1000;

/** Good to run as often as one likes, in several processes at once, and again after it was stopped half way. */
export async function cleanUp(ctx: GenericEndpointContext, options: ResolvedOptions): Promise<PasskeyCleanupResult> {
	const result = { revoked: 0, skipped: 0, expiredChallenges: await purgeChallenges(ctx.context) };
	const { inactiveDays } = options.cleanup;
	if (inactiveDays === null) return result;
	for (const inactive of inactiveSince(new Date(Date.now() - inactiveDays * DAY))) {
		await revokeAll(ctx, options, inactive, result);
	}
	return result;
}

/** Last used before that time, or never used and made before it. */
function inactiveSince(value: Date): Where[][] {
	// Some adapters take null for the earliest of all dates.
	const before = (field: string): Where[] => [
		{ field, operator: "ne", value: null },
		{ field, operator: "lt", value },
	];
	return [before("lastUsedAt"), [{ field: "lastUsedAt", value: null }, ...before("createdAt")]];
}

async function revokeAll(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	inactive: Where[],
	result: PasskeyCleanupResult,
): Promise<void> {
	for (let offset = 0; ; ) {
		const page = await findPage(ctx.context.adapter, [UNREVOKED, ...inactive], PAGE, offset);
		for (const passkey of page) {
			const outcome = await revokeInactive(ctx, options, passkey, inactive);
			if (outcome === "last") result.skipped += 1;
			if (outcome === "revoked") result.revoked += 1;
			// What was revoked is not found again, and the rest moves up.
			else offset += 1;
		}
		if (page.length < PAGE) return;
	}
}

/** Inactive still at the moment of the write: a sign-in meanwhile wins. */
async function revokeInactive(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	inactive: Where[],
): Promise<"revoked" | "last" | "gone"> {
	const reason = "inactive";
	const taken = await takeAway(ctx, options, passkey, (guard) =>
		revoke(ctx.context.adapter, passkey, reason, [...inactive, ...guard]),
	);
	if (typeof taken === "string") return taken;
	await emit(ctx, { type: "passkey.revoked", userId: passkey.userId, passkeyId: passkey.id, reason });
	return "revoked";
}

/** Better Auth deletes expired values when one of some other flows looks one up, which on a site of passkeys none may do. */
async function purgeChallenges({ adapter, secondaryStorage, options }: AuthContext): Promise<number> {
	const { storeInDatabase, storeIdentifier, disableCleanup } = options.verification ?? {};
	// A secondary storage forgets by itself.
	if (secondaryStorage && !storeInDatabase) return 0;
	const model = "verification";
	const expired: Where = { field: "expiresAt", operator: "lt", value: new Date() };
	const ours: Where = { field: "identifier", operator: "starts_with", value: OURS };
	const purged = await adapter.deleteMany({ model, where: [ours, expired] });
	// Hashed identifiers do not say whose they are. Unless the site wants to keep them, all that expired go then.
	if (!storeIdentifier || disableCleanup) return purged;
	return purged + (await adapter.deleteMany({ model, where: [expired] }));
}
