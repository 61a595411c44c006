import { APIError, createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { PASSKEY_ERROR_CODES } from "../error-codes.js";
import { emit } from "../events.js";
import { label } from "../label.js";
import type { ResolvedOptions } from "../options.js";
import { currentSession } from "../session.js";
import { proof, requireFresh } from "../step-up.js";
import { rename, toPasskey } from "../storage.js";
import { notFound, requireOwned } from "./owned-passkey.js";

const body = z.object({
	id: z.string().min(1).max(255).meta({ description: "The id of the passkey, as the list has it" }),
	name: label.min(1).meta({ description: "The new label" }),
	proof: proof.meta({ description: "Of a step-up, where the session is not fresh enough" }),
});

export const updatePasskey = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/update-passkey",
		{
			method: "POST",
			body,
			use: currentSession,
			metadata: { openapi: { description: "Rename a passkey of the signed-in user" } },
		},
		async (ctx) => {
			await requireFresh(ctx, options, "rename", ctx.body.proof);
			const userId = ctx.context.session.user.id;
			const notYours = APIError.from("UNAUTHORIZED", PASSKEY_ERROR_CODES.YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY);
			const owned = await requireOwned(ctx, userId, ctx.body.id, notYours);
			const renamed = await rename(ctx.context.adapter, owned, ctx.body.name);
			if (!renamed) throw notFound();
			await emit(ctx, options, { type: "passkey.updated", userId, passkeyId: owned.id });
			return ctx.json({ passkey: toPasskey(renamed) });
		},
	);
