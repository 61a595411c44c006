import { createAuthEndpoint } from "better-auth/api";
import { assertionBody, type VerifyAuthenticationBody, verifyAssertion } from "../assertion.js";
import { emit } from "../events.js";
import type { ResolvedOptions } from "../options.js";
import { refuse } from "../refusals.js";
import { requireSession } from "../session.js";
import { issueProof } from "../step-up.js";

export const verifyPasskeyStepUp = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/verify-step-up",
		{
			method: "POST",
			body: assertionBody,
			metadata: {
				openapi: { description: "Verify the response of a passkey and answer a proof that is good once" },
				$Infer: { body: {} as VerifyAuthenticationBody },
			},
		},
		async (ctx) => {
			const { session } = await requireSession(ctx);
			const { record, passkey } = await verifyAssertion(ctx, options, "step-up", ctx.body, async ({ sessionId }) => {
				if (sessionId === session.id) return;
				const about = { ceremony: "step-up", userId: session.userId } as const;
				throw await refuse(ctx, options, { ...about, status: "FORBIDDEN", code: "SESSION_MISMATCH" });
			});
			const { userId, purpose } = record;
			const { proof, expiresAt } = await issueProof(ctx, options, record);
			await emit(ctx, options, { type: "passkey.authenticated", userId, passkeyId: passkey.id, purpose });
			ctx.setHeader("cache-control", "no-store");
			return ctx.json({ proof, purpose, expiresAt });
		},
	);
