import type { GenericEndpointContext } from "better-auth";
import { createAuthEndpoint, formCsrfMiddleware } from "better-auth/api";
import {
	assertionBody,
	completeAssertionBody,
	isSwitch,
	type VerifyAuthenticationBody,
	verifyAssertion,
} from "../authentication/assertion.js";
import { completePending, type TwoFactorRedirect } from "../authentication/second-factor.js";
import { type SignedIn, startSession } from "../authentication/start-session.js";
import type { AuthenticationChallenge } from "../ceremony/challenge.js";
import { readSignedInUserId } from "../ceremony/session.js";
import { documented } from "../openapi/openapi.js";
import { signedInAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { afterwards, emit } from "../reporting/events.js";
import { refuse } from "../reporting/refusals.js";
import { type PasskeyRow, toPasskey } from "../storage/passkeys.js";

const ceremony = "authentication";

const openapi = documented({
	operationId: "passkeyVerifyAuthentication",
	description: "Verify a passkey's response and sign its owner in",
	body: completeAssertionBody,
	answer: signedInAnswer,
	refusals: {
		400: ["CHALLENGE_NOT_FOUND"],
		401: ["AUTHENTICATION_FAILED", "PASSKEY_NOT_FOUND", "USER_NOT_FOUND", "TWO_FACTOR_NOT_PENDING"],
		403: ["SESSION_MISMATCH"],
		413: ["REQUEST_TOO_LARGE"],
	},
});

export const verifyPasskeyAuthentication = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/verify-authentication",
		{
			method: "POST",
			body: assertionBody,
			use: [formCsrfMiddleware],
			metadata: {
				openapi,
				$Infer: { body: {} as VerifyAuthenticationBody },
			},
		},
		async (ctx) => {
			const { passkey, started } = await verifyAssertion(ctx, options, ceremony, ctx.body, {
				requireUser: (record, passkey) => requireNoOtherUser(ctx, record, passkey),
				async complete({ record, passkey, userVerified }) {
					const about = { ceremony, userId: passkey.userId, passkeyId: passkey.id } as const;
					const proven = record.pending
						? await completePending(ctx, record.pending, about)
						: { complete: userVerified && options.twoFactor.countsAsBoth };
					return { passkey, started: await startSession(ctx, about, proven) };
				},
			});
			await emit(ctx, { type: "passkey.authenticated", userId: passkey.userId, passkeyId: passkey.id });
			if (started.session) await tell(ctx, options, passkey, started);
			// The type is the official plugin's. Without the `twoFactor` plugin, or with user verification, there is always a
			// session.
			return ctx.json(started as SignedIn & Partial<TwoFactorRedirect>);
		},
	);

/** A sign-in never replaces another account's session, neither the one at the ceremony's start nor the current one. */
async function requireNoOtherUser(
	ctx: GenericEndpointContext,
	record: AuthenticationChallenge,
	passkey: PasskeyRow,
): Promise<void> {
	const signedIn = await readSignedInUserId(ctx);
	if (!isSwitch(record, passkey) && (signedIn === null || signedIn === passkey.userId)) return;
	const about = { userId: passkey.userId, passkeyId: passkey.id };
	throw await refuse(ctx, { ceremony, status: "FORBIDDEN", code: "SESSION_MISMATCH", ...about });
}

/** The hooks get copies, so they cannot change the response. */
async function tell(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	passkey: PasskeyRow,
	started: SignedIn,
): Promise<void> {
	const about = { userId: passkey.userId, passkeyId: passkey.id };
	await emit(ctx, { type: "session.created", ...about, sessionId: started.session.id });
	const [session, user] = [{ ...started.session }, { ...started.user }];
	await afterwards(ctx, "authentication.after failed", () =>
		options.authentication.after?.({ ctx, passkey: toPasskey(passkey), session, user }),
	);
}
