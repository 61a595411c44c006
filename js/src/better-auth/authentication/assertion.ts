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

/** The ceremonies that use an existing passkey: sign-in and step-up. */
type AssertionChallenge = AuthenticationChallenge | StepUpChallenge;
type ChallengeOf<C extends AssertionChallenge["ceremony"]> = Extract<AssertionChallenge, { ceremony: C }>;

/** The part of the ceremony's record that the caller provides. `requestAssertion` adds the rest. */
type Subject =
	| Omit<AuthenticationChallenge, "challenge" | "rpID" | "origins" | "mediation" | "allowCredentials">
	| Omit<StepUpChallenge, "challenge" | "rpID" | "origins" | "mediation" | "allowCredentials">;

/**
 * Backup eligibility by device type. A row from another table may have no valid type: then the first sign-in sets it.
 */
const BACKUP_ELIGIBLE = new Map<string, boolean>([
	["singleDevice", false],
	["multiDevice", true],
]);

/** Returns the options for `navigator.credentials.get()` and stores their challenge. */
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

/** The response is parsed only after the challenge is consumed: one challenge allows one attempt. */
export const assertionBody = z.object({ response: z.unknown().optional(), ceremonyId: z.unknown().optional() });

/** The complete body, for the OpenAPI description. */
export const completeAssertionBody = () => assertionBody.extend({ response: authenticationResponse });

export interface VerifyAuthenticationBody {
	response: AuthenticationResponseJSON;
	/** The `ceremonyId` from the options; if omitted, the cookie is used. */
	ceremonyId?: string | undefined;
}

/** A verified assertion whose use is recorded. */
interface Assertion<C extends AssertionChallenge["ceremony"]> {
	record: ChallengeOf<C>;
	passkey: PasskeyRow;
	userVerified: boolean;
}

interface Caller<C extends AssertionChallenge["ceremony"], T> {
	/** Refuses a passkey that belongs to the wrong user. */
	requireUser: (record: ChallengeOf<C>, passkey: PasskeyRow) => Promise<void>;
	/** Completes the operation that the assertion is for. */
	complete: (assertion: Assertion<C>) => Promise<T>;
}

/**
 * Consumes the challenge of this request, verifies the response, checks that the passkey belongs to the right user, and
 * records the use. `complete` runs last. If it fails, `lastUsedAt` is restored.
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
		// The client gets the same error as for an unknown passkey.
		const refusal = { ...about, status: "UNAUTHORIZED", code: "PASSKEY_NOT_FOUND" } as const;
		throw await refuse(ctx, { ...refusal, reason: { code: "PASSKEY_REVOKED" } });
	}
	const policy = options.authentication.backupEligibilityChange;
	const verification = await orRefuse(ctx, about, () => verify(record, passkey, response, policy));
	await requireUser(record as ChallengeOf<C>, passkey);
	const { userVerified } = verification.authenticationInfo;
	const at = new Date();
	let used: PasskeyRow | null = null;
	try {
		used = await use(ctx, options, ceremony, passkey, verification, at);
		await orRefuse(ctx, about, () =>
			options.authentication.afterVerification?.({ ctx, verification, clientData: response }),
		);
		const completed = await complete({ record: record as ChallengeOf<C>, passkey: used, userVerified });
		await reportBackupEligibility(ctx, passkey, verification);
		return completed;
	} catch (error) {
		// A refused use was not recorded. After a fault, the use may be recorded although the write reported an error.
		if (used || !isAPIError(error)) {
			// The client gets the original error, even if this fails too.
			await afterwards(ctx, "a ceremony failed and lastUsedAt of its passkey may not have been restored", () =>
				forgetUse(ctx.context.adapter, passkey, at, verification.authenticationInfo.backupEligibilityChanged),
			);
		}
		throw error;
	}
}

function verify(
	record: AssertionChallenge,
	passkey: PasskeyRow,
	response: AuthenticationResponseJSON,
	backupEligibilityPolicy: "reject" | "report",
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
		// The conditional write checks the counter, against the row at the time of the write.
		counterPolicy: "report",
		backupEligibilityPolicy,
	});
}

/** Called when the ceremony is complete: the row has the new device type, and keeps it. */
async function reportBackupEligibility(
	ctx: GenericEndpointContext,
	{ id: passkeyId, userId, deviceType: stored }: PasskeyRow,
	{ authenticationInfo: { backupEligibilityChanged, credentialDeviceType: received } }: VerifiedAuthenticationResponse,
): Promise<void> {
	if (!backupEligibilityChanged) return;
	await emit(ctx, { type: "passkey.backup_eligibility_changed", userId, passkeyId, stored, received });
}

/**
 * Whether a signed-in user signs in with the passkey of another account. The caller refuses this with an error of its
 * own. It does so only after the signature is verified, because the error reveals that the passkey belongs to another
 * account.
 */
export function isSwitch(record: AssertionChallenge, passkey: PasskeyRow): boolean {
	if (record.ceremony === "step-up" || record.pending) return false;
	return record.userId !== null && record.userId !== passkey.userId;
}

/** Records the use, or refuses the ceremony if no row could be updated. */
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
		log(ctx.context, "warn", `the signature counter of a passkey did not increase: ${detail}`, regressed);
		await emit(ctx, regressed);
		return passed;
	}
	const refused = await refuse(ctx, { ...refusal, reason: { code: "SIGNATURE_COUNTER_MISMATCH", detail } });
	await emit(ctx, regressed);
	throw refused;
}
