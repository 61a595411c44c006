import type { AuthContext, GenericEndpointContext, Where } from "better-auth";
import type { ResolvedOptions } from "../options/resolve.js";
import { emit } from "../reporting/events.js";
import { OURS } from "../storage/one-time-token.js";
import { findPage, type PasskeyRow, revoke, UNREVOKED } from "../storage/passkeys.js";
import { removeUnlessLastMethod } from "./last-sign-in-method.js";

export interface PasskeyCleanupResult {
	/** How many passkeys were revoked because they were inactive. */
	revoked: number;
	/** How many inactive passkeys were kept because they are their owners' last sign-in method. */
	skipped: number;
	/** How many expired challenges, proofs and links were deleted. */
	expiredChallenges: number;
}

const PAGE = 100;
const DAY = 24 * 60 * 60 * 1000;

/** Safe to run repeatedly, concurrently in several processes, and again after an interrupted run. */
export async function cleanUp(ctx: GenericEndpointContext, options: ResolvedOptions): Promise<PasskeyCleanupResult> {
	const result = { revoked: 0, skipped: 0, expiredChallenges: await purgeChallenges(ctx.context) };
	const { inactiveDays } = options.cleanup;
	if (inactiveDays === null) return result;
	for (const inactive of inactiveSince(new Date(Date.now() - inactiveDays * DAY))) {
		await revokeAll(ctx, options, inactive, result);
	}
	return result;
}

/** Conditions for a passkey that was last used before this time, or was created before it and never used. */
function inactiveSince(value: Date): Where[][] {
	// Some adapters treat null as the earliest date.
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
			// The next page does not contain revoked passkeys, so only the others move the offset.
			else offset += 1;
		}
		if (page.length < PAGE) return;
	}
}

/** Revokes the passkey only if it is still inactive at the time of the write: a concurrent sign-in wins. */
async function revokeInactive(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	inactive: Where[],
): Promise<"revoked" | "last" | "gone"> {
	const reason = "inactive";
	const taken = await removeUnlessLastMethod(ctx, options, passkey, (guard) =>
		revoke(ctx.context.adapter, passkey, reason, [...inactive, ...guard]),
	);
	if (typeof taken === "string") return taken;
	await emit(ctx, { type: "passkey.revoked", userId: passkey.userId, passkeyId: passkey.id, reason });
	return "revoked";
}

/**
 * Better Auth deletes expired values only when certain other flows look one up. A site with only passkeys may never run
 * these flows.
 */
async function purgeChallenges({ adapter, secondaryStorage, options }: AuthContext): Promise<number> {
	const { storeInDatabase, storeIdentifier, disableCleanup } = options.verification ?? {};
	// A secondary storage deletes expired values by itself.
	if (secondaryStorage && !storeInDatabase) return 0;
	const model = "verification";
	const expired: Where = { field: "expiresAt", operator: "lt", value: new Date() };
	const ours: Where = { field: "identifier", operator: "starts_with", value: OURS };
	const purged = await adapter.deleteMany({ model, where: [ours, expired] });
	// Hashed identifiers do not show which plugin stored a value. Then all expired values are deleted, unless the site
	// disabled this.
	if (!storeIdentifier || disableCleanup) return purged;
	return purged + (await adapter.deleteMany({ model, where: [expired] }));
}
