import type { GenericEndpointContext } from "better-auth";
import { generateRandomString } from "better-auth/crypto";
import { removeGuarded } from "./conditional-write.js";

/**
 * What the identifiers of the plugin's own values in Better Auth's verification store begin with: a token that another
 * plugin's signed cookie carries names none of them, nor the reverse, and a clean-up knows which are its own.
 */
export const OURS = "passkey-";

const TOKEN = /^[\w-]{32}$/;

/** Characters of base64url, from the system's randomness: 192 bits. */
export function createToken(): string {
	return generateRandomString(32);
}

/** Whether a client sent what could be one. */
export function isToken(value: unknown): value is string {
	return typeof value === "string" && TOKEN.test(value);
}

/**
 * Takes a value out of Better Auth's verification store: of several requests at once, one gets it. Null where it was never
 * stored, is taken already or is expired.
 *
 * Better Auth's own function reads the newest of the rows with one identifier, deletes the others, then that one, within a
 * transaction. Our identifiers are random, so there is one row at most, and one statement does it.
 */
export async function takeOnce(ctx: GenericEndpointContext, identifier: string): Promise<string | null> {
	const { adapter, internalAdapter, options } = ctx.context;
	const { storeIdentifier } = options.verification ?? {};
	const isOneRow = !options.secondaryStorage && (storeIdentifier === undefined || storeIdentifier === "plain");
	const stored = isOneRow
		? await removeGuarded<{ value: string; expiresAt: Date }>(adapter, {
				model: "verification",
				where: [{ field: "identifier", value: identifier }],
			})
		: await internalAdapter.consumeVerificationValue(identifier);
	return stored && new Date(stored.expiresAt).getTime() > Date.now() ? stored.value : null;
}

export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
