import type { BetterAuthOptions, GenericEndpointContext, User } from "better-auth";
import { emit } from "../reporting/events.js";
import { listUsable, revoke } from "../storage/passkeys.js";

type DatabaseHooks = NonNullable<BetterAuthOptions["databaseHooks"]>;

/** Where Better Auth lets in the owner of an address, and takes from its account what it had before that proof. */
const PROOFS: ReadonlySet<string | undefined> = new Set(["/magic-link/verify", "/sign-in/email-otp"]);

/**
 * An account with an address that nobody proved may be somebody else's than the owner of that address, who planted a
 * passkey in it and waits. When the owner comes, by a link or code that was sent there, Better Auth removes the password,
 * linked accounts and sessions of the account; this revokes its passkeys.
 */
export function revokeUnproven(): DatabaseHooks {
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
		// Or the next proof would find an account that needs none.
		await adapter.update({
			model: "user",
			where: [{ field: "id", value: userId }],
			update: { emailVerified: false },
		});
		throw error;
	}
}
