import type { GenericEndpointContext } from "better-auth";
import type { CredentialDeviceType } from "../../core/types.js";

interface OfPasskey {
	userId: string;
	passkeyId: string;
}

interface Failure {
	/** The precise reason: a code from `ERROR_CODES` or `PASSKEY_ERROR_CODES`. The client may get a less precise code. */
	code: string;
	/** The member of the response that caused the failure. */
	field?: string | undefined;
	userId?: string | undefined;
	passkeyId?: string | undefined;
}

/** Something that happened to a passkey. Events contain no key, token, challenge or credential ID. */
export type PasskeyEvent =
	| ({ type: "passkey.registered" | "passkey.updated" | "passkey.deleted" } & OfPasskey)
	| ({
			/** A sign-in or a step-up was verified. If a sign-in creates a session, `session.created` follows. */
			type: "passkey.authenticated";
			/** The purpose of a step-up; absent for a sign-in. */
			purpose?: string | undefined;
	  } & OfPasskey)
	| ({ type: "passkey.registration_failed" | "passkey.authentication_failed" } & Failure)
	| ({
			type: "passkey.revoked";
			reason: string | null;
			/** The ID of the administrator who revoked it; absent if the owner or the server did. */
			by?: string | undefined;
	  } & OfPasskey)
	| ({
			/**
			 * The signature counter did not increase: the authenticator may be cloned, or two sign-ins ran at the same time.
			 */
			type: "passkey.counter_regressed";
			stored: number;
			received: number;
	  } & OfPasskey)
	| ({
			/**
			 * The passkey is now synced and was not, or the reverse. The authenticator has signed this. The row has the new
			 * device type.
			 */
			type: "passkey.backup_eligibility_changed";
			stored: CredentialDeviceType;
			received: CredentialDeviceType;
	  } & OfPasskey)
	| ({
			/** A sign-in with this passkey, or a registration with `createSession`, created a session. */
			type: "session.created";
			sessionId: string;
	  } & OfPasskey);

export type PasskeyEventHandler = (event: PasskeyEvent, ctx: GenericEndpointContext) => void | Promise<void>;
