import { createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { generateAuthenticationOptions } from "../../core/authentication.js";
import { resolveExtensions } from "../account.js";
import { issueChallenge } from "../challenge.js";
import type { ResolvedOptions } from "../options.js";
import { orRefuse } from "../refusals.js";
import { resolveRelyingParty } from "../relying-party.js";
import { readSignedInUserId } from "../session.js";
import { listByUser } from "../storage.js";
import { toDescriptor } from "../transports.js";

export const generatePasskeyAuthenticationOptions = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/generate-authenticate-options",
		{
			method: ["GET", "POST"],
			body: z.object({}).optional(),
			metadata: {
				openapi: {
					operationId: "passkeyGenerateAuthenticateOptions",
					description: "Options for navigator.credentials.get(), with a challenge that is good once",
				},
			},
		},
		async (ctx) => {
			const userId = await readSignedInUserId(ctx);
			await orRefuse(ctx, options, { ceremony: "authentication", userId: userId ?? undefined }, () =>
				options.authentication.before?.({ ctx, step: "options", userId }),
			);
			const owned = userId ? await listByUser(ctx.context.adapter, userId) : [];
			const passkeys = owned.filter(({ revokedAt }) => !revokedAt);
			const { rpID, origins } = await resolveRelyingParty(ctx, options);
			const { userVerification } = options.authentication;
			const extensions = await resolveExtensions(ctx, options.authentication.extensions);
			const request = await generateAuthenticationOptions({
				rpID,
				userVerification,
				timeout: options.timeout,
				...(passkeys.length > 0 && { allowCredentials: passkeys.map(toDescriptor) }),
				...(extensions && { extensions }),
			});
			const ceremonyId = await issueChallenge(ctx, options, {
				ceremony: "authentication",
				challenge: request.challenge,
				rpID,
				origins: [...origins],
				userVerification,
				mediation: null,
				userId,
				allowCredentials: passkeys.map(({ credentialID }) => credentialID),
			});
			return ctx.json({ ...request, ...(options.hints.length > 0 && { hints: [...options.hints] }), ceremonyId });
		},
	);
