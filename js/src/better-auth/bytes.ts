/** Standard base64, the form in which the table holds public keys. */
export function encodeBase64(bytes: Uint8Array): string {
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Reads base64 and base64url, padded or not. Throws a `DOMException` for anything else. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	const bytes = new Uint8Array(binary.length);
	// `Uint8Array.from` goes through the string's iterator, which takes several times as long.
	for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
	return bytes;
}
