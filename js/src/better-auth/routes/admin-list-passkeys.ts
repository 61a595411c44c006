import { APIError, createAuthEndpoint } from "better-auth/api";
import * as z from "zod";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { requireAdmin } from "../management/admin.js";
import { paging, toList, toPage } from "../management/pagination.js";
import { documented } from "../openapi/openapi.js";
import { pageAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { listByUser } from "../storage/passkeys.js";

const query = z.object({
	userId: z.string().min(1).max(255).meta({ description: "The ID of the user whose passkeys are listed" }),
	...paging,
});

const openapi = documented({
	description: "List the passkeys of any user, as an administrator",
	answer: pageAnswer,
	refusals: { 403: ["NOT_ALLOWED"], 404: ["USER_NOT_FOUND"] },
});

/** The list includes revoked passkeys. */
export const adminListPasskeys = (options: ResolvedOptions) =>
	createAuthEndpoint(
		"/passkey/admin/list-user-passkeys",
		{
			method: "GET",
			query,
			metadata: { openapi },
		},
		async (ctx) => {
			await requireAdmin(ctx, { user: ["get"] });
			// Databases throw for an ID that the column cannot hold. No user has such an ID.
			const user = await ctx.context.internalAdapter.findUserById(ctx.query.userId).catch(() => null);
			if (!user) throw APIError.from("NOT_FOUND", PASSKEY_ERROR_CODES.USER_NOT_FOUND);
			return ctx.json(toPage(toList(options, await listByUser(ctx.context.adapter, user.id)), ctx.query));
		},
	);
