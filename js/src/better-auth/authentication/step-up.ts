import { BASE_ERROR_CODES, type GenericEndpointContext, type Session } from "better-auth";
import { APIError, freshSessionMiddleware } from "better-auth/api";
import * as z from "zod";
import type { ResolvedOptions } from "../options/resolve.js";
import type { GatedAction } from "../options/step-up.js";
import { refuse } from "../reporting/refusals.js";
import { createToken, isToken, OURS, takeOnce } from "../storage/one-time-token.js";

/** The purpose of a proof: a name that the application chooses, such as `transfer` or `org:delete`. */
export const purpose = z.string().regex(/^[a-z][\w:.-]{0,63}$/i);

/** The proof that a client presents. Only the store knows whether it was issued. */
export const proof = z
	.string()
	.max(64)
	.nullish()
	.meta({ description: "Step-up proof; required when the session is not fresh" });

/** The user, session and purpose of a proof. */
interface Subject {
	userId: string;
	sessionId: string;
	purpose: string;
}

/** Issues a proof that this user has just used a passkey in this session for this purpose. */
export async function issueProof(ctx: GenericEndpointContext, options: ResolvedOptions, subject: Subject) {
	const proof = createToken();
	const expiresAt = new Date(Date.now() + options.stepUp.expiresIn * 1000);
	const identifier = identifierOf(proof);
	await ctx.context.internalAdapter.createVerificationValue({ identifier, value: serialize(subject), expiresAt });
	return { proof, expiresAt };
}

/**
 * Consumes a proof. It cannot be used again, even if it belongs to another session, user or purpose.
 *
 * @throws `APIError` 403 STEP_UP_REQUIRED. The error does not reveal what is wrong with the proof.
 */
export async function consumeProof(ctx: GenericEndpointContext, subject: Subject, proof: string): Promise<void> {
	const stored = isToken(proof) ? await takeOnce(ctx, identifierOf(proof)) : null;
	if (stored === serialize(subject)) return;
	const code = "STEP_UP_REQUIRED";
	const detail = stored
		? "the proof belongs to another session, user or purpose"
		: "the proof is unknown, used or expired";
	const { userId } = subject;
	throw await refuse(ctx, {
		ceremony: "step-up",
		status: "FORBIDDEN",
		code,
		userId,
		reason: { code, detail },
	});
}

/**
 * Requires a fresh session or a proof before a change to passkeys. The endpoint must have read the session from its
 * store. If the client presents a proof, it is consumed. An invalid proof is refused even if the session is fresh.
 *
 * @returns the ID of the session, if a proof was used.
 * @throws `APIError` 403 SESSION_NOT_FRESH, like the official plugin, or STEP_UP_REQUIRED for an invalid proof.
 */
export async function requireFresh(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	action: GatedAction | "add",
	proof?: string | null | undefined,
): Promise<string | undefined> {
	if (action !== "add" && !options.stepUp.require.includes(action)) return;
	const session: (Session & { impersonatedBy?: unknown }) | undefined = ctx.context.session?.session;
	if (session && proof) {
		const { userId, id: sessionId } = session;
		await consumeProof(ctx, { userId, sessionId, purpose: `passkey:${action}` }, proof);
		return sessionId;
	}
	// An administrator who impersonates this user has not proved to be the user.
	if (session?.impersonatedBy) throw APIError.from("FORBIDDEN", BASE_ERROR_CODES.SESSION_NOT_FRESH);
	await freshSessionMiddleware(ctx);
	return;
}

function identifierOf(proof: string): string {
	return `${OURS}proof:${proof}`;
}

function serialize({ userId, sessionId, purpose }: Subject): string {
	return JSON.stringify([userId, sessionId, purpose]);
}
