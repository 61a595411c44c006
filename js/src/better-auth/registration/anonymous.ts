import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import type { ResolvedOptions } from "../options/resolve.js";
import { afterwards } from "../reporting/events.js";

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["after"]>[number];

/**
 * When a guest signs in, Better Auth's anonymous plugin moves the guest's data to the account. It does so after the
 * paths that it knows. Passkey sign-in is one of them; this hook makes the plugin do the same after a passkey sign-up.
 */
export const linkAnonymousUser = (options: ResolvedOptions): AfterHook => ({
	matcher: ({ path, context }) => {
		const user = path === "/passkey/verify-registration" && context.newSession?.user;
		// A guest may also add a passkey and remain a guest.
		return Boolean(options.signUp && user && !user.isAnonymous && context.hasPlugin("anonymous"));
	},
	handler: createAuthMiddleware(async (ctx) => {
		const asSignIn = { ...ctx, path: "/passkey/verify-authentication" };
		const hooks: AfterHook[] = ctx.context.getPlugin("anonymous")?.hooks?.after ?? [];
		for (const hook of hooks.filter(({ matcher }) => matcher({ path: asSignIn.path, context: ctx.context }))) {
			await afterwards(ctx, "the guest's data was not moved to the new account", () => hook.handler(asSignIn));
		}
	}),
});
