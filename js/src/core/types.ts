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

/** Whether a credential can be backed up and used on several devices: the BE flag. */
export type CredentialDeviceType = "multiDevice" | "singleDevice";

/** Attestation statement formats. The documentation of each entry point says which of them it verifies. */
export type AttestationFormat = (typeof ATTESTATION_FORMATS)[number];

/** The inputs from which `prf` derives its secrets. */
export interface PRFValues<Bytes = Base64URLString> {
	first: Bytes;
	second?: Bytes | undefined;
}

/** Extension inputs by identifier, as JSON. Spec: 10; CTAP 12. `Bytes` is the type that a client uses for bytes. */
export interface AuthenticationExtensionsClientInputs<Bytes = Base64URLString> {
	/** At sign-in: the AppID under which U2F keys were registered. */
	appid?: string | undefined;
	/** At registration: whether to report if the credential is discoverable. */
	credProps?: boolean | undefined;
	/** Derives secrets from the credential, for encryption. `evalByCredential` is only for sign-in. */
	prf?:
		| { eval?: PRFValues<Bytes> | undefined; evalByCredential?: Record<Base64URLString, PRFValues<Bytes>> | undefined }
		| undefined;
	/** Bytes stored with the credential. `support` is for registration; `read` and `write` are for sign-in. */
	largeBlob?:
		| { support?: "preferred" | "required" | undefined; read?: boolean | undefined; write?: Bytes | undefined }
		| undefined;
	/** At registration: when the authenticator may use the credential without user verification. */
	credentialProtectionPolicy?: CredentialProtectionPolicy | undefined;
	/** Whether registration fails if the authenticator does not support that policy. */
	enforceCredentialProtectionPolicy?: boolean | undefined;
	/** At registration: whether to report the minimum PIN length. Authenticators report it only to configured sites. */
	minPinLength?: boolean | undefined;
	[extension: string]: unknown;
}

export type CredentialProtectionPolicy =
	| "userVerificationOptional"
	| "userVerificationOptionalWithCredentialIDList"
	| "userVerificationRequired";

/** Client extension outputs by identifier, as JSON. They are not signed: they are only the client's claims. */
export interface AuthenticationExtensionsClientOutputs<Bytes = Base64URLString> {
	appid?: boolean | undefined;
	/** `rk`: whether the credential is discoverable. */
	credProps?: { rk?: boolean | undefined } | undefined;
	/** `results` are secrets for the client. Do not send them to a server. */
	prf?: { enabled?: boolean | undefined; results?: PRFValues<Bytes> | undefined } | undefined;
	largeBlob?: { supported?: boolean | undefined; blob?: Bytes | undefined; written?: boolean | undefined } | undefined;
	[extension: string]: unknown;
}

/**
 * Authenticator extension outputs by identifier. The authenticator signs them with the rest of its data. Bytes are
 * `Uint8Array`; integers beyond 2^53 are text.
 */
export interface AuthenticationExtensionsAuthenticatorOutputs {
	/** The number of the `credentialProtectionPolicy`, counted from 1. */
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

/** The argument of `PublicKeyCredential.parseCreationOptionsFromJSON()`. Spec: 5.1.9. */
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

/** The argument of `PublicKeyCredential.parseRequestOptionsFromJSON()`. Spec: 5.1.10. */
export interface PublicKeyCredentialRequestOptionsJSON {
	challenge: Base64URLString;
	timeout?: number | undefined;
	rpId?: string | undefined;
	allowCredentials?: PublicKeyCredentialDescriptorJSON[] | undefined;
	userVerification?: UserVerificationRequirement | undefined;
	hints?: PublicKeyCredentialHint[] | undefined;
	extensions?: AuthenticationExtensionsClientInputs | undefined;
}

/** The result of a new credential's `toJSON()`. Spec: 5.1, `RegistrationResponseJSON`. */
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

/** The result of an assertion's `toJSON()`. Spec: 5.1, `AuthenticationResponseJSON`. */
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

/** The credential record that a relying party stores. */
export interface WebAuthnCredential {
	id: Base64URLString;
	/** The COSE key, as in the result of the registration. */
	publicKey: Uint8Array;
	/** The signature counter of the last ceremony. */
	counter: number;
	transports?: string[] | undefined;
	/** The BE flag at registration. If it is given, an assertion with a different flag is refused (7.2 step 19). */
	backupEligible?: boolean | undefined;
}
