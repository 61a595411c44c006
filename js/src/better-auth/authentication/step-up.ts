import { BASE_ERROR_CODES, type GenericEndpointContext, type Session } from "better-auth";
import { APIError, freshSessionMiddleware } from "better-auth/api";
import * as z from "zod";
import type { ResolvedOptions } from "../options/resolve.js";
import type { GatedAction } from "../options/step-up.js";
import { refuse } from "../reporting/refusals.js";
import { createToken, isToken, OURS, takeOnce } from "../storage/one-time-token.js";

/** What a proof is for: a name that the application chooses, such as `transfer` or `org:delete`. */
export const purpose = z.string().regex(/^[a-z][\w:.-]{0,63}$/i);

/** What a client presents. Whether it was ever issued is a matter of the store. */
export const proof = z
	.string()
	.max(64)
	.nullish()
	.meta({ description: "Of a step-up, where the session is not fresh enough" });

/** Whom a proof is of, and what for. */
interface Subject {
	userId: string;
	sessionId: string;
	purpose: string;
}

/** Stores that this user has just shown a passkey within this session for this purpose. */
export async function issueProof(ctx: GenericEndpointContext, options: ResolvedOptions, subject: Subject) {
	const proof = createToken();
	const expiresAt = new Date(Date.now() + options.stepUp.expiresIn * 1000);
	const identifier = identifierOf(proof);
	await ctx.context.internalAdapter.createVerificationValue({ identifier, value: serialize(subject), expiresAt });
	return { proof, expiresAt };
}

/**
 * Uses a proof up. It is gone afterwards, also when it is of another session, user or purpose.
 *
 * @throws `APIError` 403 STEP_UP_REQUIRED, which does not say what is wrong with it.
 */
export async function consumeProof(ctx: GenericEndpointContext, subject: Subject, proof: string): Promise<void> {
	const stored = isToken(proof) ? await takeOnce(ctx, identifierOf(proof)) : null;
	if (stored === serialize(subject)) return;
	const code = "STEP_UP_REQUIRED";
	const detail = stored ? "the proof is of another session or purpose" : "the proof is unknown, used or expired";
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
 * The gate before a change to passkeys, for endpoints that have read the session from its store. It opens for a fresh
 * session, or for a proof; a proof that is presented is used or refused, and freshness does not make up for a bad one.
 *
 * @returns the id of the session for which a proof opened the gate.
 * @throws `APIError` 403 SESSION_NOT_FRESH, as the official plugin answers, or STEP_UP_REQUIRED for a bad proof.
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
	// An administrator who looks at the site as this user has proved nothing about being the user.
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
