import { WebAuthnError } from "./errors.js";
import type { Base64URLString } from "./types.js";

export function encodeBase64Url(bytes: Uint8Array): Base64URLString {
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A credential ID that the caller has stored; padding is taken off, anything else that is not base64url is refused. */
export function credentialId(field: string, id: string): Base64URLString {
	const trimmed = id.replace(/={1,2}$/, "");
	if (!/^[\w-]+$/.test(trimmed)) throw new WebAuthnError("POLICY_MALFORMED", { field });
	return trimmed;
}
