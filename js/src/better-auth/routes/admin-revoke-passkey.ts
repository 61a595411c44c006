import { createAuthEndpoint } from "better-auth/api";
import { endpoints } from "../endpoints.js";
import { requireAdmin } from "../management/admin.js";
import { notFound, revokeBody } from "../management/owned-passkey.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { emit } from "../reporting/events.js";
import { findById, revoke, toPasskey } from "../storage/passkeys.js";
/** Also of the last way to sign in: a stolen device has to be stopped whatever else its owner has. */
export const adminRevokePasskey = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/admin/revoke-passkey",
		{
			method: "POST",
			body: revokeBody,
			metadata: { openapi: endpoints.adminRevoke },
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
				await emit(ctx, options, { type: "passkey.revoked", userId, passkeyId: passkey.id, reason, by });
			}
			const current = revoked ?? (await findById(adapter, passkey.id));
			if (!current) throw notFound();
			return ctx.json({ passkey: toPasskey(current) });
		},
	);
