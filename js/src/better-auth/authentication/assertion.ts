import type { GenericEndpointContext } from "better-auth";
import { isAPIError } from "better-auth/api";
import * as z from "zod";
import { verifyAuthenticationResponse } from "../../core/api.js";
import { generateAuthenticationOptions, type VerifiedAuthenticationResponse } from "../../core/authentication.js";
import { decodeBase64 } from "../../core/base64.js";
import type { AuthenticationResponseJSON } from "../../core/types.js";
import {
	type AuthenticationChallenge,
	consumeChallenge,
	issueChallenge,
	type StepUpChallenge,
} from "../ceremony/challenge.js";
import { authenticationResponse, parseAuthenticationResponse } from "../ceremony/credential-json.js";
import { resolveRelyingParty } from "../ceremony/relying-party.js";
import { resolveExtensions } from "../options/extensions.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { afterwards, emit } from "../reporting/events.js";
import { log } from "../reporting/log.js";
import { orRefuse, refuse } from "../reporting/refusals.js";
import { findByCredentialId, forgetUse, type PasskeyRow, recordUse } from "../storage/passkeys.js";
import { toDescriptor } from "../storage/transports.js";

/** The ceremonies that ask for a passkey which exists: signing in, and proving presence within a session. */
type AssertionChallenge = AuthenticationChallenge | StepUpChallenge;
type ChallengeOf<C extends AssertionChallenge["ceremony"]> = Extract<AssertionChallenge, { ceremony: C }>;

/** What the caller says of a ceremony; the rest of its record is made here. */
type Subject =
	| Omit<AuthenticationChallenge, "challenge" | "rpID" | "origins" | "mediation" | "allowCredentials">
	| Omit<StepUpChallenge, "challenge" | "rpID" | "origins" | "mediation" | "allowCredentials">;

/** A row that came from another table may not know; then the first sign-in tells, and is held to afterwards. */
const BACKUP_ELIGIBLE = new Map<string, boolean>([
	["singleDevice", false],
	["multiDevice", true],
]);

/** Options for `navigator.credentials.get()`, with their challenge in the store. */
export async function requestAssertion(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkeys: readonly PasskeyRow[],
	subject: Subject,
) {
	const { rpID, origins } = await resolveRelyingParty(ctx, options);
	const extensions = await resolveExtensions(ctx, options.authentication.extensions);
	const request = await generateAuthenticationOptions({
		rpID,
		userVerification: subject.userVerification,
		timeout: options.timeout,
		...(passkeys.length > 0 && { allowCredentials: passkeys.map(toDescriptor) }),
		...(extensions && { extensions }),
	});
	const ceremonyId = await issueChallenge(ctx, options, {
		...subject,
		challenge: request.challenge,
		rpID,
		origins: [...origins],
		mediation: null,
		allowCredentials: passkeys.map(({ credentialID }) => credentialID),
	});
	return { ...request, ...(options.hints.length > 0 && { hints: [...options.hints] }), ceremonyId };
}

/** The response is parsed after the challenge is consumed, so that one challenge allows one attempt. */
export const assertionBody = z.object({ response: z.unknown().optional(), ceremonyId: z.unknown().optional() });

/** The whole body, for the description of the API. */
export const completeAssertionBody = () => assertionBody.extend({ response: authenticationResponse });

export interface VerifyAuthenticationBody {
	response: AuthenticationResponseJSON;
	/** Of the options; without it the cookie finds the challenge. */
	ceremonyId?: string | undefined;
}

/** A verified assertion whose use is written down. */
interface Assertion<C extends AssertionChallenge["ceremony"]> {
	record: ChallengeOf<C>;
	passkey: PasskeyRow;
	userVerified: boolean;
}

interface Caller<C extends AssertionChallenge["ceremony"], T> {
	/** Refuses the passkey of a wrong user. */
	requireUser: (record: ChallengeOf<C>, passkey: PasskeyRow) => Promise<void>;
	/** What the assertion was for. */
	complete: (assertion: Assertion<C>) => Promise<T>;
}

/**
 * Takes the challenge of this request out of the store, verifies the response to it, asks whether the passkey is that of
 * the right user, and records the use. What it is for comes last, and takes the use back where it fails.
 */
