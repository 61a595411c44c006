import * as z from "zod";
import type { Passkey, PasskeyPage } from "../../shared/passkey.js";
import type { Authenticators } from "../options/authenticators.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { type PasskeyRow, toPasskey } from "../storage/passkeys.js";

const LONGEST_PAGE = 100;

/** In a URL, numbers are text. In a call on the server, they are numbers. */
export const paging = {
	limit: z.coerce
		.number<number>()
		.int()
		.min(1)
		.max(LONGEST_PAGE)
		.meta({ description: "The number of passkeys in one page" })
		.optional(),
	offset: z.coerce
		.number<number>()
		.int()
		.min(0)
		.meta({ description: "The nextOffset of the previous page" })
		.optional(),
};

/** Sorts by age, oldest first: databases guarantee no order, and pages need one. */
export function toList(options: ResolvedOptions, rows: readonly PasskeyRow[]): Passkey[] {
	const madeAt = ({ createdAt }: PasskeyRow) => (createdAt ? new Date(createdAt).getTime() : 0);
	return [...rows]
		.sort((a, b) => madeAt(a) - madeAt(b) || (a.id < b.id ? -1 : 1))
		.map((row) => withProvider(options.authenticators, toPasskey(row)));
}

/** Cuts the page out of the full list: a user has few passkeys, and adapters cannot sort by two columns. */
export function toPage(
	list: Passkey[],
	{ limit = LONGEST_PAGE, offset = 0 }: { limit?: number | undefined; offset?: number | undefined },
): PasskeyPage {
	const end = offset + limit;
	return { passkeys: list.slice(offset, end), nextOffset: end < list.length ? end : null, total: list.length };
}

/** Adds the provider if the AAGUID is known. Rows store only the AAGUID, so names can change later. */
function withProvider(authenticators: Authenticators, passkey: Passkey): Passkey {
	const key = passkey.aaguid?.trim().toLowerCase();
	const found = key && Object.hasOwn(authenticators, key) ? authenticators[key] : undefined;
	if (!found) return passkey;
	return { ...passkey, provider: typeof found === "string" ? { name: found } : found };
}
