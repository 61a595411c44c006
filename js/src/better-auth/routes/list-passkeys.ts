import { createAuthEndpoint, sessionMiddleware } from "better-auth/api";
import { withProvider } from "../authenticators.js";
import type { ResolvedOptions } from "../options.js";
import { listByUser, toPasskey } from "../storage.js";

export const listPasskeys = ({ authenticators }: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/list-user-passkeys",
		{
			method: "GET",
			use: [sessionMiddleware],
			metadata: { openapi: { description: "List the passkeys of the signed-in user" } },
		},
		async (ctx) => {
			const passkeys = await listByUser(ctx.context.adapter, ctx.context.session.user.id);
			return ctx.json(passkeys.map((row) => withProvider(authenticators, toPasskey(row))));
		},
	);
