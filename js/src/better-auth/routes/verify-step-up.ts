import { createAuthEndpoint } from "better-auth/api";
import {
	assertionBody,
	completeAssertionBody,
	type VerifyAuthenticationBody,
	verifyAssertion,
} from "../authentication/assertion.js";
import { issueProof } from "../authentication/step-up.js";
import { requireSession } from "../ceremony/session.js";
import { documented } from "../openapi/openapi.js";
import { proofAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { emit } from "../reporting/events.js";
import { refuse } from "../reporting/refusals.js";

const openapi = documented({
	description: "Verify a passkey's response and return a proof that can be used once",
	body: completeAssertionBody,
	answer: proofAnswer,
	refusals: {
		400: ["CHALLENGE_NOT_FOUND"],
		401: ["AUTHENTICATION_FAILED", "PASSKEY_NOT_FOUND"],
		403: ["SESSION_MISMATCH"],
		413: ["REQUEST_TOO_LARGE"],
	},
});

export const verifyPasskeyStepUp = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/verify-step-up",
		{
			method: "POST",
			body: assertionBody,
			metadata: {
				openapi,
				$Infer: { body: {} as VerifyAuthenticationBody },
			},
		},
		async (ctx) => {
			const { session } = await requireSession(ctx);
			const { proof, expiresAt, subject } = await verifyAssertion(ctx, options, "step-up", ctx.body, {
				async requireUser({ sessionId }) {
					if (sessionId === session.id) return;
					const about = { ceremony: "step-up", userId: session.userId } as const;
					throw await refuse(ctx, { ...about, status: "FORBIDDEN", code: "SESSION_MISMATCH" });
				},
				async complete({ record, passkey }) {
					const { userId, purpose } = record;
					const subject = { userId, passkeyId: passkey.id, purpose };
					return { ...(await issueProof(ctx, options, record)), subject };
				},
			});
			await emit(ctx, { type: "passkey.authenticated", ...subject });
			ctx.setHeader("cache-control", "no-store");
			return ctx.json({ proof, purpose: subject.purpose, expiresAt });
		},
	);
