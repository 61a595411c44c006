import type { BetterAuthPlugin, GenericEndpointContext, HookEndpointContext, Session, User } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { expireCookie, parseSetCookieHeader } from "better-auth/cookies";
import type { UserVerificationRequirement } from "../../core/types.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { refuse } from "../reporting/refusals.js";
import { OURS } from "../storage/one-time-token.js";
import { listUsable } from "../storage/passkeys.js";

/** What a sign-in answers in place of a session while its second factor is missing: the answer of the `twoFactor` plugin. */
export interface TwoFactorRedirect {
	twoFactorRedirect: true;
	/** For example `totp`, `otp`, and `passkey` after a password. */
	twoFactorMethods: string[];
}

const PLUGIN = "two-factor";

/** Of the plugin: a signed cookie holds the identifier of a verification value, whose value is the user's id. */
const COOKIE = "two_factor";
const PENDING = /^2fa-(?!attempts-)/;

/**
 * Hands a session that was just created, and of which the client knows nothing, to the `twoFactor` plugin's own hook for
 * sign-ins. The hook either lets it stand, for a user without a second factor or a device that is trusted, or deletes it
 * and leaves the sign-in waiting, so that the pages and endpoints that exist for that go on from here.
 */
export async function demandSecondFactor(
	ctx: GenericEndpointContext,
	created: { session: Session; user: User & { twoFactorEnabled?: unknown } },
): Promise<TwoFactorRedirect | null> {
	if (!ctx.context.hasPlugin(PLUGIN) || !created.user.twoFactorEnabled) return null;
	ctx.context.setNewSession(created);
	const { headers, response } = await runSignInHook(ctx);
	// Without the cookie nobody can go on from a sign-in that is not remembered as begun by a passkey.
	if (response) await rememberFirstFactor(ctx, headers);
	for (const cookie of headers.getSetCookie()) ctx.responseHeaders.append("set-cookie", cookie);
	return response ?? null;
}

/** A hook that is not found is an error, and not a second factor that nobody asks for. */
function runSignInHook(ctx: GenericEndpointContext) {
	const plugin = ctx.context.getPlugin(PLUGIN) as BetterAuthPlugin;
	const signIn = { ...ctx, path: "/sign-in/email" } as HookEndpointContext;
	const hook = plugin.hooks?.after?.find(({ matcher }) => matcher(signIn));
	if (!hook) throw new Error("Better Auth's twoFactor plugin has no hook for sign-ins.");
	return hook.handler({ ...ctx, returnHeaders: true }) as Promise<{ headers: Headers; response?: TwoFactorRedirect }>;
}

/** A sign-in that a passkey began: the same possession shown a second time would be no second factor. */
async function rememberFirstFactor(ctx: GenericEndpointContext, headers: Headers): Promise<void> {
	const identifier = pendingOf(ctx, headers);
	const pending = identifier && (await ctx.context.internalAdapter.findVerificationValue(identifier));
	if (!pending) throw new Error("Better Auth's twoFactor plugin left no sign-in waiting.");
	await ctx.context.internalAdapter.createVerificationValue({
		identifier: firstFactorOf(identifier),
		value: "passkey",
		// Longer than what waits: a secondary storage counts in whole seconds, and may drop the later of two values first.
		expiresAt: new Date(new Date(pending.expiresAt).getTime() + 60_000),
	});
}

interface Pending {
	identifier: string;
	userId: string;
	/** After a password presence is enough. */
	userVerification: UserVerificationRequirement;
}

/**
 * The sign-in of this browser that waits for a second factor, where a passkey may be that.
 *
 * @throws `APIError` 401 TWO_FACTOR_NOT_PENDING
 */
export async function requirePending(ctx: GenericEndpointContext, options: ResolvedOptions): Promise<Pending> {
	const identifier = await readPending(ctx);
	const stored = identifier ? await ctx.context.internalAdapter.findVerificationValue(identifier) : null;
	if (!identifier || !stored || new Date(stored.expiresAt).getTime() <= Date.now()) {
		throw await notPending(ctx, "there is none, or it is completed or expired");
	}
	const byPasskey = await ctx.context.internalAdapter.findVerificationValue(firstFactorOf(identifier));
	if (byPasskey && !options.twoFactor.countsAsBoth) {
		throw await notPending(ctx, "a passkey was the first factor", stored.value);
	}
	return { identifier, userId: stored.value, userVerification: byPasskey ? "required" : "discouraged" };
}

/**
 * Ends the waiting, once the passkey is verified: of several second factors at once, one gets the session.
 *
 * @throws `APIError` 401 TWO_FACTOR_NOT_PENDING
 */
export async function completePending(ctx: GenericEndpointContext, pending: string, { userId }: { userId: string }) {
	const { internalAdapter, authCookies, secret } = ctx.context;
	// The password was given in this browser, and not in one that only knows the ceremony's id.
	const isOurs = (await readPending(ctx)) === pending;
	const consumed = isOurs ? await internalAdapter.consumeVerificationValue(pending) : null;
	if (consumed?.value !== userId) throw await notPending(ctx, "it is completed, expired or another's", userId);
	expireCookie(ctx, ctx.context.createAuthCookie(COOKIE));
	const dontRememberMe = Boolean(await ctx.getSignedCookie(authCookies.dontRememberToken.name, secret));
	return { complete: true, dontRememberMe };
}

/** Adds `passkey` to the methods that a sign-in by password answers, for users who have one. */
export const offerPasskey = {
	matcher: ({ path, context }: { path?: string | undefined; context: { returned?: unknown } }) =>
		isRedirect(context.returned) && !path?.startsWith("/passkey/"),
	handler: createAuthMiddleware(async (ctx) => {
		const { returned, responseHeaders, internalAdapter, adapter } = ctx.context;
		const identifier = responseHeaders && pendingOf(ctx, responseHeaders);
		const pending = identifier && (await internalAdapter.findVerificationValue(identifier));
		if (!pending || !isRedirect(returned) || (await listUsable(adapter, pending.value)).length === 0) return;
		return ctx.json({ ...returned, twoFactorMethods: [...returned.twoFactorMethods, "passkey"] });
	}),
};

function isRedirect(answer: unknown): answer is TwoFactorRedirect {
	const redirect = answer as Partial<TwoFactorRedirect> | null | undefined;
	return redirect?.twoFactorRedirect === true && Array.isArray(redirect.twoFactorMethods);
}

/** A signature says that this server wrote a cookie and not which one it was, so the identifier has to look right too. */
async function readPending(ctx: GenericEndpointContext): Promise<string | null> {
	const identifier = await ctx.getSignedCookie(ctx.context.createAuthCookie(COOKIE).name, ctx.context.secret);
	return identifier && PENDING.test(identifier) ? identifier : null;
}

/** The sign-in that this answer leaves waiting, from the cookie that it sets. */
function pendingOf(ctx: GenericEndpointContext, headers: Headers): string | null {
	const { name } = ctx.context.createAuthCookie(COOKIE);
	const value = parseSetCookieHeader(headers.get("set-cookie") ?? "").get(name)?.value;
	return value?.slice(0, value.lastIndexOf(".")) || null;
}

function firstFactorOf(identifier: string): string {
	return `${OURS}first-factor:${identifier}`;
}

function notPending(ctx: GenericEndpointContext, detail: string, userId?: string) {
	const code = "TWO_FACTOR_NOT_PENDING";
	return refuse(ctx, {
		ceremony: "authentication",
		status: "UNAUTHORIZED",
		code,
		userId,
		reason: { code, detail },
	});
}
