import { createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { proof, requireFresh } from "../authentication/step-up.js";
import { currentSession } from "../ceremony/session.js";
import { lastSignInMethod, removeUnlessLastMethod } from "../management/last-sign-in-method.js";
import { notFound, requireOwned } from "../management/owned-passkey.js";
import { documented } from "../openapi/openapi.js";
import { statusAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { emit } from "../reporting/events.js";
import { remove, revoke } from "../storage/passkeys.js";

const body = z.object({
	id: z.string().min(1).max(255).meta({ description: "The ID of the passkey from the list" }),
	proof,
});

const openapi = documented({
	description: "Remove a passkey of the signed-in user",
	answer: statusAnswer,
	refusals: {
		401: ["YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY"],
		403: ["STEP_UP_REQUIRED"],
		404: ["PASSKEY_NOT_FOUND"],
		409: ["LAST_SIGN_IN_METHOD"],
	},
});

export const deletePasskey = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/delete-passkey",
		{
			method: "POST",
			body,
			use: currentSession,
			metadata: { openapi },
		},
		async (ctx) => {
			await requireFresh(ctx, options, "remove", ctx.body.proof);
			const { adapter, session } = ctx.context;
			const userId = session.user.id;
			const owned = await requireOwned(ctx, userId, ctx.body.id);
			const taken = await removeUnlessLastMethod(ctx, options, owned, async (guard) => {
				// After waiting for another write, adapters check the conditions of an update again, but not those of a
				// deletion. Therefore the passkey is first revoked, then removed.
				if (guard.length > 0 && !(await revoke(adapter, owned, "deleted", guard))) return null;
				return remove(adapter, owned);
			});
			if (taken === "last") throw lastSignInMethod();
			if (taken === "gone") throw notFound();
			await emit(ctx, { type: "passkey.deleted", userId, passkeyId: owned.id });
			return ctx.json({ status: true });
		},
	);
