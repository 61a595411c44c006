import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import type { ResolvedOptions } from "../options/resolve.js";
import { afterwards } from "../reporting/events.js";

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["after"]>[number];

/**
 * Better Auth's anonymous plugin moves what is a guest's when the guest becomes somebody, after the paths that it knows.
 * Signing in with a passkey is one of them; this has it do the same after signing up with one.
 */
export const welcomeGuest = (options: ResolvedOptions): AfterHook => ({
	matcher: ({ path, context }) => {
		const user = path === "/passkey/verify-registration" && context.newSession?.user;
		// A guest may also add a passkey and stay one.
		return Boolean(options.signUp && user && !user.isAnonymous && context.hasPlugin("anonymous"));
	},
	handler: createAuthMiddleware(async (ctx) => {
		const asSignIn = { ...ctx, path: "/passkey/verify-authentication" };
		const hooks: AfterHook[] = ctx.context.getPlugin("anonymous")?.hooks?.after ?? [];
		for (const hook of hooks.filter(({ matcher }) => matcher({ path: asSignIn.path, context: ctx.context }))) {
			await afterwards(ctx, "what a guest had was not moved to the new account", () => hook.handler(asSignIn));
		}
	}),
});
