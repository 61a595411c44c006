import type { GenericEndpointContext, Session, User } from "better-auth";
import { createAuthEndpoint, formCsrfMiddleware } from "better-auth/api";
import * as z from "zod";
import type { VerifiedAuthenticationResponse } from "../../core/authentication.js";
import { verifyAuthenticationResponse } from "../../core/public.js";
import type { AuthenticationResponseJSON } from "../../core/types.js";
import { decodeBase64 } from "../bytes.js";
import { type AuthenticationChallenge, consumeChallenge } from "../challenge.js";
import { afterwards, emit } from "../events.js";
import type { ResolvedOptions } from "../options.js";
import { orRefuse, refuse } from "../refusals.js";
import { parseAuthenticationResponse } from "../responses.js";
import { readSignedInUserId } from "../session.js";
import { startSession } from "../sign-in.js";
import { findByCredentialId, type PasskeyRow, recordUse, toPasskey } from "../storage.js";
import { toDescriptor } from "../transports.js";

/** The response is parsed after the challenge is consumed, so that one challenge allows one attempt. */
const body = z.object({ response: z.unknown().optional(), ceremonyId: z.unknown().optional() });

export interface VerifyAuthenticationBody {
	response: AuthenticationResponseJSON;
	/** Of the options; without it the cookie finds the challenge. */
	ceremonyId?: string | undefined;
}

const ceremony = "authentication";

/** A row that was migrated from elsewhere may not know; then the first sign-in tells, and is held to afterwards. */
const BACKUP_ELIGIBLE = new Map<string, boolean>([
	["singleDevice", false],
	["multiDevice", true],
]);

export const verifyPasskeyAuthentication = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/verify-authentication",
		{
			method: "POST",
			body,
			use: [formCsrfMiddleware],
			metadata: {
				openapi: {
					operationId: "passkeyVerifyAuthentication",
					description: "Verify the response of a passkey and sign its owner in",
				},
				$Infer: { body: {} as VerifyAuthenticationBody },
			},
		},
		async (ctx) => {
			const record = await consumeChallenge(ctx, options, ceremony, ctx.body.ceremonyId);
			const { userId } = record;
			await orRefuse(ctx, options, { ceremony, userId: userId ?? undefined }, () =>
				options.authentication.before?.({ ctx, step: "verify", userId }),
			);
			const response = await orRefuse(ctx, options, { ceremony }, () => parseAuthenticationResponse(ctx.body.response));
			const passkey = await findByCredentialId(ctx.context.adapter, response.id);
			if (!passkey) throw await refuse(ctx, options, { ceremony, status: "UNAUTHORIZED", code: "PASSKEY_NOT_FOUND" });

			const about = { ceremony, userId: passkey.userId, passkeyId: passkey.id } as const;
			const verification = await orRefuse(ctx, options, about, () => verify(record, passkey, response));
			await requireNoOtherUser(ctx, options, record, passkey);
			const used = await use(ctx, options, passkey, verification);
			await orRefuse(ctx, options, about, () =>
				options.authentication.afterVerification?.({ ctx, verification, clientData: response }),
			);
			const started = await startSession(ctx, options, about);
			await tell(ctx, options, used, started);
			return ctx.json(started);
		},
	);

function verify(
	record: AuthenticationChallenge,
	passkey: PasskeyRow,
	response: AuthenticationResponseJSON,
): Promise<VerifiedAuthenticationResponse> {
	return verifyAuthenticationResponse({
		response,
		expectedChallenge: record.challenge,
		expectedOrigin: record.origins,
		expectedRPID: record.rpID,
		requireUserVerification: record.userVerification === "required",
		expectedUserHandle: passkey.userHandle ?? null,
		// Somebody else's passkey is refused below, by an error that says so and therefore only once its signature is good.
		...(!isForeign(record, passkey) && { allowCredentials: record.allowCredentials }),
		credential: {
			...toDescriptor(passkey),
			publicKey: decodeBase64(passkey.publicKey),
			counter: passkey.counter,
			backupEligible: BACKUP_ELIGIBLE.get(passkey.deviceType),
		},
		// The counter is judged by the guarded write, against the row of that moment and not of this one.
		counterPolicy: "report",
	});
}

function isForeign(record: AuthenticationChallenge, passkey: PasskeyRow): boolean {
	return record.userId !== null && record.userId !== passkey.userId;
}

/** Signing in never replaces the session of another account: neither of when the ceremony began, nor of now. */
async function requireNoOtherUser(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	record: AuthenticationChallenge,
	passkey: PasskeyRow,
): Promise<void> {
	const signedIn = await readSignedInUserId(ctx);
	if (!isForeign(record, passkey) && (signedIn === null || signedIn === passkey.userId)) return;
	const about = { userId: passkey.userId, passkeyId: passkey.id };
	throw await refuse(ctx, options, { ceremony, status: "FORBIDDEN", code: "SESSION_MISMATCH", ...about });
}

/** Writes the use down, or refuses: without that row nobody is signed in. */
async function use(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	{ authenticationInfo }: VerifiedAuthenticationResponse,
): Promise<PasskeyRow> {
	const { newCounter: counter, credentialBackedUp: backedUp, credentialDeviceType: deviceType } = authenticationInfo;
	const used = await recordUse(ctx.context.adapter, passkey.id, { counter, backedUp, deviceType, at: new Date() });
	if (used) return used;
	const about = { userId: passkey.userId, passkeyId: passkey.id };
	const refusal = { ceremony, status: "UNAUTHORIZED", code: "AUTHENTICATION_FAILED", ...about } as const;
	const current = await findByCredentialId(ctx.context.adapter, passkey.credentialID);
	if (!current) throw await refuse(ctx, options, { ...refusal, reason: { code: "PASSKEY_NOT_FOUND" } });
	const detail = `stored ${current.counter}, received ${counter}`;
	const refused = await refuse(ctx, options, { ...refusal, reason: { code: "SIGNATURE_COUNTER_MISMATCH", detail } });
	await emit(ctx, options, {
		type: "passkey.counter_regressed",
		...about,
		stored: current.counter,
		received: counter,
	});
	throw refused;
}

/** The hooks get copies: what they do to them does not reach the answer. */
async function tell(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	started: { session: Session; user: User },
): Promise<void> {
	const about = { userId: passkey.userId, passkeyId: passkey.id };
	await emit(ctx, options, { type: "passkey.authenticated", ...about });
	await emit(ctx, options, { type: "session.created", ...about, sessionId: started.session.id });
	const [session, user] = [{ ...started.session }, { ...started.user }];
	await afterwards(ctx, options, "authentication.after failed", () =>
		options.authentication.after?.({ ctx, passkey: toPasskey(passkey), session, user }),
	);
}
