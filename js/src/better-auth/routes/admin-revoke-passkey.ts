import { createAuthEndpoint } from "better-auth/api";
import { requireAdmin } from "../management/admin.js";
import { notFound, revokeBody } from "../management/owned-passkey.js";
import { documented } from "../openapi/openapi.js";
import { changedAnswer } from "../openapi/response-schemas.js";
import { emit } from "../reporting/events.js";
import { findById, revoke, toPasskey } from "../storage/passkeys.js";

const openapi = documented({
	description: "Revoke a passkey of any user, as an administrator",
	answer: changedAnswer,
	refusals: { 403: ["NOT_ALLOWED"], 404: ["PASSKEY_NOT_FOUND"] },
});

/** It also revokes the last sign-in method: an administrator must be able to stop a stolen device. */
export const adminRevokePasskey = () =>
	createAuthEndpoint(
		"/passkey/admin/revoke-passkey",
		{
			method: "POST",
			body: revokeBody,
			metadata: { openapi },
		},
		async (ctx) => {
			// Revoking can lock a user out, so it requires the admin plugin's permission to ban users.
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
