import { decodeBase64 } from "../../core/base64.js";
import type { PasskeyRow } from "../storage/passkeys.js";

const PURPOSE = "touchstone-webauthn user handle";

/** Every handle that authenticators hold for this user, as far as the table knows, in the order of their text. */
export function storedUserHandles(passkeys: readonly PasskeyRow[]): string[] {
	return [...new Set(passkeys.flatMap(({ userHandle }) => (userHandle ? [userHandle] : [])))].sort();
}

/**
 * The handle for new passkeys of this user: that of the passkeys there are, else the one that the user's first passkey
 * gets. The latter is derived, so that it is the same whenever it is asked for, and says nothing about the user to
 * whoever lacks the server's secret.
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

/** For whoever is not signed in: a handle that fits no account, or it would tell which one this is. */
export function randomUserHandle(): Uint8Array<ArrayBuffer> {
	return crypto.getRandomValues(new Uint8Array(32));
}
