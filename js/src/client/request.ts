import type { BetterFetch, BetterFetchOption } from "better-auth/client";
import { type CeremonyError, ceremonyError } from "./errors.js";
import type { PasskeyExtensionOutputs } from "./extensions.js";

/** The server's error, or the reason why no request was sent. */
export interface PasskeyClientError {
	code?: string | undefined;
	message?: string | undefined;
	status: number;
	statusText: string;
}

export type PasskeyReply<T> = { data: T; error: null } | { data: null; error: PasskeyClientError };

/** The browser's response, if `returnWebAuthnResponse` is true. Secrets of `prf` are here and nowhere else. */
interface WebAuthnPart<R> {
	webauthn?: { response: R; clientExtensionResults: PasskeyExtensionOutputs };
}

export type PasskeyResult<T, R> = PasskeyReply<T> & WebAuthnPart<R>;

export type Send = <T>(path: string, options: BetterFetchOption) => Promise<PasskeyReply<T>>;

/** Sends a request to the server. A request without an answer becomes an error too, because no call rejects. */
export function sendWith($fetch: BetterFetch): Send {
	return async <T>(path: string, options: BetterFetchOption) => {
		try {
			return (await $fetch<T>(path, { ...options, throw: false })) as PasskeyReply<T>;
		} catch (error) {
			// `fetch` rejects with these. A hook of the application threw anything else.
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
