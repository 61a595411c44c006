import type { GenericEndpointContext } from "better-auth";
import { APIError } from "better-auth/api";
import * as z from "zod";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { label } from "../storage/passkey-name.js";
import { findById, listByUser, type PasskeyRow } from "../storage/passkeys.js";

/**
 * The caller's passkey with this id. It is looked for among the caller's own, so that no id reaches the database that
 * its column cannot hold; the statement that then changes the row names its owner again.
 *
 * @throws `APIError` 404 for an id that nobody has, and 401 for one that somebody else has.
 */
export async function requireOwned(ctx: GenericEndpointContext, userId: string, id: string): Promise<PasskeyRow> {
	const owned = (await listByUser(ctx.context.adapter, userId)).find((passkey) => passkey.id === id);
	if (owned) return owned;
	if (!(await findById(ctx.context.adapter, id))) throw notFound();
	throw APIError.from("UNAUTHORIZED", PASSKEY_ERROR_CODES.YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY);
}

export function notFound(): APIError {
	return APIError.from("NOT_FOUND", PASSKEY_ERROR_CODES.PASSKEY_NOT_FOUND);
}

/** Of the user's endpoint and of the administrator's. */
export const revokeBody = z.object({
	id: z.string().min(1).max(255).meta({ description: "The id of the passkey, as the list has it" }),
	reason: label.min(1).meta({ description: "Kept with the passkey" }).nullish(),
});

/** The refusals that every endpoint for a passkey of the caller has in common. */
export const ownPasskeyRefusals = {
	401: ["YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY"],
	403: ["STEP_UP_REQUIRED"],
	404: ["PASSKEY_NOT_FOUND"],
} as const;
