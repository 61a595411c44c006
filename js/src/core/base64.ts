import { WebAuthnError } from "./errors.js";
import type { Base64URLString } from "./types.js";

export function encodeBase64Url(bytes: Uint8Array): Base64URLString {
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A credential ID that the caller stored. Removes padding; refuses everything else that is not base64url. */
export function credentialId(field: string, id: string): Base64URLString {
	const trimmed = id.replace(/={1,2}$/, "");
	if (!/^[\w-]+$/.test(trimmed)) throw new WebAuthnError("POLICY_MALFORMED", { field });
	return trimmed;
}

/** Standard base64. The table stores public keys in this form. */
export function encodeBase64(bytes: Uint8Array): string {
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Reads base64 and base64url, padded or not. Throws a `DOMException` for anything else. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	const bytes = new Uint8Array(binary.length);
	// `Uint8Array.from` uses the string's iterator, which takes several times as long.
	for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
	return bytes;
}
