import { createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { proof, requireFresh } from "../authentication/step-up.js";
import { currentSession } from "../ceremony/session.js";
import { notFound, requireOwned } from "../management/owned-passkey.js";
import { documented } from "../openapi/openapi.js";
import { changedAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { emit } from "../reporting/events.js";
import { encodeMetadata, metadata } from "../storage/metadata.js";
import { label } from "../storage/passkey-name.js";
import { edit, toPasskey } from "../storage/passkeys.js";

const body = z
	.object({
		id: z.string().min(1).max(255).meta({ description: "The ID of the passkey from the list" }),
		name: label.min(1).meta({ description: "The new name" }).optional(),
		deviceName: label.min(1).meta({ description: "The name of the device; null removes it" }).nullish(),
		metadata: metadata.meta({ description: "Replaces the stored metadata; null removes it" }).nullish(),
		proof,
	})
	.refine(({ id: _, proof: __, ...changes }) => Object.values(changes).some((value) => value !== undefined), {
		message: "The request changes nothing: it needs name, deviceName or metadata",
	});

const openapi = documented({
	description: "Rename a passkey of the signed-in user, or change its device name or metadata",
	answer: changedAnswer,
	refusals: {
		401: ["YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY"],
		403: ["STEP_UP_REQUIRED"],
		404: ["PASSKEY_NOT_FOUND"],
	},
});

export const updatePasskey = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/update-passkey",
		{
			method: "POST",
			body,
			use: currentSession,
			metadata: { openapi },
		},
		async (ctx) => {
			await requireFresh(ctx, options, "rename", ctx.body.proof);
			const userId = ctx.context.session.user.id;
			const { id, name, deviceName, metadata } = ctx.body;
			const owned = await requireOwned(ctx, userId, id);
			const edited = await edit(ctx.context.adapter, owned, {
				...(name !== undefined && { name }),
				...(deviceName !== undefined && { deviceName }),
				...(metadata !== undefined && { metadata: metadata && encodeMetadata(metadata) }),
			});
			if (!edited) throw notFound();
			await emit(ctx, { type: "passkey.updated", userId, passkeyId: owned.id });
			return ctx.json({ passkey: toPasskey(edited) });
		},
	);
