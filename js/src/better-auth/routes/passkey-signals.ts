import { createAuthEndpoint } from "better-auth/api";
import { accountOf } from "../ceremony/account.js";
import { resolveRelyingParty } from "../ceremony/relying-party.js";
import { currentSession } from "../ceremony/session.js";
import { signalsOf } from "../management/signals.js";
import { documented } from "../openapi/openapi.js";
import { signalsAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { listByUser } from "../storage/passkeys.js";

const openapi = documented({
	operationId: "getPasskeySignals",
	description: "What the signed-in user's authenticators should know about the account, for the WebAuthn Signal API",
	answer: signalsAnswer,
});

export const getPasskeySignals = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/signals",
		{
			method: "GET",
			use: currentSession,
			metadata: {
				openapi,
			},
		},
		async (ctx) => {
			const account = accountOf(ctx.context.session.user);
			const passkeys = await listByUser(ctx.context.adapter, account.id);
			const { rpID } = await resolveRelyingParty(ctx, options);
			// A cached copy would not contain the newest passkey, and authenticators would remove that passkey.
			ctx.setHeader("cache-control", "no-store");
			return ctx.json(await signalsOf(ctx.context.secret, rpID, account, passkeys));
		},
	);
