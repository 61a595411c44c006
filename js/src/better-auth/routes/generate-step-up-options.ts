import { createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { requestAssertion } from "../authentication/assertion.js";
import { purpose } from "../authentication/step-up.js";
import { requireSession } from "../ceremony/session.js";
import { documented } from "../openapi/openapi.js";
import { requestOptionsAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { orRefuse, refuse } from "../reporting/refusals.js";
import { listUsable } from "../storage/passkeys.js";

const openapi = documented({
	description: "Options for navigator.credentials.get(), to prove the user's presence in the session",
	answer: requestOptionsAnswer,
	refusals: { 404: ["PASSKEY_NOT_FOUND"] },
});

export const generatePasskeyStepUpOptions = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/generate-step-up-options",
		{
			method: "POST",
			body: z.object({ purpose: purpose.meta({ description: "The purpose of the proof" }) }),
			metadata: {
				openapi,
			},
		},
		async (ctx) => {
			const { session } = await requireSession(ctx);
			const about = { ceremony: "step-up", userId: session.userId } as const;
			await orRefuse(ctx, about, () =>
				options.authentication.before?.({ ctx, step: "options", userId: session.userId }),
			);
			const passkeys = await listUsable(ctx.context.adapter, session.userId);
			// Without a list, the browser would offer all passkeys for this site.
			if (passkeys.length === 0) {
				throw await refuse(ctx, { ...about, status: "NOT_FOUND", code: "PASSKEY_NOT_FOUND" });
			}
			const request = await requestAssertion(ctx, options, passkeys, {
				...about,
				sessionId: session.id,
				purpose: ctx.body.purpose,
				userVerification: options.authentication.userVerification,
			});
			return ctx.json(request);
		},
	);
