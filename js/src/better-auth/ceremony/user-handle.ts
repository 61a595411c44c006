import { decodeBase64 } from "../../core/base64.js";
import type { PasskeyRow } from "../storage/passkeys.js";

const PURPOSE = "touchstone-webauthn user handle";

/** Returns every user handle that the table has for this user, sorted as text. */
export function storedUserHandles(passkeys: readonly PasskeyRow[]): string[] {
	return [...new Set(passkeys.flatMap(({ userHandle }) => (userHandle ? [userHandle] : [])))].sort();
}

/**
 * Returns the user handle for new passkeys of this user: the handle of an existing passkey, or a derived handle for the
 * user's first passkey. The derived handle is always the same. Without the server's secret it reveals nothing about the
 * user.
 */
export async function resolveUserHandle(
	secret: string,
	userId: string,
	passkeys: readonly PasskeyRow[],
): Promise<Uint8Array<ArrayBuffer>> {
	const [stored] = storedUserHandles(passkeys);
	if (stored) return decodeBase64(stored);
	const encode = (text: string) => new TextEncoder().encode(text);
	const key = await crypto.subtle.importKey("raw", encode(secret), "HKDF", false, ["deriveBits"]);
	const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encode(`${PURPOSE}\0${userId}`) };
	return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256));
}

/**
 * Returns a handle for a caller who is not signed in. It is random, because a derived handle would identify the
 * account.
 */
export function randomUserHandle(): Uint8Array<ArrayBuffer> {
	return crypto.getRandomValues(new Uint8Array(32));
}
