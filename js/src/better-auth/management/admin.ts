import type { AuthContext, GenericEndpointContext, Session } from "better-auth";
import { APIError } from "better-auth/api";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { requireSession } from "../ceremony/session.js";

interface AdminPlugin {
	endpoints: {
		userHasPermission(input: {
			headers: Headers | undefined;
			request: Request | undefined;
			context: AuthContext;
			body: { permissions: Record<string, string[]> };
		}): Promise<{ success: boolean }>;
	};
}

/**
 * Checks with Better Auth's admin plugin that the caller has these permissions, and returns the caller's ID. The
 * plugin's roles, access control and list of administrators decide. Without that plugin the endpoint does not exist.
 */
export async function requireAdmin(
	ctx: GenericEndpointContext,
	permissions: Record<string, string[]>,
): Promise<string> {
	const plugin = ctx.context.getPlugin("admin") as unknown as AdminPlugin | null;
	if (!plugin) throw new APIError("NOT_FOUND");
	const session = await requireSession(ctx);
	const { headers, request, context } = ctx;
	const { success } = await plugin.endpoints.userHasPermission({ headers, request, context, body: { permissions } });
	if (!success) throw APIError.from("FORBIDDEN", PASSKEY_ERROR_CODES.NOT_ALLOWED);
	// If one administrator impersonates another, the first one is responsible.
	const { impersonatedBy }: Session & { impersonatedBy?: string | null } = session.session;
	return impersonatedBy || session.user.id;
}
