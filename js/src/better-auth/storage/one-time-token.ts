import type { GenericEndpointContext } from "better-auth";
import { generateRandomString } from "better-auth/crypto";
import { removeGuarded } from "./conditional-write.js";

/**
 * The prefix of this plugin's identifiers in Better Auth's verification store. With it, a token from another plugin's
 * signed cookie cannot match a value of this plugin, nor the reverse, and the clean-up recognizes its own values.
 */
export const OURS = "passkey-";

const TOKEN = /^[\w-]{32}$/;

/** Creates a random token of 192 bits in base64url, from the system's secure random source. */
export function createToken(): string {
	return generateRandomString(32);
}

/** Whether a client's value has the form of a token. */
export function isToken(value: unknown): value is string {
	return typeof value === "string" && TOKEN.test(value);
}

/**
 * Removes a value from Better Auth's verification store and returns it. Of several concurrent requests, one gets the
 * value. Returns null if the value was never stored, is already used or has expired.
 *
 * Better Auth's own function uses a transaction, because several rows may have one identifier. Our identifiers are
 * random, so there is at most one row, and one statement is enough.
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
