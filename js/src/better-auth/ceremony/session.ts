import type { GenericEndpointContext } from "better-auth";
import {
	APIError,
	createAuthMiddleware,
	getSessionFromCtx,
	isStateful,
	sensitiveSessionMiddleware,
} from "better-auth/api";
import type { ResolvedOptions } from "../options/resolve.js";

/** A plugin may have set a session that no user started, for example because of an API key. This removes it. */
const forgetSession = createAuthMiddleware(async (ctx) => {
	ctx.context.session = null;
});

/**
 * Changes to passkeys require the session of the request's cookie, read from the session store. The cookie cache may
 * still contain a revoked session, and a passkey lasts longer than any session.
 */
export const currentSession = [forgetSession, sensitiveSessionMiddleware];

/** The same check for handlers that decide themselves whether they need a session, or that must not renew it. */
export async function requireSession(ctx: GenericEndpointContext) {
	const session = await readSession(ctx);
	if (session) return session;
	throw APIError.from("UNAUTHORIZED", { code: "UNAUTHORIZED", message: "Unauthorized" });
}

/**
 * Returns the session that decides the owner of a new passkey. Null only if registration without a session is allowed.
 */
export async function readRegistrant(ctx: GenericEndpointContext, options: ResolvedOptions) {
	if (!options.registration.requireSession) return readSession(ctx);
	return middlewareRequiresSession(options) ? ctx.context.session : requireSession(ctx);
}

/** If sign-up is enabled, only the request tells whether a session is required. */
export function middlewareRequiresSession({ registration, signUp }: ResolvedOptions): boolean {
	return registration.requireSession && !signUp;
}

/** Returns the session of the request, or null. It does not renew the session: a sign-in may replace its cookie. */
export async function readSession(ctx: GenericEndpointContext) {
	// A hook may have set this from the cookie cache.
	ctx.context.session = null;
	// Without this cookie there is no session, as in most sign-ins. Better Auth would create and run an endpoint to find
	// out.
	if (!ctx.getCookie(ctx.context.authCookies.sessionToken.name)) return null;
	return getSessionFromCtx(ctx, { disableCookieCache: isStateful(ctx), disableRefresh: true });
}

/**
 * Returns the ID of the signed-in user, whose session another user's sign-in must not replace. It is null for a guest
 * of Better Auth's anonymous plugin: a guest gets an account by signing in, and the plugin then moves the guest's data.
 */
export async function readSignedInUserId(ctx: GenericEndpointContext): Promise<string | null> {
	const session = await readSession(ctx);
	if (!session) return null;
	const isGuest = ctx.context.hasPlugin("anonymous") && "isAnonymous" in session.user && session.user.isAnonymous;
	return isGuest ? null : session.user.id;
}
