import type { GenericEndpointContext } from "better-auth";
import {
	APIError,
	createAuthMiddleware,
	getSessionFromCtx,
	isStateful,
	sensitiveSessionMiddleware,
} from "better-auth/api";
import type { ResolvedOptions } from "../options/resolve.js";

/** What a plugin takes for the session of this request, for example because of an API key, may be none that anybody began. */
const forgetSession = createAuthMiddleware(async (ctx) => {
	ctx.context.session = null;
});

/**
 * Changing passkeys needs the session that the request's cookie names, read from where sessions live: the cookie cache may
 * still hold one that was revoked, and a passkey outlives every session.
 */
export const currentSession = [forgetSession, sensitiveSessionMiddleware];

/** The same for handlers that find out by themselves whether they need one, or that must not even renew it. */
export async function requireSession(ctx: GenericEndpointContext) {
	const session = await readSession(ctx);
	if (session) return session;
	throw APIError.from("UNAUTHORIZED", { code: "UNAUTHORIZED", message: "Unauthorized" });
}

/** The session that says whose passkey is being made; null only where the site allows registration without one. */
export async function readRegistrant(ctx: GenericEndpointContext, options: ResolvedOptions) {
	if (!options.registration.requireSession) return readSession(ctx);
	return middlewareRequiresSession(options) ? ctx.context.session : requireSession(ctx);
}

/** Where people may sign up, only the request tells whether a session is needed. */
export function middlewareRequiresSession({ registration, signUp }: ResolvedOptions): boolean {
	return registration.requireSession && !signUp;
}

/** The session of the request, or null. It is read and not renewed: a sign-in is about to replace its cookie. */
export async function readSession(ctx: GenericEndpointContext) {
	// A hook may have filled this from the cookie cache.
	ctx.context.session = null;
	// Without this cookie there is none, and to find that out Better Auth makes and runs an endpoint. Most sign-ins have none.
	if (!ctx.getCookie(ctx.context.authCookies.sessionToken.name)) return null;
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
