import type { PasskeySignal } from "../better-auth/management/signals.js";
import { ceremonyError } from "./errors.js";
import { type PasskeyClientError, type PasskeyReply, refused, type Send } from "./request.js";

/** The browser's Signal API, any part of which it may lack. Spec: sctn-signal-methods. */
interface SignalMethods {
	signalUnknownCredential?: (unknown: { rpId: string; credentialId: string }) => Promise<void>;
	signalAllAcceptedCredentials?: (accepted: PasskeySignal) => Promise<void>;
	signalCurrentUserDetails?: (details: PasskeySignal) => Promise<void>;
}

/**
 * Tells the browser's authenticators which passkeys the signed-in account has, and its present name: they remove the
 * account's other passkeys, and rename what is left. `additions()` settles when no passkey is being added any more, and
 * is another promise after each that was begun: a list that was read before it is stored lacks it.
 */
export async function syncPasskeys(
	send: Send,
	additions: () => Promise<unknown>,
): Promise<PasskeyReply<PasskeySignal[]>> {
	const browser = signalMethods();
	if (!browser.signalAllAcceptedCredentials && !browser.signalCurrentUserDetails) {
		return refused(ceremonyError("PASSKEY_NOT_SUPPORTED"));
	}
	const before = additions();
	await before;
	const reply = await send<PasskeySignal[]>("/passkey/signals", { method: "GET" });
	if (before !== additions()) return syncPasskeys(send, additions);
	for (const signal of reply.data ?? []) {
		await attempt(() => browser.signalAllAcceptedCredentials?.(signal));
		await attempt(() => browser.signalCurrentUserDetails?.(signal));
	}
	return reply;
}

/**
 * Has a passkey removed that the server does not know. Only where the server has said exactly that: no other failure may
 * cost anybody a passkey.
 */
export async function signalUnknown(
	error: PasskeyClientError,
	rpId: string | undefined,
	credentialId: string,
): Promise<void> {
	if (error.status !== 401 || error.code !== "PASSKEY_NOT_FOUND" || !rpId) return;
	await attempt(() => signalMethods().signalUnknownCredential?.({ rpId, credentialId }));
}

function signalMethods(): SignalMethods {
	return typeof PublicKeyCredential === "undefined" ? {} : PublicKeyCredential;
}

/** Signals are advice: a browser that does not take one changes nothing for the page. */
async function attempt(signal: () => Promise<void> | undefined): Promise<void> {
	try {
		await signal();
	} catch {}
}
