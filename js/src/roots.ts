/**
 * Root certificates for attestations and for FIDO's metadata, as their owners publish them. They are not trusted by
 * default: choose some, and pass their `certificate` as `trustAnchors`.
 *
 * To check an entry, or a new one, download the certificate from its `source`. Compare the output of this command with
 * `sha256` and `expires` (add `-inform DER` if the file is not PEM):
 *
 *     openssl x509 -in root.pem -noout -subject -issuer -enddate -fingerprint -sha256
 *
 * Check that it signed itself: `openssl verify -no_check_time -check_ss_sig -CAfile root.pem root.pem`. To compare the
 * bytes, run `openssl x509 -in root.pem`, which prints the `certificate`.
 * @module
 */
export { appleWebAuthnRoots } from "./roots/apple.js";
export type { AttestationRoot } from "./roots/attestation-root.js";
export { fidoMetadataRoots, safetyNetRoots } from "./roots/globalsign.js";
export { googleHardwareRoots } from "./roots/google.js";
export { microsoftTpmRoots } from "./roots/microsoft.js";
