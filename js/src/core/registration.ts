import { credentialId, encodeBase64Url } from "./base64.js";
import {
	addPolicy,
	type CeremonyExpectations,
	type CommonInfo,
	commonPolicy,
	explainOrigin,
	list,
	openAnswer,
	randomBytes,
	resolveChallenge,
	resolveChallengeSync,
} from "./ceremony.js";
import { addMembers, Message, REGISTRATION_MEMBERS } from "./message.js";
import { webHosts } from "./origin.js";
import type {
	AttestationConveyancePreference,
	AttestationFormat,
	AuthenticationExtensionsClientInputs,
	AuthenticatorAttachment,
	AuthenticatorSelectionCriteria,
	Base64URLString,
	COSEAlgorithmIdentifier,
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialHint,
	RegistrationResponseJSON,
	WebAuthnCredential,
} from "./types.js";
import type { Core } from "./wasm.js";

/** EdDSA, ES256 and RS256. Every common authenticator supports at least one of them. */
export const DEFAULT_ALGORITHMS: readonly COSEAlgorithmIdentifier[] = [-8, -7, -257];

export interface GenerateRegistrationOptionsOpts {
	rpName: string;
	rpID: string;
	/** The name by which the user knows the account. Authenticators show it. */
	userName: string;
	/**
	 * The user handle: 1 to 64 bytes without personal data. Store it, and reuse it for the same user.
	 * @default 32 random bytes
	 */
	userID?: Uint8Array | undefined;
	/**
	 * Text is encoded as UTF-8.
	 * @default 32 random bytes
	 */
	challenge?: string | Uint8Array | undefined;
	/** @default "" */
	userDisplayName?: string | undefined;
	/** How long the client should wait, in milliseconds. @default 60000 */
	timeout?: number | undefined;
	/** @default "none" */
	attestationType?: AttestationConveyancePreference | undefined;
	/** The preferred attestation statement formats, the most preferred first. */
	attestationFormats?: AttestationFormat[] | undefined;
	/** All credentials of the user, so that an authenticator does not create a second one. @default [] */
	excludeCredentials?: { id: Base64URLString; transports?: string[] | undefined }[] | undefined;
	/** @default { residentKey: "preferred", userVerification: "preferred" } */
	authenticatorSelection?: AuthenticatorSelectionCriteria | undefined;
	extensions?: AuthenticationExtensionsClientInputs | undefined;
	/** @default [-8, -7, -257] */
	supportedAlgorithmIDs?: COSEAlgorithmIdentifier[] | undefined;
	/** The kind of authenticator that the client should suggest first. */
	preferredAuthenticatorType?: "localDevice" | "remoteDevice" | "securityKey" | undefined;
}

/** Options for `navigator.credentials.create()`, as JSON. Store the challenge and verify only one response with it. */
export async function generateRegistrationOptions(
	options: GenerateRegistrationOptionsOpts,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
	const { challenge = randomBytes(), userID = randomBytes(), preferredAuthenticatorType } = options;
	const preferred = preferredAuthenticatorType && AUTHENTICATOR_TYPES[preferredAuthenticatorType];
	return {
		challenge: encodeBase64Url(typeof challenge === "string" ? new TextEncoder().encode(challenge) : challenge),
		rp: { name: options.rpName, id: options.rpID },
		user: {
			id: encodeBase64Url(userID),
			name: options.userName,
			displayName: options.userDisplayName ?? "",
		},
		pubKeyCredParams: (options.supportedAlgorithmIDs ?? DEFAULT_ALGORITHMS).map((alg) => ({ alg, type: "public-key" })),
		timeout: options.timeout ?? 60_000,
		attestation: options.attestationType ?? "none",
		...(options.attestationFormats?.length && { attestationFormats: [...options.attestationFormats] }),
		excludeCredentials: (options.excludeCredentials ?? []).map((credential) => ({
			...credential,
			id: credentialId("excludeCredentials", credential.id),
			type: "public-key",
		})),
		authenticatorSelection: selection(options.authenticatorSelection, preferred?.attachment),
		extensions: { ...options.extensions, credProps: true },
		hints: preferred ? [preferred.hint] : [],
	};
}

const AUTHENTICATOR_TYPES: Record<string, { hint: PublicKeyCredentialHint; attachment: AuthenticatorAttachment }> = {
	securityKey: { hint: "security-key", attachment: "cross-platform" },
	localDevice: { hint: "client-device", attachment: "platform" },
	remoteDevice: { hint: "hybrid", attachment: "cross-platform" },
};

// 5.4.4: the older `requireResidentKey` repeats `residentKey`, because some clients know only one of them.
function selection(
	given: AuthenticatorSelectionCriteria = { residentKey: "preferred", userVerification: "preferred" },
	attachment: AuthenticatorAttachment | undefined,
): AuthenticatorSelectionCriteria {
	const residentKey = given.residentKey ?? (given.requireResidentKey ? "required" : undefined);
	return {
		...given,
		...(residentKey && { residentKey, requireResidentKey: residentKey === "required" }),
		...(attachment && { authenticatorAttachment: attachment }),
	};
}

