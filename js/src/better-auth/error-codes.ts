/** Every code of the plugin and its clients, with its sentence. `make gen` writes them to docs/errors.md. */
const PASSKEY_MESSAGES = {
	CHALLENGE_NOT_FOUND: "This passkey request is unknown, already used or expired; start again.",
	YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY: "This passkey belongs to another account.",
	FAILED_TO_VERIFY_REGISTRATION: "The new passkey could not be verified.",
	PASSKEY_NOT_FOUND: "There is no such passkey.",
	AUTHENTICATION_FAILED: "Signing in with this passkey failed.",
	UNABLE_TO_CREATE_SESSION: "No session could be created.",
	USER_NOT_FOUND: "There is no such user.",
	FAILED_TO_UPDATE_PASSKEY: "The passkey could not be changed.",
	PREVIOUSLY_REGISTERED: "This passkey is registered already.",
	REGISTRATION_CANCELLED: "Adding the passkey was cancelled.",
	AUTH_CANCELLED: "Signing in with a passkey was cancelled.",
	UNKNOWN_ERROR: "Something unexpected went wrong.",
	SESSION_REQUIRED: "Sign in before adding a passkey.",
	RESOLVE_USER_REQUIRED:
		"Adding a passkey needs a session, or the option registration.resolveUser where requireSession is false.",
	RESOLVED_USER_INVALID: "The user that was named for this passkey is not valid.",
	SESSION_MISMATCH: "You are signed in as somebody else; sign out first.",
	SIGN_UP_DISABLED: "This site does not offer signing up with a passkey.",
	EMAIL_CONFIRMATION_INVALID: "This link is not valid any more, or was opened where its account is not signed in.",
	EMAIL_UNAVAILABLE: "This e-mail address cannot be used for this account.",
	STEP_UP_REQUIRED: "Confirm with a passkey that it is you, and try again.",
	TWO_FACTOR_NOT_PENDING: "No sign-in is waiting for a second factor; start again.",
	LAST_SIGN_IN_METHOD: "This is the last way to sign in to this account; add another one first.",
	TOO_MANY_PASSKEYS: "This account has as many passkeys as it may have; remove one first.",
	PASSKEY_REVOKED: "This passkey was revoked and cannot be used any more.",
	NOT_ALLOWED: "You are not allowed to do this with the passkeys of others.",
	REQUEST_TOO_LARGE: "The request is larger than any passkey request needs to be.",
	CEREMONY_ABORTED: "The passkey request was replaced by another one.",
	PASSKEY_NOT_SUPPORTED: "This browser or device cannot do this with passkeys.",
	RELYING_PARTY_INVALID: "This page's address may not use the passkeys of this site.",
	NETWORK_ERROR: "The server could not be reached.",
} as const;

export type PasskeyErrorCode = keyof typeof PASSKEY_MESSAGES;

/** A code with its sentence, as Better Auth's `APIError.from()` takes it. */
export interface PasskeyError<Code extends PasskeyErrorCode = PasskeyErrorCode> {
	readonly code: Code;
	message: string;
}

type PasskeyErrorCodes = { readonly [Code in PasskeyErrorCode]: PasskeyError<Code> };

/**
 * Every code that this plugin or its client answers with.
 *
 * Built here and not by Better Auth's `defineErrorCodes`, because the client imports this file and that function comes
 * with the whole server.
 */
export const PASSKEY_ERROR_CODES: PasskeyErrorCodes = Object.fromEntries(
	Object.entries(PASSKEY_MESSAGES).map(([code, message]) => [code, { code, message, toString: () => code }]),
) as PasskeyErrorCodes;
