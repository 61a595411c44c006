import { APIError, createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { consumeProof, purpose } from "../authentication/step-up.js";
import { requireSession } from "../ceremony/session.js";

/**
 * For the application's own endpoints: `auth.api.requirePasskeyProof()`. It has no path, so no request can reach it.
 */
export const requirePasskeyProof = () =>
	createAuthEndpoint.serverOnly(
		// `proof` is any value that the application found in its request. If it is not a proof, a step-up is required.
		{ method: "POST", requireHeaders: true, body: z.object({ purpose, proof: z.unknown().optional() }) },
		async (ctx) => {
			const { session } = await requireSession(ctx);
			const { userId, id: sessionId } = session;
			const { purpose, proof } = ctx.body;
			if (typeof proof !== "string" || !proof) throw APIError.from("FORBIDDEN", PASSKEY_ERROR_CODES.STEP_UP_REQUIRED);
			await consumeProof(ctx, { userId, sessionId, purpose }, proof);
			return { userId, purpose };
		},
	);
