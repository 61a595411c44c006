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
import { WebAuthnError } from "./errors.js";
import { AUTHENTICATION_MEMBERS, addMembers, Message } from "./message.js";
import type {
	AuthenticationExtensionsClientInputs,
	AuthenticationResponseJSON,
	Base64URLString,
	PublicKeyCredentialRequestOptionsJSON,
	UserVerificationRequirement,
	WebAuthnCredential,
} from "./types.js";
import type { Core } from "./wasm.js";

export interface GenerateAuthenticationOptionsOpts {
	rpID: string;
	/** The user's credentials. If omitted, the client asks the user which credential to use. */
	allowCredentials?: { id: Base64URLString; transports?: string[] | undefined }[] | undefined;
	/**
	 * Text is encoded as UTF-8.
	 * @default 32 random bytes
	 */
	challenge?: string | Uint8Array | undefined;
	/** How long the client should wait, in milliseconds. @default 60000 */
	timeout?: number | undefined;
	/** @default "preferred" */
	userVerification?: UserVerificationRequirement | undefined;
	extensions?: AuthenticationExtensionsClientInputs | undefined;
}

/** Options for `navigator.credentials.get()`, as JSON. Store the challenge and verify only one response with it. */
export async function generateAuthenticationOptions(
	options: GenerateAuthenticationOptionsOpts,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
	const { challenge = randomBytes(), extensions } = options;
	// An empty list crashes some native clients, and it means the same as no list.
	const allowCredentials = options.allowCredentials?.length
		? options.allowCredentials.map((credential) => ({
				...credential,
				id: credentialId("allowCredentials", credential.id),
				type: "public-key" as const,
			}))
		: undefined;
	return {
		rpId: options.rpID,
		challenge: encodeBase64Url(typeof challenge === "string" ? new TextEncoder().encode(challenge) : challenge),
		timeout: options.timeout ?? 60_000,
		userVerification: options.userVerification ?? "preferred",
		...(allowCredentials && { allowCredentials }),
		...(extensions && { extensions }),
	};
}

export interface VerifyAuthenticationResponseOpts extends CeremonyExpectations {
	response: AuthenticationResponseJSON;
	/** The accepted RP IDs. */
	expectedRPID: string | string[];
	/** The stored record of the credential that the response names. */
	credential: WebAuthnCredential;
	/** The user handle of the credential's owner. A response with a different user handle is refused (7.2 step 6). */
	expectedUserHandle?: Base64URLString | null | undefined;
	/** The IDs of the options' `allowCredentials`. Any other credential is refused (7.2 step 5). */
	allowCredentials?: Base64URLString[] | undefined;
	/**
	 * What happens when the signature counter did not increase (7.2 step 22).
	 * @default "reject"
	 */
	counterPolicy?: "reject" | "report" | undefined;
	/**
	 * What happens when backup eligibility differs from `credential.backupEligible` (7.2 step 19). Some password managers
	 * change it for passkeys that exist.
	 * @default "reject"
	 */
	backupEligibilityPolicy?: "reject" | "report" | undefined;
	/** `userVerification` replaces `requireUserVerification`: only "required" makes user verification necessary. */
	advancedFIDOConfig?: { userVerification?: UserVerificationRequirement | undefined } | undefined;
}

/** A verified assertion. There is no other result: every failure throws. */
export interface VerifiedAuthenticationResponse {
	verified: true;
	authenticationInfo: CommonInfo & {
		credentialID: Base64URLString;
		/** Store it with the credential, but only if the stored counter is still the one that you read. */
		newCounter: number;
		/** True only with the counter policy "report". */
		counterRegressed: boolean;
		/** True only with the backup eligibility policy "report". Store `credentialDeviceType` with the credential then. */
		backupEligibilityChanged: boolean;
	};
}

export async function verifyAuthentication(
	core: Core,
	options: VerifyAuthenticationResponseOpts,
): Promise<VerifiedAuthenticationResponse> {
	return verify(core, options, await resolveChallenge(core, options));
}

export function verifyAuthenticationSync(
	core: Core,
	options: VerifyAuthenticationResponseOpts,
): VerifiedAuthenticationResponse {
	return verify(core, options, resolveChallengeSync(core, options));
}

function verify(
	core: Core,
	options: VerifyAuthenticationResponseOpts,
	challenge: string,
): VerifiedAuthenticationResponse {
	const { credential } = options;
	const publicKey = credential?.publicKey;
	if (!ArrayBuffer.isView(publicKey)) throw new WebAuthnError("POLICY_MALFORMED", { field: "credential.publicKey" });
	const { userVerification } = options.advancedFIDOConfig ?? {};
	const policy = {
		...commonPolicy(options, "webauthn.get", challenge, list(options.expectedRPID)),
		...(userVerification && { requireUserVerification: userVerification === "required" }),
	};
	const message = new Message();
	addPolicy(message, policy);
	message.texts(options.allowCredentials ?? []);
	message.flag(options.counterPolicy === "report");
	message.flag(options.backupEligibilityPolicy === "report");
	addRecord(message, credential, options.expectedUserHandle);
	const clientData = addMembers(message, options.response, AUTHENTICATION_MEMBERS);
	const [text, extensions] = explainOrigin(core, clientData, policy, () =>
		core.call<AuthenticationAnswer>((glue) => glue.verify_authentication(message.bytes(), publicKey)),
	);
	const [common, values] = openAnswer(text, extensions);
	const [counter, counterRegressed, backupEligibilityChanged] = values as AuthenticationValues;
	return {
		verified: true,
		authenticationInfo: {
			credentialID: credential.id,
			newCounter: Number(counter),
			counterRegressed: counterRegressed === "1",
			backupEligibilityChanged: backupEligibilityChanged === "1",
			...common,
		},
	};
}

function addRecord(
	message: Message,
	credential: WebAuthnCredential,
	userHandle: Base64URLString | null | undefined,
): void {
	message.text(credential.id, "credential");
	message.integer(credential.counter, "credential", 0, 0xffff_ffff);
	message.optionalFlag(credential.backupEligible, "credential");
	message.texts(userHandle === null || userHandle === undefined ? [] : [userHandle], "credential");
}

/** `authentication` in src/wasm/answer.rs writes it. */
type AuthenticationAnswer = [text: string, extensions: Map<unknown, unknown> | undefined];
type AuthenticationValues = [counter: string, counterRegressed: string, backupEligibilityChanged: string];
