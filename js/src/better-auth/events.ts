import type { GenericEndpointContext } from "better-auth";
import { log } from "./log.js";
import type { ResolvedOptions } from "./options.js";

interface OfPasskey {
	userId: string;
	passkeyId: string;
}

interface Failure {
	/** The precise reason: a code of `ERROR_CODES` or `PASSKEY_ERROR_CODES`. The client may have been told less. */
	code: string;
	/** The part of the response that the reason is about. */
	field?: string | undefined;
	userId?: string | undefined;
	passkeyId?: string | undefined;
}

/** What happened to a passkey. Events carry no key, token, challenge or credential id. */
export type PasskeyEvent =
	| ({ type: "passkey.registered" | "passkey.updated" | "passkey.deleted" } & OfPasskey)
	| ({
			/** An assertion was good: a sign-in, which has a session only with `session.created`, or a step-up. */
			type: "passkey.authenticated";
			/** Of a step-up. */
			purpose?: string | undefined;
	  } & OfPasskey)
	| ({ type: "passkey.registration_failed" | "passkey.authentication_failed" } & Failure)
	| ({
			type: "passkey.revoked";
			reason: string | null;
			/** The administrator who did it, where neither its owner nor the clean-up did. */
			by?: string | undefined;
	  } & OfPasskey)
	| ({
			/** The counter did not grow: the authenticator may have been cloned, or two sign-ins raced. */
			type: "passkey.counter_regressed";
			stored: number;
			received: number;
	  } & OfPasskey)
	| ({
			/** A sign-in with this passkey, or a registration that asked for it, has made a session. */
			type: "session.created";
			sessionId: string;
	  } & OfPasskey);

export type PasskeyEventHandler = (event: PasskeyEvent, ctx: GenericEndpointContext) => void | Promise<void>;

/** Tells the integrator and the log, after the change is stored. */
export async function emit(ctx: GenericEndpointContext, options: ResolvedOptions, event: PasskeyEvent): Promise<void> {
	// Failures have a line of their own, with more in it.
	if (!event.type.endsWith("_failed")) log(ctx.context, options, "info", event.type, event);
	await afterwards(ctx, options, `onEvent failed for ${event.type}`, () => options.onEvent?.(event, ctx));
}

/**
 * Runs a callback for what is done already. One that fails is logged and no more: it must not be able to turn a stored
 * passkey into an error, or a refusal into anything else.
 */
export async function afterwards(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	failed: string,
	callback: () => unknown,
): Promise<void> {
	try {
		await callback();
	} catch (error) {
		log(ctx.context, options, "error", failed, error);
	}
}
