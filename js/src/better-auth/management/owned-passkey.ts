import type { GenericEndpointContext } from "better-auth";
import { APIError } from "better-auth/api";
import * as z from "zod";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { label } from "../storage/passkey-name.js";
import { findById, listByUser, type PasskeyRow } from "../storage/passkeys.js";

/**
 * Returns the caller's passkey with this ID. It searches the list of the caller's passkeys, because the ID may be a
 * value that the database column cannot hold. The statement that changes the row checks the owner again.
 *
 * @throws `APIError` 404 if no passkey has this ID, and 401 if the passkey belongs to another user.
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

/** The body of both revocation endpoints: the user's and the administrator's. */
export const revokeBody = z.object({
	id: z.string().min(1).max(255).meta({ description: "The ID of the passkey from the list" }),
	reason: label.min(1).meta({ description: "The reason, stored with the passkey" }).nullish(),
});
