import type { GenericEndpointContext } from "better-auth";
import { WebAuthnError } from "../../core/errors.js";
import type { UserVerificationRequirement } from "../../core/types.js";
import type { RegistrationChallenge } from "../ceremony/challenge.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { refuse } from "../reporting/refusals.js";

type Mediation = RegistrationChallenge["mediation"];

/** A conditional registration proves nothing about the user. Only a session can identify the owner of the passkey. */
export async function requireSignedIn(
	ctx: GenericEndpointContext,
	mediation: Mediation,
	{ id, signedIn }: { id: string; signedIn: boolean },
): Promise<void> {
	if (!mediation || signedIn) return;
	const refusal = { ceremony: "registration", userId: id, status: "UNAUTHORIZED", code: "SESSION_REQUIRED" } as const;
	throw await refuse(ctx, refusal);
}

/**
 * In a conditional registration the password manager often creates the passkey without a prompt, so it cannot verify
 * the user. If user verification were required, the registration would fail, or leave a passkey that the server then
 * refuses. The rules of each sign-in still apply.
 */
export function userVerificationFor(options: ResolvedOptions, mediation: Mediation): UserVerificationRequirement {
	const { userVerification } = options.registration;
	return mediation && userVerification === "required" ? "preferred" : userVerification;
}

/** The user already has a session, and a conditional registration proves too little for a new one. */
export function refuseSession(mediation: Mediation, createSession: boolean | undefined): void {
	if (mediation && createSession) throw new WebAuthnError("USER_PRESENCE_MISSING", { field: "createSession" });
}
