import type { GenericEndpointContext } from "better-auth";
import { WebAuthnError } from "../../core/errors.js";
import type { UserVerificationRequirement } from "../../core/types.js";
import type { RegistrationChallenge } from "../ceremony/challenge.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { refuse } from "../reporting/refusals.js";

type Mediation = RegistrationChallenge["mediation"];

/** What a conditional registration proves of the user is nothing, so that only a session can say whose it is. */
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
 * Password managers that may ask nothing cannot verify anybody: to require it would make them fail, or leave behind a
 * passkey that the server then refuses. Whether they can is asked at each sign-in.
 */
export function userVerificationFor(options: ResolvedOptions, mediation: Mediation): UserVerificationRequirement {
	const { userVerification } = options.registration;
	return mediation && userVerification === "required" ? "preferred" : userVerification;
}

/** Whoever has a session needs none, and this registration is no proof that would be worth another. */
export function refuseSession(mediation: Mediation, createSession: boolean | undefined): void {
	if (mediation && createSession) throw new WebAuthnError("USER_PRESENCE_MISSING", { field: "createSession" });
}
