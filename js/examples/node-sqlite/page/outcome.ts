interface Failure {
	code?: string | undefined;
	message?: string | undefined;
	status: number;
}

export interface Answer<T> {
	data: T | null;
	error: Failure | null;
}

/** The user closed the browser's dialog, or another request replaced it. */
const CANCELLED = new Set(["AUTH_CANCELLED", "REGISTRATION_CANCELLED", "CEREMONY_ABORTED"]);

const SENTENCES: Record<string, string> = {
	AUTHENTICATION_FAILED: "That passkey could not sign you in. It may have been removed from your account.",
	PASSKEY_NOT_FOUND: "That passkey could not sign you in. It may have been removed from your account.",
	CHALLENGE_NOT_FOUND: "This passkey request is no longer valid. Please try again.",
	PREVIOUSLY_REGISTERED: "This device already holds a passkey for your account.",
	FAILED_TO_VERIFY_REGISTRATION: "The new passkey could not be verified. Please try again.",
	INVALID_EMAIL_OR_PASSWORD: "E-mail and password do not match.",
	INVALID_EMAIL: "This does not look like an e-mail address.",
	PASSWORD_TOO_SHORT: "Use a longer password.",
	USER_ALREADY_EXISTS: "There is already an account with this e-mail. Sign in instead.",
	USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "There is already an account with this e-mail. Sign in instead.",
	LAST_SIGN_IN_METHOD: "Without this passkey, you could not sign in any more. Add another one first.",
	TOO_MANY_PASSKEYS: "Your account has the maximum number of passkeys. Remove one first.",
	SESSION_NOT_FRESH: "For your safety, sign out and sign in again first.",
	SESSION_REQUIRED: "You are signed out. Please sign in again.",
	SESSION_MISMATCH: "You are signed in to another account. Sign out first.",
	PASSKEY_NOT_SUPPORTED: "This browser or device does not support this passkey operation.",
	NETWORK_ERROR: "The server cannot be reached. Check your connection and try again.",
};

/** Runs a client call. A lost connection becomes a normal answer with an error. */
export async function ask<T>(call: () => Promise<Answer<T>>): Promise<Answer<T>> {
	try {
		return await call();
	} catch {
		return { data: null, error: { code: "NETWORK_ERROR", status: 0 } };
	}
}

export function isCancelled(failure: Failure): boolean {
	return CANCELLED.has(failure.code ?? "");
}

/** The sentence to show for an error. It depends on the code; the server's own text is never shown. */
export function sentenceFor(failure: Failure): string {
	const known = SENTENCES[failure.code ?? ""];
	if (known) return known;
	if (failure.status === 401) return "You are signed out. Please sign in again.";
	if (failure.status === 429) return "Too many attempts. Wait a moment and try again.";
	return "Something went wrong. Please try again.";
}
