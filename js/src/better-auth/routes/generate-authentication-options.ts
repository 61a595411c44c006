import { createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { requestAssertion } from "../authentication/assertion.js";
import { requirePending } from "../authentication/second-factor.js";
import { readSignedInUserId } from "../ceremony/session.js";
import { documented } from "../openapi/openapi.js";
import { requestOptionsAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { orRefuse, refuse } from "../reporting/refusals.js";
import { listUsable } from "../storage/passkeys.js";

const ceremony = "authentication";

const body = z.object({
	secondFactor: z
		.boolean()
		.optional()
		.meta({ description: "Complete a pending sign-in: the passkey is the second factor" }),
});

const openapi = documented({
	operationId: "passkeyGenerateAuthenticateOptions",
	description: "Options for navigator.credentials.get(), with a challenge that can be used once",
	answer: requestOptionsAnswer,
	refusals: { 401: ["TWO_FACTOR_NOT_PENDING"], 404: ["PASSKEY_NOT_FOUND"] },
});

export const generatePasskeyAuthenticationOptions = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/generate-authenticate-options",
		{
			method: ["GET", "POST"],
			body: body.optional(),
			metadata: {
				openapi,
			},
		},
		async (ctx) => {
			const pending = ctx.body?.secondFactor ? await requirePending(ctx, options) : null;
			const userId = pending ? pending.userId : await readSignedInUserId(ctx);
			await orRefuse(ctx, { ceremony, userId: userId ?? undefined }, () =>
				options.authentication.before?.({ ctx, step: "options", userId }),
			);
			const passkeys = userId ? await listUsable(ctx.context.adapter, userId) : [];
			// The caller has given the password and may learn that the account has no passkey.
			if (pending && passkeys.length === 0) {
				const about = { ceremony, userId: pending.userId } as const;
				throw await refuse(ctx, { ...about, status: "NOT_FOUND", code: "PASSKEY_NOT_FOUND" });
			}
			const request = await requestAssertion(ctx, options, passkeys, {
				ceremony,
				userId,
				userVerification: pending?.userVerification ?? options.authentication.userVerification,
				pending: pending?.identifier,
			});
			return ctx.json(request);
		},
	);