export interface VerifyRegistrationResponseOpts extends CeremonyExpectations {
	response: RegistrationResponseJSON;
	/**
	 * The accepted RP IDs.
	 * @default the hosts of the web origins in `expectedOrigin`, as clients do if the options have no RP ID (5.4.2)
	 */
	expectedRPID?: string | string[] | undefined;
	/**
	 * Whether the user must have been present. A conditional registration does not need it.
	 * @default true
	 */
	requireUserPresence?: boolean | undefined;
	/** The algorithms that were offered. @default [-8, -7, -257] */
	supportedAlgorithmIDs?: COSEAlgorithmIdentifier[] | undefined;
	/** Only for the SafetyNet format, which this entry point does not verify. */
	attestationSafetyNetEnforceCTSCheck?: boolean | undefined;
}

/** The result of verifying the attestation. Spec: 7.1 step 24. */
export interface Attestation {
	format: AttestationFormat;
	/** The type that the statement claims. It is proved only if `trusted` is true. Spec: 6.5.3. */
	type: AttestationType;
	/** Whether the statement's certificates lead to one of the trust anchors. */
	trusted: boolean;
	/** That trust anchor, as DER. */
	anchor?: Uint8Array;
	aaguid: string;
	/** The statement's certificates as DER, the leaf first. */
	certificates: Uint8Array[];
}

export type AttestationType = "none" | "self" | "basic" | "attca" | "anonca";

/** A verified registration. There is no other result: every failure throws. */
export interface VerifiedRegistrationResponse {
	verified: true;
	registrationInfo: CommonInfo & {
		fmt: AttestationFormat;
		/** The type of the attestation. Spec: 6.5.3. */
		attestationType: AttestationType;
		/** The attestation in full, and whether it is trusted. */
		attestation: Attestation;
		/** The authenticator's model; zeros if the authenticator does not reveal it. */
		aaguid: string;
		/** What to store. */
		credential: WebAuthnCredential;
		/** The COSE algorithm of the credential's key. */
		algorithm: COSEAlgorithmIdentifier;
		credentialType: "public-key";
		attestationObject: Uint8Array;
	};
}

/** How to verify with one core: adds the attestation options that this core reads, and calls it. */
export interface RegistrationCore<O> {
	core: Core;
	addAttestation(message: Message, options: O): void;
	verify(message: Uint8Array): RegistrationAnswer;
}

export async function verifyRegistration<O extends VerifyRegistrationResponseOpts>(
	verifier: RegistrationCore<O>,
	options: O,
): Promise<VerifiedRegistrationResponse> {
	return verify(verifier, options, await resolveChallenge(verifier.core, options));
}

export function verifyRegistrationSync<O extends VerifyRegistrationResponseOpts>(
	verifier: RegistrationCore<O>,
	options: O,
): VerifiedRegistrationResponse {
	return verify(verifier, options, resolveChallengeSync(verifier.core, options));
}

function verify<O extends VerifyRegistrationResponseOpts>(
	{ core, addAttestation, verify }: RegistrationCore<O>,
	options: O,
	challenge: string,
): VerifiedRegistrationResponse {
	const { response } = options;
	const rpIds =
		options.expectedRPID === undefined ? webHosts(list(options.expectedOrigin)) : list(options.expectedRPID);
	const policy = commonPolicy(options, "webauthn.create", challenge, rpIds);
	const message = new Message();
	addPolicy(message, policy);
	message.flag(options.requireUserPresence ?? true);
	message.integers(options.supportedAlgorithmIDs ?? DEFAULT_ALGORITHMS);
	addAttestation(message, options);
	const clientData = addMembers(message, response, REGISTRATION_MEMBERS);
	const answer = explainOrigin(core, clientData, policy, () => verify(message.bytes()));
	const [text, extensions, publicKey, attestationObject, certificates = [], anchor] = answer;
	const [common, values] = openAnswer(text, extensions);
	const [counter, id, algorithm, aaguid, fmt, attestationType, trusted] = values as RegistrationValues;
	return {
		verified: true,
		registrationInfo: {
			fmt,
			attestationType,
			aaguid,
			attestation: {
				format: fmt,
				type: attestationType,
				trusted: trusted === "1",
				...(anchor && { anchor }),
				aaguid,
				certificates,
			},
			credential: {
				id,
				publicKey,
				counter: Number(counter),
				transports: response.response.transports,
				backupEligible: common.credentialDeviceType === "multiDevice",
			},
			algorithm: Number(algorithm),
			credentialType: "public-key",
			attestationObject,
			...common,
		},
	};
}

/** `registration` in src/wasm/answer.rs writes it. */
export type RegistrationAnswer = [
	text: string,
	extensions: Map<unknown, unknown> | undefined,
	publicKey: Uint8Array,
	attestationObject: Uint8Array,
	// Only if the statement has certificates.
	certificates?: Uint8Array[],
	anchor?: Uint8Array,
];
type RegistrationValues = [
	counter: string,
	credentialId: string,
	algorithm: string,
	aaguid: string,
	format: AttestationFormat,
	attestationType: AttestationType,
	trusted: string,
];
