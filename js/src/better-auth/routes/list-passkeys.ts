import { createAuthEndpoint, sessionMiddleware } from "better-auth/api";
import * as z from "zod";
import type { Passkey, PasskeyPage } from "../../shared/passkey.js";
import { paging, toList, toPage } from "../management/pagination.js";
import { documented } from "../openapi/openapi.js";
import { listAnswer } from "../openapi/response-schemas.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { listByUser, listUsable } from "../storage/passkeys.js";

const query = z
	.object({
		...paging,
		includeRevoked: z
			.union([z.boolean(), z.enum(["true", "false"])])
			.meta({ description: "Also list revoked passkeys" })
			.optional(),
	})
	.optional();

const openapi = documented({
	description: "List the passkeys of the signed-in user, or one page of them",
	answer: listAnswer,
});

export const listPasskeys = (options: ResolvedOptions) =>
	withPages(
		createAuthEndpoint(
			"/passkey/list-user-passkeys",
			{
				method: "GET",
				use: [sessionMiddleware],
				query,
				metadata: { openapi },
			},
			async (ctx) => {
				const { limit, offset, includeRevoked } = ctx.query ?? {};
				// User interfaces for the official plugin would show a revoked passkey as a working one.
				const find = String(includeRevoked) === "true" ? listByUser : listUsable;
				const list = toList(options, await find(ctx.context.adapter, ctx.context.session.user.id));
				const isPage = limit !== undefined || offset !== undefined;
				return ctx.json((isPage ? toPage(list, { limit, offset }) : list) as Passkey[]);
			},
		),
	);

/**
 * A call with `limit` or `offset` returns a page. Any other call returns the official plugin's array, as existing code
 * expects.
 */
function withPages<List extends (input: never) => Promise<Passkey[]>>(endpoint: List) {
	type Page = { query: { limit: number } | { offset: number } };
	return endpoint as unknown as ((input: Parameters<List>[0] & Page) => Promise<PasskeyPage>) & List;
}
