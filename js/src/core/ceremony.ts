import { decodeClientData, objectFromMap } from "./decoders.js";
import { WebAuthnError } from "./errors.js";
import { END, type Message } from "./message.js";
import type { AuthenticationExtensionsAuthenticatorOutputs, CredentialDeviceType } from "./types.js";
import type { Core } from "./wasm.js";

/** The options that both `verify…Response` functions take. */
export interface CeremonyExpectations {
	/** The challenge from the options, or a function that returns whether a challenge was issued. */
	expectedChallenge: string | ((challenge: string) => boolean | Promise<boolean>);
	/** The accepted full origins: `https://example.org`, `android:apk-key-hash:…`. */
	expectedOrigin: string | string[];
	/** The accepted `type` of the client data, if it differs from WebAuthn's own. */
	expectedType?: string | string[] | undefined;
	/** The accepted origins of pages that frame the ceremony. If given, cross-origin frames are allowed. */
	expectedTopOrigin?: string | string[] | undefined;
	/**
	 * Whether the ceremony may run in a frame of another origin.
	 * @default false, unless `expectedTopOrigin` is given
	 */
	allowCrossOrigin?: boolean | undefined;
	/**
	 * Whether the authenticator must have verified the user.
	 * @default true
	 */
	requireUserVerification?: boolean | undefined;
}

/** The policy, with all defaults filled in. */
export interface CommonPolicy {
	types: string[];
	challenge: string;
	origins: string[];
	rpIds: string[];
	allowCrossOrigin: boolean;
	topOrigins: string[];
	requireUserVerification: boolean;
}

type Response = { response?: { clientDataJSON?: unknown } | undefined };

/** Asks the caller's function whether it accepts the received challenge. */
export async function resolveChallenge(
	core: Core,
	options: CeremonyExpectations & { response: Response },
): Promise<string> {
	const { expectedChallenge } = options;
	if (typeof expectedChallenge !== "function") return expectedChallenge;
	const challenge = receivedChallenge(core, options.response);
	return accepted(challenge, await expectedChallenge(challenge));
}

/** The same without waiting: a function that returns a promise is refused as misuse. */
export function resolveChallengeSync(core: Core, options: CeremonyExpectations & { response: Response }): string {
	const { expectedChallenge } = options;
	if (typeof expectedChallenge !== "function") return expectedChallenge;
	const challenge = receivedChallenge(core, options.response);
	const verdict = expectedChallenge(challenge);
	if (typeof verdict !== "boolean") throw new WebAuthnError("POLICY_MALFORMED", { field: "expectedChallenge" });
	return accepted(challenge, verdict);
}

function receivedChallenge(core: Core, response: Response): string {
	return decodeClientData(core, response?.response?.clientDataJSON).challenge;
}

function accepted(challenge: string, verdict: boolean): string {
	if (verdict === true && challenge !== "") return challenge;
	throw new WebAuthnError("CHALLENGE_MISMATCH", { field: "response.clientDataJSON.challenge" });
}

export function commonPolicy(
	options: CeremonyExpectations,
	ceremonyType: string,
	challenge: string,
	rpIds: string[],
): CommonPolicy {
	const topOrigins = list(options.expectedTopOrigin);
	return {
		types: options.expectedType === undefined ? [ceremonyType] : list(options.expectedType),
		challenge,
		origins: list(options.expectedOrigin),
		rpIds,
		allowCrossOrigin: options.allowCrossOrigin ?? topOrigins.length > 0,
		topOrigins,
		requireUserVerification: options.requireUserVerification ?? true,
	};
}

/** `Message::policy` in src/wasm/message.rs reads it. */
export function addPolicy(message: Message, policy: CommonPolicy): void {
	message.texts(policy.types);
	message.text(policy.challenge);
	message.texts(policy.origins);
	message.texts(policy.rpIds);
	message.flag(policy.allowCrossOrigin);
	message.texts(policy.topOrigins);
	message.flag(policy.requireUserVerification);
}

export function list(value: string | string[] | undefined): string[] {
	return value === undefined ? [] : typeof value === "string" ? [value] : [...value];
}

/** An origin mismatch is nearly always a configuration mistake, so the error names the expected and received origins. */
export function explainOrigin<T>(core: Core, clientDataJSON: unknown, policy: CommonPolicy, verify: () => T): T {
	try {
		return verify();
	} catch (error) {
		if (!(error instanceof WebAuthnError)) throw error;
		const top = error.code === "TOP_ORIGIN_MISMATCH";
		if (!top && error.code !== "ORIGIN_MISMATCH") throw error;
		const clientData = decodeClientData(core, clientDataJSON);
		throw new WebAuthnError(error.code, {
			field: error.field,
			expected: top ? policy.topOrigins : policy.origins,
			received: ((top ? clientData.topOrigin : clientData.origin) ?? "").slice(0, 200),
		});
	}
}

/** The facts about the ceremony that both results contain. */
export interface CommonInfo {
	userVerified: boolean;
	/** Whether the credential may be backed up: the BE flag. */
	credentialDeviceType: CredentialDeviceType;
	/** Whether it is backed up now: the BS flag. */
	credentialBackedUp: boolean;
	/** The expected origin that matched. */
	origin: string;
	/** The expected RP ID that matched. */
	rpID: string;
	authenticatorExtensionResults?: AuthenticationExtensionsAuthenticatorOutputs | undefined;
}

/** Parses the text of an answer of src/wasm/answer.rs: the part that both ceremonies share, and the values after it. */
export function openAnswer(text: string, extensions: Map<unknown, unknown> | undefined): [CommonInfo, string[]] {
	const values = text.split(END);
	const [userVerified, backupEligible, backedUp, origin = "", rpID = ""] = values;
	const info: CommonInfo = {
		userVerified: userVerified === "1",
		credentialDeviceType: backupEligible === "1" ? "multiDevice" : "singleDevice",
		credentialBackedUp: backedUp === "1",
		origin,
		rpID,
		...(extensions && { authenticatorExtensionResults: objectFromMap(extensions) }),
	};
	return [info, values.slice(5)];
}

/** Random bytes for challenges and user handles: 32, twice the number that section 13.4.3 asks for. */
export function randomBytes(): Uint8Array {
	return crypto.getRandomValues(new Uint8Array(32));
}
