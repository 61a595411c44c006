import type { GenericEndpointContext } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { generateRegistrationOptions } from "../../core/registration.js";
import { proof, requireFresh } from "../authentication/step-up.js";
import { issueChallenge } from "../ceremony/challenge.js";
import { resolveRelyingParty } from "../ceremony/relying-party.js";
import { currentSession, middlewareRequiresSession } from "../ceremony/session.js";
import { randomUserHandle, resolveUserHandle } from "../ceremony/user-handle.js";
import { documented } from "../openapi/openapi.js";
import { creationOptionsAnswer } from "../openapi/response-schemas.js";
import { resolveExtensions } from "../options/extensions.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { requireSignedIn, userVerificationFor } from "../registration/conditional-create.js";
import { resolveAccount } from "../registration/resolve-account.js";
import { resolveNewcomer, signUpInput } from "../registration/sign-up.js";
import { orRefuse, refuse } from "../reporting/refusals.js";
import { label } from "../storage/passkey-name.js";
import { listByUser } from "../storage/passkeys.js";
import { toDescriptor } from "../storage/transports.js";

/** The input that both the query and the body accept. */
const input = z.object({
	authenticatorAttachment: z.enum(["platform", "cross-platform"]).nullish(),
	/** The name of the new passkey, not of the account. The verify-registration endpoint stores it. */
	name: label.nullish(),
	context: z.string().max(4096).nullish(),
	mediation: z.literal("conditional").nullish(),
});

/** Only the body may contain a proof, a name or an e-mail address: queries end up in logs, and a proof is a secret. */
const body = input.extend({ proof, signUp: signUpInput.nullish() });

const openapi = documented({
	operationId: "generatePasskeyRegistrationOptions",
	description: "Options for navigator.credentials.create(), with a challenge that can be used once",
	answer: creationOptionsAnswer,
	refusals: {
		400: ["RESOLVE_USER_REQUIRED", "RESOLVED_USER_INVALID", "SIGN_UP_DISABLED"],
		401: ["SESSION_REQUIRED"],
		403: ["SESSION_MISMATCH", "STEP_UP_REQUIRED"],
		409: ["TOO_MANY_PASSKEYS"],
	},
});

export const generatePasskeyRegistrationOptions = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/generate-register-options",
		{
			method: ["GET", "POST"],
			use: middlewareRequiresSession(options) ? currentSession : [],
			query: input.optional(),
			body: body.optional(),
			metadata: {
				openapi,
			},
		},
		async (ctx) => {
			const asked = { ...ctx.query, ...ctx.body };
			const { context = null, mediation = null, authenticatorAttachment, signUp: newcomer } = asked;
			const { user, signedIn, provenSession, passkeys } = await resolveSubject(ctx, options, asked);
			const { rpID, rpName, origins } = await resolveRelyingParty(ctx, options);
			const extensions = await resolveExtensions(ctx, options.registration.extensions);
			const userVerification = newcomer ? "required" : userVerificationFor(options, mediation);
			const creation = await generateRegistrationOptions({
				rpName,
				rpID,
				userID: signedIn ? await resolveUserHandle(ctx.context.secret, user.id, passkeys) : randomUserHandle(),
				userName: user.name,
				userDisplayName: user.displayName,
				supportedAlgorithmIDs: [...options.algorithms],
				timeout: options.timeout,
				attestationType: options.attestation?.conveyance ?? "none",
				attestationFormats: options.attestation ? [...options.attestation.formats] : undefined,
				// All passkeys of a user have one user handle, so all of them must be excluded, even revoked ones: an
				// authenticator that already has one of them would replace it.
				excludeCredentials: passkeys.map(toDescriptor),
				authenticatorSelection: {
					...options.registration.authenticatorSelection,
					userVerification,
					...(authenticatorAttachment && { authenticatorAttachment }),
					// The passkey will be the account's only sign-in method, and sign-in does not ask for a user name.
					...(newcomer && { residentKey: "required" }),
				},
				...(extensions && { extensions }),
			});
			const ceremonyId = await issueChallenge(ctx, options, {
				ceremony: "registration",
				challenge: creation.challenge,
				rpID,
				origins: [...origins],
				userVerification,
				mediation,
				user,
				signedIn,
				userHandle: creation.user.id,
				algorithms: creation.pubKeyCredParams.map(({ alg }) => alg),
				context,
				provenSession,
				signUp: newcomer ? { name: newcomer.name, email: newcomer.email ?? null } : null,
			});
			return ctx.json({ ...creation, hints: [...options.hints], ceremonyId });
		},
	);

/** Returns the user of the new passkey, who may not exist yet, and checks that the user may add one. */
async function resolveSubject(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	{ context = null, mediation = null, proof, signUp: newcomer }: z.infer<typeof body>,
) {
	const { signedIn, ...user } = newcomer
		? await resolveNewcomer(ctx, options, newcomer)
		: await resolveAccount(ctx, options, context);
	const provenSession = signedIn ? await requireFresh(ctx, options, "add", proof) : undefined;
	await requireSignedIn(ctx, mediation, { id: user.id, signedIn });
	const about = { ceremony: "registration", userId: user.id || undefined } as const;
	await orRefuse(ctx, about, () =>
		options.registration.before?.({ ctx, step: "options", user: { ...user }, context, mediation }),
	);
	// A caller who is not signed in must not learn which passkeys an account has.
	const passkeys = signedIn ? await listByUser(ctx.context.adapter, user.id) : [];
	if (passkeys.length >= options.maxPasskeysPerUser) {
		throw await refuse(ctx, { ...about, status: "CONFLICT", code: "TOO_MANY_PASSKEYS" });
	}
	return { user, signedIn, provenSession, passkeys };
}
