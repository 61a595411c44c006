import type { GenericEndpointContext, Session, User } from "better-auth";
import { setSessionCookie } from "better-auth/cookies";
import { parseSessionOutput, parseUserOutput } from "better-auth/db";
import { afterwards } from "../reporting/events.js";
import { type Ceremony, refuse, reported } from "../reporting/refusals.js";
import { demandSecondFactor, type TwoFactorRedirect } from "./second-factor.js";

interface OfPasskey {
	ceremony: Ceremony;
	userId: string;
	passkeyId: string;
}

interface Proven {
	/** Whether the user has proved all required factors. If false, a second factor may be missing. */
	complete?: boolean;
	dontRememberMe?: boolean;
}

export interface SignedIn {
	session: Session;
	user: User;
}

type Started = SignedIn | (TwoFactorRedirect & { session?: never });

/**
 * Creates a session for the user, sets its cookie, and returns session and user in the form that clients may get. If a
 * second factor is missing, the sign-in stays pending and there is no session.
 */
export async function startSession(
	ctx: GenericEndpointContext,
	about: OfPasskey,
	{ complete = false, dontRememberMe = false }: Proven = {},
): Promise<Started> {
	const { internalAdapter } = ctx.context;
	const report = async (error: unknown) => {
		throw await reported(ctx, about, error);
	};
	// Read the user first: the passkey of a deleted user must not create a session.
	const user = await internalAdapter.findUserById(about.userId);
	if (!user) throw await refuse(ctx, { ...about, status: "UNAUTHORIZED", code: "USER_NOT_FOUND" });
	// Plugins and database hooks may refuse here, for example the admin plugin's hook for a banned user.
	const session = await internalAdapter.createSession(about.userId, dontRememberMe).catch(report);
	if (!session) {
		const refusal = { ...about, status: "INTERNAL_SERVER_ERROR", code: "UNABLE_TO_CREATE_SESSION" } as const;
		throw await refuse(ctx, refusal);
	}
	try {
		const redirect = complete ? null : await demandSecondFactor(ctx, { session, user });
		if (redirect) return redirect;
		await setSessionCookie(ctx, { session, user });
	} catch (error) {
		ctx.context.setNewSession(null);
		await afterwards(ctx, "a sign-in failed and its session could not be deleted", () =>
			internalAdapter.deleteSession(session.token),
		);
		return report(error);
	}
	return {
		session: parseSessionOutput(ctx.context.options, session),
		user: parseUserOutput(ctx.context.options, user),
	};
}
