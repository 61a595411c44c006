import type { AuthContext, GenericEndpointContext, Where } from "better-auth";
import { APIError } from "better-auth/api";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { isPlaceholder } from "../ceremony/account.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { findById, listUsable, type PasskeyRow, sameVersion, touch } from "../storage/passkeys.js";

/** `last`: nothing was taken, because its owner could not sign in without it. `gone`: it was not there to be taken. */
type Taken = PasskeyRow | "last" | "gone";

/** How often a removal is tried again when somebody wrote to the passkey at the same moment. */
const ATTEMPTS = 3;

/**
 * Revokes or removes a passkey by `take`, whose first write has the given conditions, unless it is its owner's last way
 * to sign in.
 *
 * Where another passkey is what remains, two requests that remove one each must not both go by the other's. So each first
 * writes to the passkey that is to stay, and then takes its own only if nobody wrote to that one since it was read.
 */
export async function takeAway(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	take: (guard: Where[]) => Promise<PasskeyRow | null>,
): Promise<Taken> {
	const { adapter } = ctx.context;
	let current: PasskeyRow | null = passkey;
	for (let attempt = 0; attempt < ATTEMPTS && current; attempt++) {
		const guard = await secureAnotherWay(ctx.context, options, current);
		if (!guard) return "last";
		const taken = await take(guard);
		if (taken) return taken;
		if (guard.length === 0) return "gone";
		current = await findById(adapter, passkey.id);
	}
	return current ? "last" : "gone";
}

export function lastSignInMethod(): APIError {
	return APIError.from("CONFLICT", PASSKEY_ERROR_CODES.LAST_SIGN_IN_METHOD);
}

/** The conditions under which another way to sign in is sure to remain; null where there is none. */
async function secureAnotherWay(
	context: AuthContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
): Promise<Where[] | null> {
	// A revoked passkey is no way to sign in.
	if (!options.keepLastSignInMethod || passkey.revokedAt) return [];
	if (await hasWayWithoutPasskey(context, passkey.userId)) return [];
	for (const other of await listUsable(context.adapter, passkey.userId)) {
		if (other.id !== passkey.id && (await touch(context.adapter, other))) return sameVersion(passkey);
	}
	return null;
}

/** Goes by what this server offers now: an address is no way in where nothing is sent to it. */
async function hasWayWithoutPasskey(context: AuthContext, userId: string): Promise<boolean> {
	const { internalAdapter, options } = context;
	const withPassword = options.emailAndPassword?.enabled === true;
	const passwordWorks = withPassword || context.hasPlugin("username") || context.hasPlugin("phone-number");
	const accounts = await internalAdapter.findAccounts(userId);
	if (accounts.some((account) => account.providerId !== "credential" || (account.password && passwordWorks)))
		return true;
	const user: Record<string, unknown> | null = await internalAdapter.findUserById(userId);
	if (!user) return false;
	const sendsMail =
		context.hasPlugin("magic-link") ||
		context.hasPlugin("email-otp") ||
		(withPassword && options.emailAndPassword?.sendResetPassword !== undefined);
	// An address that nobody proved may be another's.
	if (sendsMail && user.emailVerified && !isPlaceholder(String(user.email))) return true;
	return context.hasPlugin("phone-number") && user.phoneNumberVerified === true;
}
