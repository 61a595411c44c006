import type { GenericEndpointContext, Session } from "better-auth";
import { createAuthEndpoint, formCsrfMiddleware } from "better-auth/api";
import * as z from "zod";
import { WebAuthnError } from "../../core/errors.js";
import { verifyRegistrationResponse } from "../../core/public.js";
import type { VerifiedRegistrationResponse } from "../../core/registration.js";
import type { RegistrationResponseJSON } from "../../core/types.js";
import { encodeBase64 } from "../bytes.js";
import { consumeChallenge, type RegistrationChallenge } from "../challenge.js";
import { refuseSession } from "../conditional-create.js";
import { afterwards, emit } from "../events.js";
import { label } from "../label.js";
import { encodeMetadata, metadata } from "../metadata.js";
import type { ResolvedOptions } from "../options.js";
import { orRefuse, type Refusal, refuse } from "../refusals.js";
import { parseRegistrationResponse } from "../responses.js";
import { currentSession, readSession } from "../session.js";
import { startSession } from "../sign-in.js";
import { requireFresh } from "../step-up.js";
import { countByUser, insert, type PasskeyRow, remove, toPasskey } from "../storage.js";
import { joinTransports } from "../transports.js";

const body = z.object({
	/** Parsed after the challenge is consumed, so that one challenge allows one attempt, whatever is wrong with it. */
	response: z.unknown().optional(),
	name: label.optional(),
	platform: label.max(64).optional(),
	deviceName: label.optional(),
	metadata: metadata.optional(),
	createSession: z.boolean().optional(),
	ceremonyId: z.unknown().optional(),
});

export interface VerifyRegistrationBody extends Omit<z.infer<typeof body>, "response" | "ceremonyId"> {
	response: RegistrationResponseJSON;
	/** Of the options; without it the cookie finds the challenge. */
	ceremonyId?: string | undefined;
}

export const verifyPasskeyRegistration = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/verify-registration",
		{
			method: "POST",
			body,
			use: options.registration.requireSession ? currentSession : [formCsrfMiddleware],
			metadata: {
				openapi: {
					operationId: "passkeyVerifyRegistration",
					description: "Verify and store a new passkey",
				},
				$Infer: { body: {} as VerifyRegistrationBody },
			},
		},
		async (ctx) => {
			const record = await consumeChallenge(ctx, options, "registration", ctx.body.ceremonyId);
			const about = { ceremony: "registration", userId: record.user.id } as const;
			await requireSameUser(ctx, options, record);
			await requireStillFresh(ctx, options, record);
			const { context, mediation } = record;
			await orRefuse(ctx, options, about, () =>
				options.registration.before?.({ ctx, step: "verify", user: { ...record.user }, context, mediation }),
			);
			const verified = await orRefuse(ctx, options, about, () => verify(options, record, ctx.body));
			const owner = await resolveOwner(ctx, options, record, verified);
			const { credential, aaguid, credentialDeviceType, credentialBackedUp, attestation } =
				verified.verification.registrationInfo;
			const passkey = await insert(ctx.context.adapter, {
				name: ctx.body.name || owner.name,
				...described(ctx.body),
				userId: owner.userId,
				credentialID: credential.id,
				publicKey: encodeBase64(credential.publicKey),
				counter: credential.counter,
				deviceType: credentialDeviceType,
				backedUp: credentialBackedUp,
				transports: joinTransports(verified.response.response.transports),
				createdAt: new Date(),
				aaguid,
				userHandle: record.userHandle,
				...(options.attestation && {
					attestationFormat: attestation.format,
					attestationTrusted: attestation.trusted,
				}),
			}).catch(async (error: unknown) => {
				if (!(error instanceof WebAuthnError)) throw error;
				const { code, field } = error;
				const reason = { code, field };
				const refusal = { status: "PAYLOAD_TOO_LARGE", code: "FAILED_TO_VERIFY_REGISTRATION", reason } as const;
				throw await refuse(ctx, options, { ...about, ...refusal });
			});
			if (!passkey) {
				throw await refuse(ctx, options, { ...about, status: "BAD_REQUEST", code: "PREVIOUSLY_REGISTERED" });
			}
			await requireRoom(ctx, options, passkey);
			const started = ctx.body.createSession ? await startOrUndo(ctx, options, record, passkey) : undefined;
			await tell(ctx, options, passkey, started?.session ?? null);
			return ctx.json({ ...toPasskey(passkey), ...started });
		},
	);

