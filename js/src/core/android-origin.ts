import { encodeBase64Url } from "./base64url.js";
import { WebAuthnError } from "./errors.js";

/**
 * The origins that Android apps signed with one certificate write into client data, for `expectedOrigin`.
 *
 * @param fingerprint SHA-256 of the signing certificate in hex, with or without colons, as `keytool` and the Play
 * console print it. An app on Play has two: that of the upload key and that of the key that Play signs with.
 * @throws WebAuthnError POLICY_MALFORMED
 */
export function androidOrigin(fingerprint: string): [string, string] {
	const hex = fingerprint.replaceAll(":", "");
	if (!/^[0-9a-f]{64}$/i.test(hex)) throw new WebAuthnError("POLICY_MALFORMED", { field: "fingerprint" });
	const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
	const hash = encodeBase64Url(bytes);
	return [`android:apk-key-hash:${hash}`, `android:apk-key-hash-sha256:${hash}`];
}
