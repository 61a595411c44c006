import type { BetterAuthOptions, GenericEndpointContext, User } from "better-auth";
import { emit } from "../reporting/events.js";
import { listUsable, revoke } from "../storage/passkeys.js";

type DatabaseHooks = NonNullable<BetterAuthOptions["databaseHooks"]>;

/** The paths where a user proves to own an address and Better Auth removes the account's earlier sign-in methods. */
const PROOFS: ReadonlySet<string | undefined> = new Set(["/magic-link/verify", "/sign-in/email-otp"]);

/**
 * An attacker can create an account with another person's address, add a passkey to it and wait. When the owner of the
 * address signs in with a link or a code that was sent there, Better Auth removes the account's password, linked
 * accounts and sessions. This hook revokes its passkeys.
 */
export function revokeOnFirstProof(): DatabaseHooks {
	const proven = new WeakSet<GenericEndpointContext>();
	return {
		user: {
			update: {
				before: async ({ emailVerified }, ctx) => {
					if (ctx && emailVerified === true && PROOFS.has(ctx.path)) proven.add(ctx);
				},
				after: async (user, ctx) => {
					if (ctx && proven.delete(ctx)) await revokeAll(ctx, user);
				},
			},
		},
	};
}

async function revokeAll(ctx: GenericEndpointContext, { id: userId }: User): Promise<void> {
	const { adapter } = ctx.context;
	const reason = "unproven";
	try {
		for (const passkey of await listUsable(adapter, userId)) {
			if (!(await revoke(adapter, passkey, reason))) continue;
			await emit(ctx, { type: "passkey.revoked", userId, passkeyId: passkey.id, reason });
		}
	} catch (error) {
		// Without this, the address would stay verified and a later proof would not revoke the remaining passkeys.
		await adapter.update({
			model: "user",
			where: [{ field: "id", value: userId }],
			update: { emailVerified: false },
		});
		throw error;
	}
}
