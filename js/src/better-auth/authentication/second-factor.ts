import type { BetterAuthPlugin, GenericEndpointContext, HookEndpointContext, Session, User } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { expireCookie, parseSetCookieHeader } from "better-auth/cookies";
import type { UserVerificationRequirement } from "../../core/types.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { refuse } from "../reporting/refusals.js";
import { OURS } from "../storage/one-time-token.js";
import { listUsable } from "../storage/passkeys.js";

/**
 * The response of a sign-in that still needs a second factor. It replaces the session and is that of the `twoFactor`
 * plugin.
 */
export interface TwoFactorRedirect {
	twoFactorRedirect: true;
	/** The possible second factors, for example `totp` and `otp`, and `passkey` after a password. */
	twoFactorMethods: string[];
}

const PLUGIN = "two-factor";

/** The plugin's signed cookie. It holds the identifier of a verification value, and that value is the user's ID. */
const COOKIE = "two_factor";
const PENDING = /^2fa-(?!attempts-)/;

/**
 * Passes a new session, which the client does not know yet, to the `twoFactor` plugin's own hook for sign-ins. The hook
 * keeps the session if the user has no second factor or uses a trusted device. Otherwise it deletes the session and
 * leaves the sign-in pending. The plugin's pages and endpoints then complete the sign-in.
 */
export async function demandSecondFactor(
	ctx: GenericEndpointContext,
	created: { session: Session; user: User & { twoFactorEnabled?: unknown } },
): Promise<TwoFactorRedirect | null> {
	if (!ctx.context.hasPlugin(PLUGIN) || !created.user.twoFactorEnabled) return null;
	ctx.context.setNewSession(created);
	const { headers, response } = await runSignInHook(ctx);
	// The record is written before the cookies are sent: without the cookie the client cannot continue the sign-in.
	if (response) await rememberFirstFactor(ctx, headers);
	for (const cookie of headers.getSetCookie()) ctx.responseHeaders.append("set-cookie", cookie);
	return response ?? null;
}

/** If the hook is missing, this throws an error: otherwise the second factor would be skipped. */
function runSignInHook(ctx: GenericEndpointContext) {
	const plugin = ctx.context.getPlugin(PLUGIN) as BetterAuthPlugin;
	const signIn = { ...ctx, path: "/sign-in/email" } as HookEndpointContext;
	const hook = plugin.hooks?.after?.find(({ matcher }) => matcher(signIn));
	if (!hook) throw new Error("Better Auth's twoFactor plugin has no hook for sign-ins.");
	return hook.handler({ ...ctx, returnHeaders: true }) as Promise<{ headers: Headers; response?: TwoFactorRedirect }>;
}

/** Records that a passkey was the first factor: the same passkey must not count as the second factor. */
async function rememberFirstFactor(ctx: GenericEndpointContext, headers: Headers): Promise<void> {
	const identifier = pendingOf(ctx, headers);
	const pending = identifier && (await ctx.context.internalAdapter.findVerificationValue(identifier));
	if (!pending) throw new Error("Better Auth's twoFactor plugin left no pending sign-in.");
	await ctx.context.internalAdapter.createVerificationValue({
		identifier: firstFactorOf(identifier),
		value: "passkey",
		// Longer than the pending sign-in: a secondary storage rounds to whole seconds and must not delete this value
		// first.
		expiresAt: new Date(new Date(pending.expiresAt).getTime() + 60_000),
	});
}

interface Pending {
	identifier: string;
	userId: string;
	/** After a password, user presence is enough. */
	userVerification: UserVerificationRequirement;
}

/**
 * Returns this browser's pending sign-in if a passkey may be its second factor.
 *
 * @throws `APIError` 401 TWO_FACTOR_NOT_PENDING
 */
export async function requirePending(ctx: GenericEndpointContext, options: ResolvedOptions): Promise<Pending> {
	const identifier = await readPending(ctx);
	const stored = identifier ? await ctx.context.internalAdapter.findVerificationValue(identifier) : null;
	if (!identifier || !stored || new Date(stored.expiresAt).getTime() <= Date.now()) {
		throw await notPending(ctx, "no sign-in is pending, or it is completed or expired");
	}
	const byPasskey = await ctx.context.internalAdapter.findVerificationValue(firstFactorOf(identifier));
	if (byPasskey && !options.twoFactor.countsAsBoth) {
		throw await notPending(ctx, "a passkey was the first factor", stored.value);
	}
	return { identifier, userId: stored.value, userVerification: byPasskey ? "required" : "discouraged" };
}

/**
 * Completes the pending sign-in after the passkey is verified. Of several concurrent second factors, one gets the
 * session.
 *
 * @throws `APIError` 401 TWO_FACTOR_NOT_PENDING
 */
export async function completePending(ctx: GenericEndpointContext, pending: string, { userId }: { userId: string }) {
	const { internalAdapter, authCookies, secret } = ctx.context;
	// The password must have been given in this browser. Knowing the ceremony ID is not enough.
	const isOurs = (await readPending(ctx)) === pending;
	const consumed = isOurs ? await internalAdapter.consumeVerificationValue(pending) : null;
	if (consumed?.value !== userId)
		throw await notPending(ctx, "the sign-in is completed, expired or belongs to another browser or user", userId);
	expireCookie(ctx, ctx.context.createAuthCookie(COOKIE));
	const dontRememberMe = Boolean(await ctx.getSignedCookie(authCookies.dontRememberToken.name, secret));
	return { complete: true, dontRememberMe };
}

/** Adds `passkey` to the `twoFactorMethods` of a password sign-in if the user has a passkey. */
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

/**
 * The signature proves that this server wrote the value, but not for which cookie. Therefore the identifier is checked
 * too.
 */
async function readPending(ctx: GenericEndpointContext): Promise<string | null> {
	const identifier = await ctx.getSignedCookie(ctx.context.createAuthCookie(COOKIE).name, ctx.context.secret);
	return identifier && PENDING.test(identifier) ? identifier : null;
}

/** Returns the identifier of the pending sign-in from the cookie that this response sets. */
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
