import { createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { generateRegistrationOptions } from "../../core/registration.js";
import { resolveAccount, resolveExtensions } from "../account.js";
import { decodeBase64 } from "../bytes.js";
import { issueChallenge } from "../challenge.js";
import { label } from "../label.js";
import type { ResolvedOptions } from "../options.js";
import { orRefuse } from "../refusals.js";
import { resolveRelyingParty } from "../relying-party.js";
import { freshSession, requireFreshSession } from "../session.js";
import { resolveNewcomer, signUpInput } from "../sign-up.js";
import { listByUser, type PasskeyRow } from "../storage.js";
import { toDescriptor } from "../transports.js";

/** Of the query and of the body alike. */
const input = z.object({
	authenticatorAttachment: z.enum(["platform", "cross-platform"]).nullish(),
	/** The label of the passkey to be made. It is stored by verify-registration and is not the account's name. */
	name: label.nullish(),
	context: z.string().max(4096).nullish(),
});

const body = input.extend({ signUp: signUpInput.nullish() });

export const generatePasskeyRegistrationOptions = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/generate-register-options",
		{
			method: ["GET", "POST"],
			use: options.registration.requireSession && !options.signUp ? freshSession : [],
			query: input.optional(),
			body: body.optional(),
			metadata: {
				openapi: {
					operationId: "generatePasskeyRegistrationOptions",
					description: "Options for navigator.credentials.create(), with a challenge that is good once",
				},
			},
		},
		async (ctx) => {
			const { context = null, authenticatorAttachment } = { ...ctx.query, ...ctx.body };
			const newcomer = ctx.body?.signUp;
			if (options.signUp && options.registration.requireSession && !newcomer) await requireFreshSession(ctx);
			const { signedIn, ...user } = newcomer
				? await resolveNewcomer(ctx, options, newcomer)
				: await resolveAccount(ctx, options, context);
			await orRefuse(ctx, options, { ceremony: "registration", userId: user.id || undefined }, () =>
				options.registration.before?.({ ctx, step: "options", user: { ...user }, context }),
			);
			// An anonymous caller must not learn which passkeys an account has.
			const passkeys = signedIn ? await listByUser(ctx.context.adapter, user.id) : [];
			const { rpID, rpName, origins } = await resolveRelyingParty(ctx, options);
			const extensions = await resolveExtensions(ctx, options.registration.extensions);
			const creation = await generateRegistrationOptions({
				rpName,
				rpID,
				userID: userHandleOf(passkeys),
				userName: user.name,
				userDisplayName: user.displayName,
				supportedAlgorithmIDs: [...options.algorithms],
				timeout: options.timeout,
				attestationType: options.attestation?.conveyance ?? "none",
				attestationFormats: options.attestation ? [...options.attestation.formats] : undefined,
				// One handle for all passkeys of a user is only safe with all of them excluded: an authenticator that holds one
				// already would replace it.
				excludeCredentials: passkeys.map(toDescriptor),
				authenticatorSelection: {
					...options.registration.authenticatorSelection,
					...(authenticatorAttachment && { authenticatorAttachment }),
					// It will be the only way to sign in to its account, and nobody is asked for a user name there.
					...(newcomer && { residentKey: "required", userVerification: "required" }),
				},
				...(extensions && { extensions }),
			});
			const ceremonyId = await issueChallenge(ctx, options, {
				ceremony: "registration",
				challenge: creation.challenge,
				rpID,
				origins: [...origins],
				userVerification: newcomer ? "required" : options.registration.userVerification,
				mediation: null,
				user,
				signedIn,
				userHandle: creation.user.id,
				algorithms: creation.pubKeyCredParams.map(({ alg }) => alg),
				context,
				signUp: newcomer ? { name: newcomer.name, email: newcomer.email ?? null } : null,
			});
			return ctx.json({ ...creation, hints: [...options.hints], ceremonyId });
		},
	);

/** The user's handle: that of an earlier passkey, or a new random one, because authenticators show it to whoever asks. */
function userHandleOf(passkeys: readonly PasskeyRow[]): Uint8Array<ArrayBuffer> {
	const known = passkeys.find((passkey) => passkey.userHandle)?.userHandle;
	return known ? decodeBase64(known) : crypto.getRandomValues(new Uint8Array(32));
}
