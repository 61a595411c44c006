import { WebAuthnError } from "@simplewebauthn/browser";
import { PASSKEY_ERROR_CODES, type PasskeyErrorCode } from "../shared/error-codes.js";

/** The codes of what goes wrong before the server has answered. */
export type CeremonyErrorCode = Extract<
	PasskeyErrorCode,
	| "AUTH_CANCELLED"
	| "REGISTRATION_CANCELLED"
	| "CEREMONY_ABORTED"
	| "PREVIOUSLY_REGISTERED"
	| "PASSKEY_NOT_SUPPORTED"
	| "RELYING_PARTY_INVALID"
	| "NETWORK_ERROR"
	| "UNKNOWN_ERROR"
>;

/** An error in the shape of Better Auth's client, with a code to tell what happened. */
export interface CeremonyError {
	code: CeremonyErrorCode;
	message: string;
	/** 400 for what the user or the device did, 0 where no server was reached. */
	status: number;
	statusText: string;
}

export type CancelCode = Extract<CeremonyErrorCode, "AUTH_CANCELLED" | "REGISTRATION_CANCELLED">;

export function ceremonyError(code: CeremonyErrorCode): CeremonyError {
	const reached = code !== "NETWORK_ERROR";
	return {
		code,
		message: PASSKEY_ERROR_CODES[code].message,
		status: reached ? 400 : 0,
		statusText: reached ? "BAD_REQUEST" : "",
	};
}

/** By the code that SimpleWebAuthn gives, where it recognised the cause. */
const BY_CODE: Readonly<Record<string, CeremonyErrorCode>> = {
	ERROR_CEREMONY_ABORTED: "CEREMONY_ABORTED",
	ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: "PREVIOUSLY_REGISTERED",
	ERROR_INVALID_DOMAIN: "RELYING_PARTY_INVALID",
	ERROR_INVALID_RP_ID: "RELYING_PARTY_INVALID",
	ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT: "PASSKEY_NOT_SUPPORTED",
	ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT: "PASSKEY_NOT_SUPPORTED",
	ERROR_AUTO_REGISTER_USER_VERIFICATION_FAILURE: "PASSKEY_NOT_SUPPORTED",
	ERROR_AUTHENTICATOR_NO_SUPPORTED_PUBKEYCREDPARAMS_ALG: "PASSKEY_NOT_SUPPORTED",
};

/** By the name of the exception, which is all that a browser says otherwise. */
const BY_NAME: Readonly<Record<string, CeremonyErrorCode>> = {
	AbortError: "CEREMONY_ABORTED",
	InvalidStateError: "PREVIOUSLY_REGISTERED",
	NotSupportedError: "PASSKEY_NOT_SUPPORTED",
	SecurityError: "RELYING_PARTY_INVALID",
};

/**
 * What an exception of `navigator.credentials` means. `NotAllowedError` is reported as a cancellation: browsers use it
 * for a dismissed dialog, a timeout and the absence of a matching passkey alike, so that pages cannot tell them apart.
 */
export function classify(error: unknown, cancelled: CancelCode): CeremonyErrorCode {
	if (!(error instanceof Error)) return "UNKNOWN_ERROR";
	const byCode = error instanceof WebAuthnError ? BY_CODE[error.code] : undefined;
	if (byCode) return byCode;
	return error.name === "NotAllowedError" ? cancelled : (BY_NAME[error.name] ?? "UNKNOWN_ERROR");
}
