import type { BetterFetch, BetterFetchOption } from "better-auth/client";
import { type CeremonyError, ceremonyError } from "./errors.js";
import type { PasskeyExtensionOutputs } from "./extensions.js";

/** What the server answered, or why nothing was asked of it. */
export interface PasskeyClientError {
	code?: string | undefined;
	message?: string | undefined;
	status: number;
	statusText: string;
}

export type PasskeyReply<T> = { data: T; error: null } | { data: null; error: PasskeyClientError };

/** What the browser returned, where `returnWebAuthnResponse` asks for it. Secrets of `prf` are here and nowhere else. */
interface WebAuthnPart<R> {
	webauthn?: { response: R; clientExtensionResults: PasskeyExtensionOutputs };
}

export type PasskeyResult<T, R> = PasskeyReply<T> & WebAuthnPart<R>;

/**
 * The server's name for this ceremony goes back with the response, so that ceremonies of one browser, autofill beside a
 * button or two tabs, do not take each other's challenge. A server of `@better-auth/passkey` has only its cookie.
 */
export type OfCeremony<Options> = Options & { ceremonyId?: string };

export type Ask = <T>(path: string, options: BetterFetchOption) => Promise<PasskeyReply<T>>;

/** Asks the server; a request that gets no answer is an answer too, because every call settles. */
export function askWith($fetch: BetterFetch): Ask {
	return async <T>(path: string, options: BetterFetchOption) => {
		try {
			return (await $fetch<T>(path, { ...options, throw: false })) as PasskeyReply<T>;
		} catch (error) {
			// `fetch` rejects with these; anything else was thrown by a hook of the application.
			const unreachable = error instanceof TypeError || error instanceof DOMException;
			return refused(ceremonyError(unreachable ? "NETWORK_ERROR" : "UNKNOWN_ERROR"));
		}
	};
}

export function refused(error: CeremonyError): { data: null; error: PasskeyClientError } {
	return { data: null, error };
}

export function withWebAuthn<T, R extends { clientExtensionResults: unknown }>(
	reply: PasskeyReply<T>,
	response: R,
	wanted: boolean | undefined,
): PasskeyResult<T, R> {
	if (!wanted) return reply;
	const clientExtensionResults = response.clientExtensionResults as PasskeyExtensionOutputs;
	return { ...reply, webauthn: { response, clientExtensionResults } };
}
