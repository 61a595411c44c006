import { createAuthEndpoint } from "better-auth/api";
import { generateAuthenticationOptions } from "../../core/authentication.js";
import { resolveExtensions } from "../account.js";
import { issueChallenge } from "../challenge.js";
import { type ResolvedOptions, relyingPartyOf } from "../options.js";
import { readSignedInUserId } from "../session.js";
import { listByUser } from "../storage.js";
import { toDescriptor } from "../transports.js";

export const generatePasskeyAuthenticationOptions = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/generate-authenticate-options",
		{
			method: "GET",
			metadata: {
				openapi: {
					operationId: "passkeyGenerateAuthenticateOptions",
					description: "Options for navigator.credentials.get(), with a challenge that is good once",
				},
			},
		},
		async (ctx) => {
			const userId = await readSignedInUserId(ctx);
			const passkeys = userId ? await listByUser(ctx.context.adapter, userId) : [];
			const { rpID, origins } = relyingPartyOf(ctx.context);
			const { userVerification } = options.authentication;
			const extensions = await resolveExtensions(ctx, options.authentication.extensions);
			const request = await generateAuthenticationOptions({
				rpID,
				userVerification,
				...(passkeys.length > 0 && { allowCredentials: passkeys.map(toDescriptor) }),
				...(extensions && { extensions }),
			});
			await issueChallenge(ctx, options, {
				ceremony: "authentication",
				challenge: request.challenge,
				rpID,
				origins: [...origins],
				userVerification,
				mediation: null,
				userId,
				allowCredentials: passkeys.map(({ credentialID }) => credentialID),
			});
			return ctx.json(request);
		},
	);
