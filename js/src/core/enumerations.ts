// Values that types and checks share. They are in a separate file, because the entry points export all of types.ts.

/** Spec: 5.8.6. */
export const USER_VERIFICATION = ["required", "preferred", "discouraged"] as const;

/** Identifiers of attestation statement formats. Spec: 8. */
export const ATTESTATION_FORMATS = [
	"android-key",
	"android-safetynet",
	"apple",
	"compound",
	"fido-u2f",
	"none",
	"packed",
	"tpm",
] as const;
