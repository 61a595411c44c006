import { encodeBase64Url } from "./base64.js";
import { WebAuthnError } from "./errors.js";

/**
 * The origins that Android apps write into client data, for `expectedOrigin`. They depend on the certificate that signs
 * the app.
 *
 * @param fingerprint SHA-256 of the signing certificate. It may be hex with or without colons, as `keytool` and the Play
 * console print it, or base64, or base64url. An app on Play has two certificates: one for the upload key, and one for the
 * key that Play signs with.
 * @throws WebAuthnError POLICY_MALFORMED
 */
export function androidOrigin(fingerprint: string): [string, string] {
	const bytes = fingerprintBytes(fingerprint);
	if (!bytes) throw new WebAuthnError("POLICY_MALFORMED", { field: "fingerprint" });
	const hash = encodeBase64Url(bytes);
	return [`android:apk-key-hash:${hash}`, `android:apk-key-hash-sha256:${hash}`];
}

/** The 32 bytes of a certificate's SHA-256 in any of the forms above; null if the text is not valid. */
export function fingerprintBytes(fingerprint: unknown): Uint8Array | null {
	if (typeof fingerprint !== "string") return null;
	const text = fingerprint.trim();
	if (/^([0-9a-f]{64}|[0-9a-f]{2}(:[0-9a-f]{2}){31})$/i.test(text)) {
		return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (byte) => Number.parseInt(byte, 16));
	}
	const base64 = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=$/, "");
	// The last of 43 characters carries four bits and two zero bits. Other characters there are copying mistakes.
	if (!/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/.test(base64)) return null;
	return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
