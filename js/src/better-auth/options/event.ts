import type { GenericEndpointContext } from "better-auth";

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
