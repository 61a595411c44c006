import type { PasskeySignal } from "../better-auth/management/signals.js";
import { ceremonyError } from "./errors.js";
import { type PasskeyClientError, type PasskeyReply, refused, type Send } from "./request.js";

/** The browser's Signal API. A browser may lack any part of it. Spec: sctn-signal-methods. */
interface SignalMethods {
	signalUnknownCredential?: (unknown: { rpId: string; credentialId: string }) => Promise<void>;
	signalAllAcceptedCredentials?: (accepted: PasskeySignal) => Promise<void>;
	signalCurrentUserDetails?: (details: PasskeySignal) => Promise<void>;
}

/**
 * Tells the browser's authenticators which passkeys the signed-in account has, and its current name. They remove the
 * account's other passkeys and rename the rest. `additions()` settles when no passkey is being added. It returns another
 * promise after each addition that starts: a list that was read before a passkey is stored does not contain it.
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
 * Has authenticators remove a passkey that the server does not know. The server must have said exactly this: no other
 * failure may cost a user a passkey.
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

/** Signals are advice: if a browser refuses one, nothing changes for the page. */
async function attempt(signal: () => Promise<void> | undefined): Promise<void> {
	try {
		await signal();
	} catch {}
}
