import { PASSKEY_MESSAGES } from "../core/error-codes.gen.js";

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
