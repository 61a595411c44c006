import type { GenericEndpointContext } from "better-auth";

interface OfPasskey {
	userId: string;
	passkeyId: string;
}

interface Refusal {
	/** The precise reason: a code of `ERROR_CODES` or `PASSKEY_ERROR_CODES`. The client may have been told less. */
	code: string;
	/** The part of the response that the reason is about. */
	field?: string | undefined;
	userId?: string | undefined;
	passkeyId?: string | undefined;
}

/** What happened to a passkey. Events carry no key, challenge or credential id. */
export type PasskeyEvent =
	| ({ type: "passkey.registered" | "passkey.used" | "passkey.renamed" | "passkey.removed" } & OfPasskey)
	| ({ type: "passkey.registration_refused" | "passkey.sign_in_refused" } & Refusal)
	| ({
			/** The counter did not grow: the authenticator may have been cloned, or two sign-ins raced. */
			type: "passkey.counter_regressed";
			stored: number;
			received: number;
	  } & OfPasskey);

export type PasskeyEventHandler = (event: PasskeyEvent, ctx: GenericEndpointContext) => void | Promise<void>;

/**
 * Tells the integrator, after the change is stored. A handler that fails is logged and no more: an audit hook must not
 * be able to turn a stored passkey into an error, or a refusal into anything else.
 */
export async function emit(
	ctx: GenericEndpointContext,
	onEvent: PasskeyEventHandler | null,
	event: PasskeyEvent,
): Promise<void> {
	if (!onEvent) return;
	try {
		await onEvent(event, ctx);
	} catch (error) {
		ctx.context.logger.error(`[passkey] onEvent failed for ${event.type}`, error);
	}
}
