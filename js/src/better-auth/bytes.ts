/** Standard base64, the form in which the table holds public keys. */
export function encodeBase64(bytes: Uint8Array): string {
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Reads base64 and base64url, padded or not. Throws a `DOMException` for anything else. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
	const standard = text.replaceAll("-", "+").replaceAll("_", "/");
	return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
}