export async function verifyAssertion<C extends AssertionChallenge["ceremony"], T>(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	ceremony: C,
	body: z.infer<typeof assertionBody>,
	{ requireUser, complete }: Caller<C, T>,
): Promise<T> {
	const record: AssertionChallenge = await consumeChallenge(ctx, options, ceremony, body.ceremonyId);
	const { userId } = record;
	await orRefuse(ctx, { ceremony, userId: userId ?? undefined }, () =>
		options.authentication.before?.({ ctx, step: "verify", userId }),
	);
	const response = await orRefuse(ctx, { ceremony }, () => parseAuthenticationResponse(body.response));
	const passkey = await findByCredentialId(ctx.context.adapter, response.id);
	if (!passkey) throw await refuse(ctx, { ceremony, status: "UNAUTHORIZED", code: "PASSKEY_NOT_FOUND" });

	const about = { ceremony, userId: passkey.userId, passkeyId: passkey.id } as const;
	if (passkey.revokedAt) {
		// To the outside it is a passkey that nobody registered.
		const refusal = { ...about, status: "UNAUTHORIZED", code: "PASSKEY_NOT_FOUND" } as const;
		throw await refuse(ctx, { ...refusal, reason: { code: "PASSKEY_REVOKED" } });
	}
	const verification = await orRefuse(ctx, about, () => verify(record, passkey, response));
	await requireUser(record as ChallengeOf<C>, passkey);
	const { userVerified } = verification.authenticationInfo;
	const at = new Date();
	let used: PasskeyRow | null = null;
	try {
		used = await use(ctx, options, ceremony, passkey, verification, at);
		await orRefuse(ctx, about, () =>
			options.authentication.afterVerification?.({ ctx, verification, clientData: response }),
		);
		return await complete({ record: record as ChallengeOf<C>, passkey: used, userVerified });
	} catch (error) {
		// A use that was refused is not written. One that met a fault may be, and only its answer was lost.
		if (used || !isAPIError(error)) {
			// The client is told what failed, and not how this went.
			await afterwards(ctx, "a ceremony that failed may have left its passkey as used", () =>
				forgetUse(ctx.context.adapter, passkey, at),
			);
		}
		throw error;
	}
}

function verify(
	record: AssertionChallenge,
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
		...(!isSwitch(record, passkey) && { allowCredentials: record.allowCredentials }),
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

/**
 * Whether somebody who is signed in signs in with the passkey of another account. The caller refuses that by an error that
 * says so, and therefore only once the signature is good.
 */
export function isSwitch(record: AssertionChallenge, passkey: PasskeyRow): boolean {
	if (record.ceremony === "step-up" || record.pending) return false;
	return record.userId !== null && record.userId !== passkey.userId;
}

/** Writes the use down, or refuses: without that row the passkey has proved nothing. */
async function use(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	ceremony: AssertionChallenge["ceremony"],
	passkey: PasskeyRow,
	{ authenticationInfo }: VerifiedAuthenticationResponse,
	at: Date,
): Promise<PasskeyRow> {
	const { newCounter: counter, credentialBackedUp: backedUp, credentialDeviceType: deviceType } = authenticationInfo;
	const { adapter } = ctx.context;
	const used = await recordUse(adapter, passkey.id, { counter, backedUp, deviceType, at });
	if (used) return used;
	const about = { userId: passkey.userId, passkeyId: passkey.id };
	const refusal = { ceremony, status: "UNAUTHORIZED", code: "AUTHENTICATION_FAILED", ...about } as const;
	const current = await findByCredentialId(adapter, passkey.credentialID);
	if (!current) throw await refuse(ctx, { ...refusal, reason: { code: "PASSKEY_NOT_FOUND" } });
	if (current.revokedAt) throw await refuse(ctx, { ...refusal, reason: { code: "PASSKEY_REVOKED" } });
	const detail = `stored ${current.counter}, received ${counter}`;
	const regressed = {
		type: "passkey.counter_regressed",
		...about,
		stored: current.counter,
		received: counter,
	} as const;
	if (options.authentication.counterRegression === "report") {
		const passed = await recordUse(adapter, passkey.id, { counter: null, backedUp, deviceType, at });
		if (!passed) throw await refuse(ctx, { ...refusal, reason: { code: "PASSKEY_REVOKED" } });
		log(ctx.context, "warn", `the signature counter of a passkey did not grow: ${detail}`, regressed);
		await emit(ctx, regressed);
		return passed;
	}
	const refused = await refuse(ctx, { ...refusal, reason: { code: "SIGNATURE_COUNTER_MISMATCH", detail } });
	await emit(ctx, regressed);
	throw refused;
}
