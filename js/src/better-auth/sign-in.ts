import type { GenericEndpointContext } from "better-auth";
import { setSessionCookie } from "better-auth/cookies";
import { parseSessionOutput, parseUserOutput } from "better-auth/db";
import type { ResolvedOptions } from "./options.js";
import { type Ceremony, refuse, reported } from "./refusals.js";

interface OfPasskey {
	ceremony: Ceremony;
	userId: string;
	passkeyId: string;
}

/** Creates a session for the user, sets its cookie, and returns both as they may leave the server. */
export async function startSession(ctx: GenericEndpointContext, options: ResolvedOptions, about: OfPasskey) {
	const { internalAdapter } = ctx.context;
	// The user first: a row that outlived its user must not leave a session behind.
	const user = await internalAdapter.findUserById(about.userId);
	if (!user) throw await refuse(ctx, options, { ...about, status: "UNAUTHORIZED", code: "USER_NOT_FOUND" });
	// Plugins and database hooks may refuse here, that of the admin plugin for a banned user.
	const session = await internalAdapter.createSession(about.userId).catch(async (error: unknown) => {
		throw await reported(ctx, options, about, error);
	});
	if (!session) {
		const refusal = { ...about, status: "INTERNAL_SERVER_ERROR", code: "UNABLE_TO_CREATE_SESSION" } as const;
		throw await refuse(ctx, options, refusal);
	}
	await setSessionCookie(ctx, { session, user });
	return {
		session: parseSessionOutput(ctx.context.options, session),
		user: parseUserOutput(ctx.context.options, user),
	};
}
