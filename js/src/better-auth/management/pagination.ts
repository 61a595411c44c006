import * as z from "zod";
import type { Passkey, PasskeyPage } from "../../shared/passkey.js";
import type { Authenticators } from "../options/authenticators.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { type PasskeyRow, toPasskey } from "../storage/passkeys.js";

const LONGEST_PAGE = 100;

/** Numbers and booleans come as text in an address, and as themselves from calls on the server. */
export const paging = {
	limit: z.coerce
		.number<number>()
		.int()
		.min(1)
		.max(LONGEST_PAGE)
		.meta({ description: "Passkeys in one page" })
		.optional(),
	offset: z.coerce.number<number>().int().min(0).meta({ description: "The nextOffset of the page before" }).optional(),
};

/** Oldest first: databases promise no order, and pages need one. */
export function toList(options: ResolvedOptions, rows: readonly PasskeyRow[]): Passkey[] {
	const madeAt = ({ createdAt }: PasskeyRow) => (createdAt ? new Date(createdAt).getTime() : 0);
	return [...rows]
		.sort((a, b) => madeAt(a) - madeAt(b) || (a.id < b.id ? -1 : 1))
		.map((row) => withProvider(options.authenticators, toPasskey(row)));
}

/** A user's passkeys are few and read as a whole; adapters cannot order by two columns. */
export function toPage(
	list: Passkey[],
	{ limit = LONGEST_PAGE, offset = 0 }: { limit?: number | undefined; offset?: number | undefined },
): PasskeyPage {
	const end = offset + limit;
	return { passkeys: list.slice(offset, end), nextOffset: end < list.length ? end : null, total: list.length };
}

/** The passkey with its provider, unless nobody knows the AAGUID. Rows keep the AAGUID alone, so that names can change. */
function withProvider(authenticators: Authenticators, passkey: Passkey): Passkey {
	const key = passkey.aaguid?.trim().toLowerCase();
	const found = key && Object.hasOwn(authenticators, key) ? authenticators[key] : undefined;
	if (!found) return passkey;
	return { ...passkey, provider: typeof found === "string" ? { name: found } : found };
}
