import { createAuthEndpoint } from "better-auth/api";
import { proof, requireFresh } from "../authentication/step-up.js";
import { currentSession } from "../ceremony/session.js";
import { lastSignInMethod, removeUnlessLastMethod } from "../management/last-sign-in-method.js";
import { notFound, requireOwned, revokeBody } from "../management/owned-passkey.js";
import { documented } from "../openapi/openapi.js";
import { changedAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { emit } from "../reporting/events.js";
import { findById, revoke, toPasskey } from "../storage/passkeys.js";

const body = revokeBody.extend({
	proof,
});

const openapi = documented({
	description: "Revoke a passkey of the signed-in user: it stays in the table but cannot sign in",
	answer: changedAnswer,
	refusals: {
		401: ["YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY"],
		403: ["STEP_UP_REQUIRED"],
		404: ["PASSKEY_NOT_FOUND"],
		409: ["LAST_SIGN_IN_METHOD"],
	},
});

export const revokePasskey = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/revoke-passkey",
		{
			method: "POST",
			body,
			use: currentSession,
			metadata: {
				openapi,
			},
		},
		async (ctx) => {
			await requireFresh(ctx, options, "remove", ctx.body.proof);
			const { adapter, session } = ctx.context;
			const { id, reason = null } = ctx.body;
			const owned = await requireOwned(ctx, session.user.id, id);
			const taken = await removeUnlessLastMethod(ctx, options, owned, (guard) => revoke(adapter, owned, reason, guard));
			if (taken === "last") throw lastSignInMethod();
			if (taken !== "gone") {
				await emit(ctx, { type: "passkey.revoked", userId: owned.userId, passkeyId: owned.id, reason });
				return ctx.json({ passkey: toPasskey(taken) });
			}
			// If the passkey is already revoked, for example by a concurrent request, the request succeeds.
			const revoked = await findById(adapter, owned.id);
			if (!revoked) throw notFound();
			return ctx.json({ passkey: toPasskey(revoked) });
		},
	);
