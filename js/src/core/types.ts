import type { ATTESTATION_FORMATS, USER_VERIFICATION } from "./enumerations.js";

/** Bytes as text: base64url without padding, section 3. */
export type Base64URLString = string;

/** A COSE algorithm identifier: -7 is ES256, -8 EdDSA, -257 RS256. */
export type COSEAlgorithmIdentifier = number;

export type AuthenticatorAttachment = "cross-platform" | "platform";
export type AttestationConveyancePreference = "direct" | "enterprise" | "indirect" | "none";
export type PublicKeyCredentialHint = "client-device" | "hybrid" | "security-key";
export type ResidentKeyRequirement = "discouraged" | "preferred" | "required";
export type UserVerificationRequirement = (typeof USER_VERIFICATION)[number];

/** Whether a credential may leave its authenticator: the BE flag. */
export type CredentialDeviceType = "multiDevice" | "singleDevice";

/** Formats of attestation statements; which of them an entry of this package verifies is in its documentation. */
export type AttestationFormat = (typeof ATTESTATION_FORMATS)[number];

/** What `prf` derives its secrets from. */
export interface PRFValues<Bytes = Base64URLString> {
	first: Bytes;
	second?: Bytes | undefined;
}

/** Inputs of extensions by their identifiers, as JSON. Spec: 10; CTAP 12. Clients that take bytes name them in `Bytes`. */
export interface AuthenticationExtensionsClientInputs<Bytes = Base64URLString> {
	/** At sign-in: the app id under which U2F keys were registered. */
	appid?: string | undefined;
	/** At registration: tell whether the credential is discoverable. */
	credProps?: boolean | undefined;
	/** Secrets that belong to the credential, to encrypt with. Those of `evalByCredential` are for sign-in alone. */
	prf?:
		| { eval?: PRFValues<Bytes> | undefined; evalByCredential?: Record<Base64URLString, PRFValues<Bytes>> | undefined }
		| undefined;
	/** Bytes stored with the credential: `support` is for registration; to `read` or to `write` is for sign-in. */
	largeBlob?:
		| { support?: "preferred" | "required" | undefined; read?: boolean | undefined; write?: Bytes | undefined }
		| undefined;
	/** At registration: when the authenticator may use the credential without user verification. */
	credentialProtectionPolicy?: CredentialProtectionPolicy | undefined;
	/** Whether to make no credential where the authenticator cannot keep to that policy. */
	enforceCredentialProtectionPolicy?: boolean | undefined;
	/** At registration: tell how long PINs have to be. Authenticators tell only the sites they are set up for. */
	minPinLength?: boolean | undefined;
	[extension: string]: unknown;
}

export type CredentialProtectionPolicy =
	| "userVerificationOptional"
	| "userVerificationOptionalWithCredentialIDList"
	| "userVerificationRequired";

/** Outputs of client extensions by their identifiers, as JSON. Nothing signs them: they are what the client claims. */
export interface AuthenticationExtensionsClientOutputs<Bytes = Base64URLString> {
	appid?: boolean | undefined;
	/** `rk`: whether the credential is discoverable. */
	credProps?: { rk?: boolean | undefined } | undefined;
	/** `results` are secrets: they are for the client, and no server should see them. */
	prf?: { enabled?: boolean | undefined; results?: PRFValues<Bytes> | undefined } | undefined;
	largeBlob?: { supported?: boolean | undefined; blob?: Bytes | undefined; written?: boolean | undefined } | undefined;
	[extension: string]: unknown;
}

/**
 * Outputs of authenticator extensions by their identifiers, which the authenticator signs with the rest of its data.
 * Bytes are `Uint8Array`; integers beyond 2^53 are text.
 */
export interface AuthenticationExtensionsAuthenticatorOutputs {
	/** The policies of `credentialProtectionPolicy`, counted from 1. */
	credProtect?: number | undefined;
	minPinLength?: number | undefined;
	[extension: string]: unknown;
}

export interface AuthenticatorSelectionCriteria {
	authenticatorAttachment?: AuthenticatorAttachment | undefined;
	requireResidentKey?: boolean | undefined;
	residentKey?: ResidentKeyRequirement | undefined;
	userVerification?: UserVerificationRequirement | undefined;
}

export interface PublicKeyCredentialDescriptorJSON {
	id: Base64URLString;
	type: "public-key";
	transports?: string[] | undefined;
}

/** What `PublicKeyCredential.parseCreationOptionsFromJSON()` takes. Spec: 5.1.9. */
export interface PublicKeyCredentialCreationOptionsJSON {
	rp: { id: string; name: string };
	user: { id: Base64URLString; name: string; displayName: string };
	challenge: Base64URLString;
	pubKeyCredParams: { alg: COSEAlgorithmIdentifier; type: "public-key" }[];
	timeout?: number | undefined;
	excludeCredentials?: PublicKeyCredentialDescriptorJSON[] | undefined;
	authenticatorSelection?: AuthenticatorSelectionCriteria | undefined;
	hints?: PublicKeyCredentialHint[] | undefined;
	attestation?: AttestationConveyancePreference | undefined;
	attestationFormats?: AttestationFormat[] | undefined;
	extensions?: AuthenticationExtensionsClientInputs | undefined;
}

/** What `PublicKeyCredential.parseRequestOptionsFromJSON()` takes. Spec: 5.1.10. */
export interface PublicKeyCredentialRequestOptionsJSON {
	challenge: Base64URLString;
	timeout?: number | undefined;
	rpId?: string | undefined;
	allowCredentials?: PublicKeyCredentialDescriptorJSON[] | undefined;
	userVerification?: UserVerificationRequirement | undefined;
	hints?: PublicKeyCredentialHint[] | undefined;
	extensions?: AuthenticationExtensionsClientInputs | undefined;
}

/** What a new credential's `toJSON()` gives. Spec: 5.1, `RegistrationResponseJSON`. */
export interface RegistrationResponseJSON {
	id: Base64URLString;
	rawId: Base64URLString;
	type: "public-key";
	response: {
		clientDataJSON: Base64URLString;
		attestationObject: Base64URLString;
		authenticatorData?: Base64URLString | undefined;
		transports?: string[] | undefined;
		publicKeyAlgorithm?: COSEAlgorithmIdentifier | undefined;
		publicKey?: Base64URLString | undefined;
	};
	authenticatorAttachment?: AuthenticatorAttachment | undefined;
	clientExtensionResults: AuthenticationExtensionsClientOutputs;
}

/** What an assertion's `toJSON()` gives. Spec: 5.1, `AuthenticationResponseJSON`. */
export interface AuthenticationResponseJSON {
	id: Base64URLString;
	rawId: Base64URLString;
	type: "public-key";
	response: {
		clientDataJSON: Base64URLString;
		authenticatorData: Base64URLString;
		signature: Base64URLString;
		userHandle?: Base64URLString | null | undefined;
	};
	authenticatorAttachment?: AuthenticatorAttachment | undefined;
	clientExtensionResults: AuthenticationExtensionsClientOutputs;
}

/** What a relying party stores of a credential. */
export interface WebAuthnCredential {
	id: Base64URLString;
	/** The COSE key, as the registration's result has it. */
	publicKey: Uint8Array;
	/** The signature counter of the last ceremony. */
	counter: number;
	transports?: string[] | undefined;
	/** The BE flag at registration; if it is given, a changed one is refused (7.2 step 19). */
	backupEligible?: boolean | undefined;
}
