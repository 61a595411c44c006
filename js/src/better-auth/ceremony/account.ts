import type { GenericEndpointContext, User } from "better-auth";
import { APIError } from "better-auth/api";
import type { AuthenticationExtensionsClientInputs } from "../../core/types.js";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import type { PasskeyExtensionsResolver } from "../options/options.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { readRegistrant } from "./session.js";

/** Whose passkey is being made. */
export interface Account {
	id: string;
	name: string;
	displayName: string;
	/** Whether a session proves it; otherwise it is what the integrator's `resolveUser` said about an anonymous caller. */
	signedIn: boolean;
}

/**
 * The account that a new passkey is for: that of the session, or, only where the integrator allows registration without
 * one, the one that `resolveUser` names. Nothing in the request names an account.
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

/** What authenticators show of an account. */
export function accountOf({ id, email, name }: Pick<User, "id" | "email" | "name">): Omit<Account, "signedIn"> {
	const address = email && !isPlaceholder(email) ? email : "";
	return { id, name: address || name || id, displayName: name || address || id };
}

/** Whether an address only fills its column, as those of accounts that a passkey signed up. RFC 2606: no mail can go there. */
export function isPlaceholder(email: string): boolean {
	return email.endsWith(".invalid");
}

export async function resolveExtensions(
	ctx: GenericEndpointContext,
	extensions: PasskeyExtensionsResolver | undefined,
): Promise<AuthenticationExtensionsClientInputs | undefined> {
	return typeof extensions === "function" ? extensions({ ctx }) : extensions;
}
