import type { GenericEndpointContext, Session } from "better-auth";
import { createAuthEndpoint, formCsrfMiddleware } from "better-auth/api";
import type * as z from "zod";
import { verifyRegistrationResponse } from "../../core/api.js";
import type { RegistrationResponseJSON } from "../../core/types.js";
import { startSession } from "../authentication/start-session.js";
import { requireFresh } from "../authentication/step-up.js";
import { consumeChallenge, type RegistrationChallenge } from "../ceremony/challenge.js";
import { parseRegistrationResponse, registrationResponse } from "../ceremony/credential-json.js";
import { currentSession, middlewareRequiresSession, readRegistrant, readSession } from "../ceremony/session.js";
import { documented } from "../openapi/openapi.js";
import { registeredAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { refuseSession } from "../registration/conditional-create.js";
import { sendConfirmation } from "../registration/confirm-email.js";
import { orUndo, registrationBody, storePasskey, type Verified } from "../registration/new-passkey.js";
import { requireNobody, withNewUser } from "../registration/sign-up.js";
import { afterwards, emit } from "../reporting/events.js";
import { orRefuse, type Refusal, refuse } from "../reporting/refusals.js";
import { type PasskeyRow, toPasskey } from "../storage/passkeys.js";

export interface VerifyRegistrationBody extends Omit<z.infer<typeof registrationBody>, "response" | "ceremonyId"> {
	response: RegistrationResponseJSON;
	/** The `ceremonyId` from the options; if omitted, the cookie is used. */
	ceremonyId?: string | undefined;
}

const openapi = documented({
	operationId: "passkeyVerifyRegistration",
	description: "Verify and store a new passkey",
	body: () => registrationBody.extend({ response: registrationResponse }),
	answer: registeredAnswer,
	refusals: {
		400: ["CHALLENGE_NOT_FOUND", "FAILED_TO_VERIFY_REGISTRATION", "PREVIOUSLY_REGISTERED", "RESOLVED_USER_INVALID"],
		401: ["SESSION_REQUIRED", "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY"],
		403: ["SESSION_MISMATCH"],
		409: ["TOO_MANY_PASSKEYS"],
		413: ["FAILED_TO_VERIFY_REGISTRATION", "REQUEST_TOO_LARGE"],
	},
});

export const verifyPasskeyRegistration = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/verify-registration",
		{
			method: "POST",
			body: registrationBody,
			use: middlewareRequiresSession(options) ? currentSession : [formCsrfMiddleware],
			metadata: {
				openapi,
				$Infer: { body: {} as VerifyRegistrationBody },
			},
		},
		async (ctx) => {
			const record = await consumeChallenge(ctx, options, "registration", ctx.body.ceremonyId);
			const about = { ceremony: "registration", userId: record.user.id || undefined } as const;
			if (record.signUp) await requireNobody(ctx);
			else await requireSameUser(ctx, options, record);
			const { context, mediation, signedIn } = record;
			await orRefuse(ctx, about, () =>
				options.registration.before?.({ ctx, step: "verify", user: { ...record.user }, context, mediation }),
			);
			const verified = await orRefuse(ctx, about, () => verify(options, record, ctx.body));
			const owner = await resolveOwner(ctx, options, record, verified);
			const complete = async (userId: string) => {
				const given = { ...ctx.body, name: ctx.body.name || owner.name, userId };
				const passkey = await storePasskey(ctx, options, record, verified, given);
				await orUndo(ctx, passkey, () => requireStillSignedIn(ctx, record));
				if (!ctx.body.createSession && !record.signUp) return { passkey };
				const ofPasskey = { ...about, userId, passkeyId: passkey.id };
				// A new passkey proves nothing about an existing account. Only the session in which it was created does.
				const proven = { complete: signedIn || record.signUp !== null };
				const start = () => startSession(ctx, ofPasskey, proven);
				return { passkey, started: await orUndo(ctx, passkey, start) };
			};
			const { passkey, started } = record.signUp
				? await withNewUser(ctx, options, record.signUp, context, ({ id }) => complete(id))
				: await complete(owner.userId);
			await tell(ctx, options, passkey, started?.session ?? null);
			const email = record.signUp?.email;
			if (started?.session && email) {
				await afterwards(ctx, "the e-mail that confirms the address of a sign-up was not sent", () =>
					sendConfirmation(ctx, started.user, email, ctx.body.callbackURL),
				);
			}
			return ctx.json({ ...toPasskey(passkey), ...started });
		},
	);

