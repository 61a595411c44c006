/** Every error code of the plugin and its clients, with its message. `make gen` writes them to docs/errors.md. */
const PASSKEY_MESSAGES = {
	CHALLENGE_NOT_FOUND: "This passkey request is unknown, already used or expired; start again.",
	YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY: "This passkey belongs to another account.",
	FAILED_TO_VERIFY_REGISTRATION: "The new passkey could not be verified.",
	PASSKEY_NOT_FOUND: "The passkey was not found.",
	AUTHENTICATION_FAILED: "Signing in with this passkey failed.",
	UNABLE_TO_CREATE_SESSION: "No session could be created.",
	USER_NOT_FOUND: "The user was not found.",
	FAILED_TO_UPDATE_PASSKEY: "The passkey could not be changed.",
	PREVIOUSLY_REGISTERED: "This passkey is already registered.",
	REGISTRATION_CANCELLED: "Adding the passkey was cancelled.",
	AUTH_CANCELLED: "Signing in with a passkey was cancelled.",
	UNKNOWN_ERROR: "An unexpected error occurred.",
	SESSION_REQUIRED: "Sign in before adding a passkey.",
	RESOLVE_USER_REQUIRED:
		"Adding a passkey requires a session, or the option registration.resolveUser if requireSession is false.",
	RESOLVED_USER_INVALID: "The user for this passkey is not valid.",
	SESSION_MISMATCH: "You are signed in as another user; sign out first.",
	SIGN_UP_DISABLED: "This site does not offer signing up with a passkey.",
	EMAIL_CONFIRMATION_INVALID: "This link has expired, or this browser is not signed in to its account.",
	EMAIL_UNAVAILABLE: "This e-mail address cannot be used for this account.",
	STEP_UP_REQUIRED: "Confirm your identity with a passkey and try again.",
	TWO_FACTOR_NOT_PENDING: "No sign-in is waiting for a second factor; start again.",
	LAST_SIGN_IN_METHOD: "This is the last sign-in method of this account; add another one first.",
	TOO_MANY_PASSKEYS: "This account has reached the maximum number of passkeys; remove one first.",
	PASSKEY_REVOKED: "This passkey was revoked and can no longer be used.",
	NOT_ALLOWED: "You are not allowed to manage the passkeys of other users.",
	REQUEST_TOO_LARGE: "The request is larger than any passkey request.",
	CEREMONY_ABORTED: "The passkey request was replaced by another one.",
	PASSKEY_NOT_SUPPORTED: "This browser or device does not support this passkey operation.",
	RELYING_PARTY_INVALID: "The passkeys of this site cannot be used at this page's address.",
	NETWORK_ERROR: "The server could not be reached.",
} as const;

export type PasskeyErrorCode = keyof typeof PASSKEY_MESSAGES;

/** An error code with its message, in the form that Better Auth's `APIError.from()` accepts. */
export interface PasskeyError<Code extends PasskeyErrorCode = PasskeyErrorCode> {
	readonly code: Code;
	message: string;
}

type PasskeyErrorCodes = { readonly [Code in PasskeyErrorCode]: PasskeyError<Code> };

/**
 * Every error code that this plugin or its client returns.
 *
 * Better Auth's `defineErrorCodes` could build this table, but the client imports this file, and that function would
 * pull the whole server into the client's bundle.
 */
export const PASSKEY_ERROR_CODES: PasskeyErrorCodes = Object.fromEntries(
	Object.entries(PASSKEY_MESSAGES).map(([code, message]) => [code, { code, message, toString: () => code }]),
) as PasskeyErrorCodes;
