import type { GenericEndpointContext } from "better-auth";
import { expireCookie } from "better-auth/cookies";
import * as z from "zod";
import { USER_VERIFICATION } from "../../core/enumerations.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { type Ceremony, refuse } from "../reporting/refusals.js";
import { createToken, isToken, OURS, parseJson, takeOnce } from "../storage/one-time-token.js";

const userVerification = z.enum(USER_VERIFICATION);

/** What every ceremony is bound to. Verification goes by this record and not by the configuration of its own moment. */
const common = {
	challenge: z.string(),
	rpID: z.string(),
	origins: z.array(z.string()),
	userVerification,
	/** Conditional: the password manager makes a passkey by itself, and nobody may have been asked. */
	mediation: z.literal("conditional").nullable(),
};

const registrationChallenge = z.object({
	...common,
	ceremony: z.literal("registration"),
	user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
	/** Whether the user was signed in; if not, the integrator's `resolveUser` named it. */
	signedIn: z.boolean(),
	userHandle: z.string(),
	algorithms: z.array(z.number()),
	context: z.string().nullable(),
	/** The session for which a step-up stands in for freshness. */
	provenSession: z.string().optional(),
	/** What somebody without an account said of themselves, who is to get one with this passkey. */
	signUp: z.object({ name: z.string(), email: z.string().nullable() }).nullable(),
});

const authenticationChallenge = z.object({
	...common,
	ceremony: z.literal("authentication"),
	/** The user who was signed in, or is half way, and for whom alone the ceremony is then good. */
	userId: z.string().nullable(),
	allowCredentials: z.array(z.string()),
	/** The sign-in that waits for this passkey as its second factor. */
	pending: z.string().optional(),
});

const stepUpChallenge = z.object({
	...common,
	ceremony: z.literal("step-up"),
	userId: z.string(),
	allowCredentials: z.array(z.string()),
	sessionId: z.string(),
	purpose: z.string(),
});

export type RegistrationChallenge = z.infer<typeof registrationChallenge>;
export type AuthenticationChallenge = z.infer<typeof authenticationChallenge>;
export type StepUpChallenge = z.infer<typeof stepUpChallenge>;

interface ChallengeOf {
	registration: RegistrationChallenge;
	authentication: AuthenticationChallenge;
	"step-up": StepUpChallenge;
}

const schemas: { [C in Ceremony]: z.ZodType<ChallengeOf[C]> } = {
	registration: registrationChallenge,
	authentication: authenticationChallenge,
	"step-up": stepUpChallenge,
};

/**
 * Stores the challenge and answers the id of its ceremony. Who asks by GET gets the signed cookie of the official plugin
 * too; who asks by POST says by that to keep the id, and is not given a cookie that nobody will use.
 */
export async function issueChallenge(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	record: ChallengeOf[Ceremony],
): Promise<string> {
	const ceremonyId = createToken();
	await ctx.context.internalAdapter.createVerificationValue({
		identifier: identifierOf(ceremonyId),
		value: JSON.stringify(record),
		expiresAt: new Date(Date.now() + options.challengeLifetime * 1000),
	});
	if (ctx.method === "GET") {
		const cookie = ctx.context.createAuthCookie(options.challengeCookie);
		await ctx.setSignedCookie(cookie.name, ceremonyId, ctx.context.secret, {
			...cookie.attributes,
			maxAge: options.challengeLifetime,
		});
	}
	// The answer holds a challenge that is good once: a cached copy would fail for whoever gets it.
	ctx.setHeader("cache-control", "no-store");
	return ceremonyId;
}

/**
 * Takes the challenge of this request out of the store, found by the ceremony id of the body or, where there is none, by
 * the cookie. It is gone afterwards, whatever becomes of the response: the first of several requests for one ceremony gets
 * the record, and nothing else that a client sends is looked at before.
 *
 * @throws `APIError` CHALLENGE_NOT_FOUND, which does not say whether it was never issued, used, expired or of the other
 * ceremony.
 */
export async function consumeChallenge<C extends Ceremony>(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	ceremony: C,
	given: unknown,
): Promise<ChallengeOf[C]> {
	const ceremonyId = await resolveCeremonyId(ctx, options, given);
	if (!ceremonyId) throw await notFound(ctx, ceremony, "the request has no valid ceremony id or cookie");
	const stored = await takeOnce(ctx, identifierOf(ceremonyId));
	if (stored === null) throw await notFound(ctx, ceremony, "the challenge is unknown, used or expired");
	const record = schemas[ceremony].safeParse(parseJson(stored));
	if (!record.success) throw await notFound(ctx, ceremony, "the challenge is of another ceremony");
	return record.data;
}

/** An id in the body is used or refused; it never falls back to the cookie, which may belong to another tab's ceremony. */
async function resolveCeremonyId(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	given: unknown,
): Promise<string | null> {
	const cookie = ctx.context.createAuthCookie(options.challengeCookie);
	const inCookie = (await ctx.getSignedCookie(cookie.name, ctx.context.secret)) || null;
	const absent = given === undefined || given === null || given === "";
	const inBody = isToken(given) ? given : null;
	const ceremonyId = absent ? inCookie : inBody;
	if (inCookie && inCookie === ceremonyId) expireCookie(ctx, cookie);
	return ceremonyId;
}

function identifierOf(ceremonyId: string): string {
	return `${OURS}challenge:${ceremonyId}`;
}

function notFound(ctx: GenericEndpointContext, ceremony: Ceremony, detail: string) {
	return refuse(ctx, {
		ceremony,
		status: "BAD_REQUEST",
		code: "CHALLENGE_NOT_FOUND",
		reason: { code: "CHALLENGE_NOT_FOUND", detail },
	});
}
