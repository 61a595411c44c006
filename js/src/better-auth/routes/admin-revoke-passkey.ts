import { createAuthEndpoint } from "better-auth/api";
import { requireAdmin } from "../management/admin.js";
import { notFound, revokeBody } from "../management/owned-passkey.js";
import { documented } from "../openapi/openapi.js";
import { changedAnswer } from "../openapi/response-schemas.js";
import { emit } from "../reporting/events.js";
import { findById, revoke, toPasskey } from "../storage/passkeys.js";

const openapi = documented({
	description: "Revoke any user's passkey, as an administrator",
	answer: changedAnswer,
	refusals: { 403: ["NOT_ALLOWED"], 404: ["PASSKEY_NOT_FOUND"] },
});

/** Also of the last way to sign in: a stolen device has to be stopped whatever else its owner has. */
export const adminRevokePasskey = () =>
	createAuthEndpoint(
		"/passkey/admin/revoke-passkey",
		{
			method: "POST",
			body: revokeBody,
			metadata: { openapi },
		},
		async (ctx) => {
			// Whoever may ban users may lock them out; no lesser permission of the admin plugin can.
			const by = await requireAdmin(ctx, { user: ["ban"] });
			const { adapter } = ctx.context;
			const { id, reason = null } = ctx.body;
			const passkey = await findById(adapter, id);
			if (!passkey) throw notFound();
			const revoked = await revoke(adapter, passkey, reason);
			if (revoked) {
				const { userId } = passkey;
				await emit(ctx, { type: "passkey.revoked", userId, passkeyId: passkey.id, reason, by });
			}
			const current = revoked ?? (await findById(adapter, passkey.id));
			if (!current) throw notFound();
			return ctx.json({ passkey: toPasskey(current) });
		},
	);
