import type { GenericEndpointContext } from "better-auth";
import { removeGuarded } from "./guarded-write.js";

/**
 * Takes a value out of Better Auth's verification store: of several requests at once, one gets it. Null where it was never
 * stored, is taken already or is expired.
 *
 * Better Auth's own function reads the newest of the rows with one identifier, deletes the others, then that one, within a
 * transaction. Our identifiers are random, so there is one row at most, and one statement does it.
 */
export async function takeOnce(ctx: GenericEndpointContext, identifier: string): Promise<string | null> {
	const { adapter, internalAdapter, options } = ctx.context;
	const { storeIdentifier } = options.verification ?? {};
	const isOneRow = !options.secondaryStorage && (storeIdentifier === undefined || storeIdentifier === "plain");
	const stored = isOneRow
		? await removeGuarded<{ value: string; expiresAt: Date }>(adapter, {
				model: "verification",
				where: [{ field: "identifier", value: identifier }],
			})
		: await internalAdapter.consumeVerificationValue(identifier);
	return stored && new Date(stored.expiresAt).getTime() > Date.now() ? stored.value : null;
}
