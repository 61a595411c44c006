import type { AuthContext, GenericEndpointContext, Where } from "better-auth";
import { APIError } from "better-auth/api";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { isPlaceholder } from "../ceremony/account.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { findById, listUsable, type PasskeyRow, sameVersion, touch } from "../storage/passkeys.js";

/**
 * `last`: the passkey was kept because it is the owner's last sign-in method. `gone`: the passkey does not exist any
 * more.
 */
type Taken = PasskeyRow | "last" | "gone";

/** How often a removal is tried if other requests write to the passkey at the same time. */
const ATTEMPTS = 3;

/**
 * Revokes or removes a passkey through `take`, unless it is the owner's last sign-in method. The first write of `take`
 * must include the conditions in `guard`.
 *
 * If only two passkeys remain, two concurrent requests could each remove one and rely on the other. To prevent this,
 * each request first writes to the passkey that stays. It then removes its own passkey only if no other request has
 * written to that passkey since it was read.
 */
export async function removeUnlessLastMethod(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	take: (guard: Where[]) => Promise<PasskeyRow | null>,
): Promise<Taken> {
	const { adapter } = ctx.context;
	let current: PasskeyRow | null = passkey;
	for (let attempt = 0; attempt < ATTEMPTS && current; attempt++) {
		const guard = await keepAnotherMethod(ctx.context, options, current);
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

/** Returns the conditions under which another sign-in method remains; null if there is none. */
async function keepAnotherMethod(
	context: AuthContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
): Promise<Where[] | null> {
	// A revoked passkey is not a sign-in method.
	if (!options.keepLastSignInMethod || passkey.revokedAt) return [];
	if (await hasMethodWithoutPasskey(context, passkey.userId)) return [];
	for (const other of await listUsable(context.adapter, passkey.userId)) {
		if (other.id !== passkey.id && (await touch(context.adapter, other))) return sameVersion(passkey);
	}
	return null;
}

/**
 * Considers only the sign-in methods enabled on this server: an e-mail address counts only if the server sends codes or
 * links.
 */
async function hasMethodWithoutPasskey(context: AuthContext, userId: string): Promise<boolean> {
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
	// An unverified address may belong to another person.
	if (sendsMail && user.emailVerified && !isPlaceholder(String(user.email))) return true;
	return context.hasPlugin("phone-number") && user.phoneNumberVerified === true;
}
