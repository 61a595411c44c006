import { WebAuthnError } from "@simplewebauthn/browser";
import { PASSKEY_ERROR_CODES, type PasskeyErrorCode } from "../shared/error-codes.js";

/** The codes of failures before the server has answered. */
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

/** An error in the shape of Better Auth's client. The code says what happened. */
export interface CeremonyError {
	code: CeremonyErrorCode;
	message: string;
	/** 400 if the user or the device caused the failure, 0 if no server was reached. */
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

/** By SimpleWebAuthn's code, if it recognised the cause. */
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

/** By the name of the exception: otherwise a browser says nothing more. */
const BY_NAME: Readonly<Record<string, CeremonyErrorCode>> = {
	AbortError: "CEREMONY_ABORTED",
	InvalidStateError: "PREVIOUSLY_REGISTERED",
	NotSupportedError: "PASSKEY_NOT_SUPPORTED",
	SecurityError: "RELYING_PARTY_INVALID",
};

/**
 * Translates an exception of `navigator.credentials` to a code. `NotAllowedError` becomes a cancellation: browsers use it
 * for a dismissed dialog, for a timeout and if no passkey matches, so that pages cannot tell these apart.
 */
export function classify(error: unknown, cancelled: CancelCode): CeremonyErrorCode {
	if (!(error instanceof Error)) return "UNKNOWN_ERROR";
	const byCode = error instanceof WebAuthnError ? BY_CODE[error.code] : undefined;
	if (byCode) return byCode;
	return error.name === "NotAllowedError" ? cancelled : (BY_NAME[error.name] ?? "UNKNOWN_ERROR");
}
