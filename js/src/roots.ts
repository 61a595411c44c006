/**
 * Root certificates that attestations and FIDO's metadata lead to, as their owners publish them. Nothing trusts them by
 * itself: pass the `certificate` of those you choose as `trustAnchors`.
 *
 * To check an entry, or a new one, get the certificate from its `source` and compare what this prints with `sha256` and
 * `expires` (add `-inform DER` where the file is not PEM):
 *
 *     openssl x509 -in root.pem -noout -subject -issuer -enddate -fingerprint -sha256
 *
 * and see that it signed itself: `openssl verify -no_check_time -check_ss_sig -CAfile root.pem root.pem`. The bytes are
 * compared with `openssl x509 -in root.pem`, which prints the `certificate`.
 * @module
 */
export { appleWebAuthnRoots } from "./roots/apple.js";
export type { AttestationRoot } from "./roots/attestation-root.js";
export { fidoMetadataRoots, safetyNetRoots } from "./roots/globalsign.js";
export { googleHardwareRoots } from "./roots/google.js";
export { microsoftTpmRoots } from "./roots/microsoft.js";
