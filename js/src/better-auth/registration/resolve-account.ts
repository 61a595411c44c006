import type { GenericEndpointContext } from "better-auth";
import { APIError } from "better-auth/api";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { type Account, accountOf } from "../ceremony/account.js";
import { readRegistrant } from "../ceremony/session.js";
import type { ResolvedOptions } from "../options/resolve.js";

/**
 * Returns the account that the new passkey is for. It is the account of the session or, if the options allow
 * registration without a session, the account that `resolveUser` returns. The request itself never names an account.
 */
export async function resolveAccount(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	context: string | null,
): Promise<Account> {
	const session = await readRegistrant(ctx, options);
	if (session) return { ...accountOf(session.user), signedIn: true };
	if (!options.registration.resolveUser) {
		throw APIError.from("BAD_REQUEST", PASSKEY_ERROR_CODES.RESOLVE_USER_REQUIRED);
	}
	const user = await options.registration.resolveUser({ ctx, context });
	if (!user?.id || !user.name) throw APIError.from("BAD_REQUEST", PASSKEY_ERROR_CODES.RESOLVED_USER_INVALID);
	return { id: user.id, name: user.name, displayName: user.displayName || user.name, signedIn: false };
}