/**
 * Requires the session state of the challenge: the caller is still signed in to the same account, or still not signed
 * in.
 */
async function requireSameUser(ctx: GenericEndpointContext, options: ResolvedOptions, record: RegistrationChallenge) {
	const session = await readRegistrant(ctx, options);
	const refusal = {
		ceremony: "registration",
		status: "UNAUTHORIZED",
		userId: record.user.id,
	} satisfies Partial<Refusal>;
	if (session && session.user.id !== record.user.id) {
		throw await refuse(ctx, { ...refusal, code: "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY" });
	}
	if (!session && record.signedIn) throw await refuse(ctx, { ...refusal, code: "SESSION_REQUIRED" });
	// The session must still be fresh, unless a proof replaced freshness in this same session.
	if (session && session.session.id !== record.provenSession) await requireFresh(ctx, options, "add");
}

/**
 * Runs after the passkey is stored. If all sessions of the user were ended in the meantime, the passkey is removed
 * again. If they are ended later, the person who ends them can already see the passkey.
 */
async function requireStillSignedIn(ctx: GenericEndpointContext, { signedIn, user }: RegistrationChallenge) {
	if (!signedIn || (await readSession(ctx))) return;
	const refusal = { ceremony: "registration", status: "UNAUTHORIZED", code: "SESSION_REQUIRED" } as const;
	throw await refuse(ctx, { ...refusal, userId: user.id });
}

async function verify(
	options: ResolvedOptions,
	record: RegistrationChallenge,
	{ response: unparsed, createSession }: z.infer<typeof registrationBody>,
): Promise<Verified> {
	const response = parseRegistrationResponse(unparsed);
	refuseSession(record.mediation, createSession);
	// A registration that creates a session must fulfil the requirements of a sign-in.
	const asSignIn = createSession && options.authentication.userVerification === "required";
	const verify = options.attestation?.verifyRegistrationResponse ?? verifyRegistrationResponse;
	const verification = await verify({
		response,
		expectedChallenge: record.challenge,
		expectedOrigin: record.origins,
		expectedRPID: record.rpID,
		requireUserPresence: record.mediation !== "conditional",
		requireUserVerification: record.userVerification === "required" || asSignIn === true,
		supportedAlgorithmIDs: record.algorithms,
	});
	return { response, verification };
}

/** Calls `afterVerification`. It may name the passkey and, only if the caller is not signed in, decide the owner. */
async function resolveOwner(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	record: RegistrationChallenge,
	{ response, verification }: Verified,
) {
	const about = { ceremony: "registration", userId: record.user.id || undefined } as const;
	const { context } = record;
	const user = { ...record.user };
	const answer = await orRefuse(ctx, about, () =>
		options.registration.afterVerification?.({ ctx, verification, user, clientData: response, context }),
	);
	const userId = answer?.userId ?? record.user.id;
	if (record.signedIn && userId !== record.user.id) {
		const code = "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY";
		throw await refuse(ctx, { ...about, status: "UNAUTHORIZED", code });
	}
	if (!record.signedIn && !(await mayOwn(ctx, record, userId))) {
		throw await refuse(ctx, { ...about, status: "BAD_REQUEST", code: "RESOLVED_USER_INVALID" });
	}
	return { userId, name: answer?.name?.trim() || undefined };
}

/** A sign-up creates its own account, so `afterVerification` cannot choose another owner. */
async function mayOwn(ctx: GenericEndpointContext, record: RegistrationChallenge, userId: unknown): Promise<boolean> {
	if (record.signUp) return userId === record.user.id;
	return typeof userId === "string" && (await ctx.context.internalAdapter.findUserById(userId)) !== null;
}

/** The hooks get copies, so they cannot change the response. */
async function tell(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	session: Session | null,
): Promise<void> {
	const about = { userId: passkey.userId, passkeyId: passkey.id };
	await emit(ctx, { type: "passkey.registered", ...about });
	if (session) await emit(ctx, { type: "session.created", ...about, sessionId: session.id });
	await afterwards(ctx, "registration.after failed", () =>
		options.registration.after?.({ ctx, passkey: toPasskey(passkey), session: session && { ...session } }),
	);
}
