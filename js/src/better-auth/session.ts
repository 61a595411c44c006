import type { GenericEndpointContext } from "better-auth";
import {
	freshSessionMiddleware,
	getAuthoritativeSessionFromCtx,
	getSessionFromCtx,
	isStateful,
	sensitiveSessionMiddleware,
} from "better-auth/api";

/**
 * Adding a passkey needs a fresh session, read from where sessions live: the cookie cache may still hold one that was
 * revoked, and a passkey outlives every session.
 */
export const freshSession = [sensitiveSessionMiddleware, freshSessionMiddleware];

/** The same, for a handler that learns from the request whether it needs a session. */
export async function requireFreshSession(ctx: GenericEndpointContext): Promise<void> {
	await getAuthoritativeSessionFromCtx(ctx);
	await freshSessionMiddleware(ctx);
}

/** Renaming and removing need the real session too, of any age. */
export const currentSession = [sensitiveSessionMiddleware];

/** The session of the request, or null. It is read and not renewed: a sign-in is about to replace its cookie. */
export async function readSession(ctx: GenericEndpointContext) {
	// A hook may have filled this from the cookie cache.
	ctx.context.session = null;
	return getSessionFromCtx(ctx, { disableCookieCache: isStateful(ctx), disableRefresh: true });
}

/**
 * The user whom a sign-in may not replace. Guests of Better Auth's anonymous plugin are none: signing in is how they
 * become somebody, and that plugin then moves what is theirs.
 */
export async function readSignedInUserId(ctx: GenericEndpointContext): Promise<string | null> {
	const session = await readSession(ctx);
	if (!session) return null;
	const isGuest = ctx.context.hasPlugin("anonymous") && "isAnonymous" in session.user && session.user.isAnonymous;
	return isGuest ? null : session.user.id;
}
