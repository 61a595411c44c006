import type { GenericEndpointContext } from "better-auth";
import { APIError } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { parseSessionOutput, parseUserOutput } from "better-auth/db";
import { PASSKEY_ERROR_CODES } from "./error-codes.js";

/** Creates a session for the user, sets its cookie, and returns both as they may leave the server. */
export async function startSession(ctx: GenericEndpointContext, userId: string) {
	// The user first: a row that outlived its user must not leave a session behind.
	const user = await ctx.context.internalAdapter.findUserById(userId);
	if (!user) throw APIError.from("UNAUTHORIZED", PASSKEY_ERROR_CODES.USER_NOT_FOUND);
	const session = await ctx.context.internalAdapter.createSession(userId);
	if (!session) throw APIError.from("INTERNAL_SERVER_ERROR", PASSKEY_ERROR_CODES.UNABLE_TO_CREATE_SESSION);
	await setSessionCookie(ctx, { session, user });
	return {
		session: parseSessionOutput(ctx.context.options, session),
		user: parseUserOutput(ctx.context.options, user),
	};
}
