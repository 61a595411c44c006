import type { GenericEndpointContext } from "better-auth";
import { expireCookie } from "better-auth/cookies";
import * as z from "zod";
import { USER_VERIFICATION } from "../../core/enumerations.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { type Ceremony, refuse } from "../reporting/refusals.js";
import { createToken, isToken, OURS, parseJson, takeOnce } from "../storage/one-time-token.js";

const userVerification = z.enum(USER_VERIFICATION);

/**
 * The part of the record that every ceremony has. Verification uses this record, not the configuration at that time.
 */
const common = {
	challenge: z.string(),
	rpID: z.string(),
	origins: z.array(z.string()),
	userVerification,
	/** `conditional`: the password manager creates the passkey by itself, possibly without asking the user. */
	mediation: z.literal("conditional").nullable(),
};

const registrationChallenge = z.object({
	...common,
	ceremony: z.literal("registration"),
	user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
	/** Whether the user was signed in. If not, `resolveUser` named the user, or it is a sign-up. */
	signedIn: z.boolean(),
	userHandle: z.string(),
	algorithms: z.array(z.number()),
	context: z.string().nullable(),
	/** The ID of the session in which a step-up proof replaced freshness. */
	provenSession: z.string().optional(),
	/** What the user entered at sign-up. Null if this is not a sign-up. */
	signUp: z.object({ name: z.string(), email: z.string().nullable() }).nullable(),
});

const authenticationChallenge = z.object({
	...common,
	ceremony: z.literal("authentication"),
	/**
	 * The user who was signed in or has given the password. Only this user can complete the ceremony. Null: any user can.
	 */
	userId: z.string().nullable(),
	allowCredentials: z.array(z.string()),
	/** The identifier of the pending sign-in for which this passkey is the second factor. */
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
 * Stores the challenge and returns the ceremony ID. GET requests also receive the signed cookie of the official plugin.
 * POST requests get no cookie: their clients keep the ID and send it back.
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
	// The response has a challenge that can be used once, so a cached copy would fail.
	ctx.setHeader("cache-control", "no-store");
	return ceremonyId;
}

/**
 * Consumes the challenge of this request and returns its record. The ceremony ID in the body finds it or, if there is
 * none, the cookie does. The challenge cannot be used again, whatever the response is. Of several requests for one
 * ceremony, the first one gets the record. Nothing else in the request is parsed before this.
 *
 * @throws `APIError` CHALLENGE_NOT_FOUND. The error does not reveal whether the challenge was never issued, is used,
 * has expired or belongs to another ceremony.
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
	if (!record.success) throw await notFound(ctx, ceremony, "the challenge belongs to another ceremony");
	return record.data;
}

/**
 * An invalid ID in the body is refused. It never falls back to the cookie, which may belong to another tab's ceremony.
 */
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
