import { APIError, createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { emit } from "../events.js";
import type { ResolvedOptions } from "../options.js";
import { currentSession } from "../session.js";
import { proof, requireFresh } from "../step-up.js";
import { remove } from "../storage.js";
import { notFound, requireOwned } from "./owned-passkey.js";

const body = z.object({
	id: z.string().min(1).max(255).meta({ description: "The id of the passkey, as the list has it" }),
	proof: proof.meta({ description: "Of a step-up, where the session is not fresh enough" }),
});

export const deletePasskey = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/delete-passkey",
		{
			method: "POST",
			body,
			use: currentSession,
			metadata: { openapi: { description: "Remove a passkey of the signed-in user" } },
		},
		async (ctx) => {
			await requireFresh(ctx, options, "remove", ctx.body.proof);
			const userId = ctx.context.session.user.id;
			const owned = await requireOwned(ctx, userId, ctx.body.id, new APIError("UNAUTHORIZED"));
			const removed = await remove(ctx.context.adapter, owned);
			if (!removed) throw notFound();
			await emit(ctx, options, { type: "passkey.deleted", userId, passkeyId: owned.id });
			return ctx.json({ status: true });
		},
	);