/** The challenge was issued to one account, and whoever answers it is still signed in to that one, or to none as then. */
async function requireSameUser(ctx: GenericEndpointContext, options: ResolvedOptions, record: RegistrationChallenge) {
	const session = options.registration.requireSession ? ctx.context.session : await readSession(ctx);
	const refusal = {
		ceremony: "registration",
		status: "UNAUTHORIZED",
		userId: record.user.id,
	} satisfies Partial<Refusal>;
	if (session && session.user.id !== record.user.id) {
		throw await refuse(ctx, options, { ...refusal, code: "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY" });
	}
	if (!session && record.signedIn) throw await refuse(ctx, options, { ...refusal, code: "SESSION_REQUIRED" });
}

/** A session that was fresh has to be so still; one that a proof stood in for is the same one. */
async function requireStillFresh(ctx: GenericEndpointContext, options: ResolvedOptions, record: RegistrationChallenge) {
	if (!options.registration.requireSession || record.provenSession === ctx.context.session?.session.id) return;
	await requireFresh(ctx, options, "add");
}

interface Verified {
	response: RegistrationResponseJSON;
	verification: VerifiedRegistrationResponse;
}

async function verify(
	options: ResolvedOptions,
	record: RegistrationChallenge,
	{ response: unparsed, createSession }: z.infer<typeof body>,
): Promise<Verified> {
	const response = parseRegistrationResponse(unparsed);
	refuseSession(record.mediation, createSession);
	// A registration that signs its user in has to be as good as a sign-in.
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

/** Asks the integrator, who may label the passkey and, only for an anonymous caller, say whose it is. */
async function resolveOwner(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	record: RegistrationChallenge,
	{ response, verification }: Verified,
) {
	const about = { ceremony: "registration", userId: record.user.id } as const;
	const { context } = record;
	const user = { ...record.user };
	const answer = await orRefuse(ctx, options, about, () =>
		options.registration.afterVerification?.({ ctx, verification, user, clientData: response, context }),
	);
	const userId = answer?.userId ?? record.user.id;
	if (record.signedIn && userId !== record.user.id) {
		const code = "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY";
		throw await refuse(ctx, options, { ...about, status: "UNAUTHORIZED", code });
	}
	if (typeof userId !== "string" || (!record.signedIn && !(await ctx.context.internalAdapter.findUserById(userId)))) {
		throw await refuse(ctx, options, { ...about, status: "BAD_REQUEST", code: "RESOLVED_USER_INVALID" });
	}
	return { userId, name: answer?.name?.trim() || undefined };
}

function described({ platform, deviceName, metadata }: z.infer<typeof body>) {
	return {
		...(platform && { platform }),
		...(deviceName && { deviceName }),
		...(metadata && { metadata: encodeMetadata(metadata) }),
	};
}

/** Counted when the passkey is stored: of many that are added at once, none is kept that is too many. */
async function requireRoom(ctx: GenericEndpointContext, options: ResolvedOptions, passkey: PasskeyRow): Promise<void> {
	const { adapter } = ctx.context;
	try {
		if ((await countByUser(adapter, passkey.userId)) <= options.maxPasskeysPerUser) return;
		const refusal = { ceremony: "registration", status: "CONFLICT", code: "TOO_MANY_PASSKEYS" } as const;
		throw await refuse(ctx, options, { ...refusal, userId: passkey.userId });
	} catch (error) {
		await remove(adapter, passkey);
		throw error;
	}
}

/** A passkey whose session was asked for and refused is not kept: the client is told that nothing was registered. */
async function startOrUndo(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	{ signedIn }: RegistrationChallenge,
	passkey: PasskeyRow,
) {
	const about = { ceremony: "registration", userId: passkey.userId, passkeyId: passkey.id } as const;
	try {
		// A new passkey proves nothing about its account. Only the session in which it was made does.
		return await startSession(ctx, options, about, { complete: signedIn });
	} catch (error) {
		await remove(ctx.context.adapter, passkey);
		throw error;
	}
}

/** The hooks get copies: what they do to them does not reach the answer. */
async function tell(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	session: Session | null,
): Promise<void> {
	const about = { userId: passkey.userId, passkeyId: passkey.id };
	await emit(ctx, options, { type: "passkey.registered", ...about });
	if (session) await emit(ctx, options, { type: "session.created", ...about, sessionId: session.id });
	await afterwards(ctx, options, "registration.after failed", () =>
		options.registration.after?.({ ctx, passkey: toPasskey(passkey), session: session && { ...session } }),
	);
}
