import type { GenericEndpointContext } from "better-auth";
import type { InferOptionSchema } from "better-auth/types";
import type { PasskeyAttestation } from "../attestation/plugin.js";
import type { VerifiedAuthenticationResponse } from "../core/authentication.js";
import type { VerifiedRegistrationResponse } from "../core/registration.js";
import type {
	AttestationFormat,
	AuthenticationExtensionsClientInputs,
	AuthenticationResponseJSON,
	AuthenticatorSelectionCriteria,
	CredentialDeviceType,
	RegistrationResponseJSON,
	UserVerificationRequirement,
} from "../core/types.js";
import type { Authenticators, PasskeyProvider } from "./authenticators.js";
import type { PasskeyEventHandler } from "./events.js";
import type { passkeySchema } from "./schema.js";

type Awaitable<T> = T | Promise<T>;

/** A passkey as the endpoints return it: the row without what only the server needs. */
export interface Passkey {
	id: string;
	name?: string | null | undefined;
	/** The COSE key in standard base64. */
	publicKey: string;
	userId: string;
	credentialID: string;
	counter: number;
	deviceType: CredentialDeviceType;
	backedUp: boolean;
	/** Comma separated. */
	transports?: string | null | undefined;
	createdAt: Date;
	aaguid?: string | null | undefined;
	/** In lists: what made the passkey, where the option `authenticators` knows its AAGUID. */
	provider?: PasskeyProvider | undefined;
	/** When the passkey last signed its owner in. */
	lastUsedAt?: Date | null | undefined;
	updatedAt?: Date | null | undefined;
	/** With the option `attestation`: the attestation's format, and whether it was trusted. */
	attestationFormat?: AttestationFormat | null | undefined;
	attestationTrusted?: boolean | null | undefined;
}

export interface PasskeyRegistrationUser {
	id: string;
	/** The account's name, for example its e-mail address; authenticators show it beside the passkey. */
	name: string;
	displayName?: string | undefined;
}

export type PasskeyExtensionsResolver =
	| AuthenticationExtensionsClientInputs
	| ((args: { ctx: GenericEndpointContext }) => Awaitable<AuthenticationExtensionsClientInputs | undefined>);

// biome-ignore lint/suspicious/noConfusingVoidType: an async callback that returns nothing has this type.
type AfterRegistration = { userId?: string | undefined; name?: string | undefined } | undefined | void;

export interface PasskeyRegistrationOptions {
	/**
	 * Whether only a signed-in user may add a passkey, and only to the own account.
	 *
	 * @default true
	 */
	requireSession?: boolean | undefined;
	/**
	 * Names the user when `requireSession` is false and nobody is signed in. Whoever this function names can be signed in
	 * as with the new passkey: never return the id of an existing account without proof that the caller owns it.
	 */
	resolveUser?:
		| ((args: {
				ctx: GenericEndpointContext;
				context?: string | null | undefined;
		  }) => Awaitable<PasskeyRegistrationUser>)
		| undefined;
	/**
	 * Called with a verified registration before the passkey is stored. It may return a label for the passkey, used when
	 * the client sent none, and, when nobody is signed in, the id of the user that owns it. What it throws refuses the
	 * registration.
	 */
	afterVerification?:
		| ((args: {
				ctx: GenericEndpointContext;
				verification: VerifiedRegistrationResponse;
				user: PasskeyRegistrationUser;
				clientData: RegistrationResponseJSON;
				context?: string | null | undefined;
		  }) => Awaitable<AfterRegistration>)
		| undefined;
	/** WebAuthn extensions to ask for. */
	extensions?: PasskeyExtensionsResolver | undefined;
}

export interface PasskeyAuthenticationOptions {
	/**
	 * Whether the authenticator has to verify its user (PIN, fingerprint, face). `required` is asked for and enforced.
	 *
	 * @default "required"
	 */
	userVerification?: UserVerificationRequirement | undefined;
	/** WebAuthn extensions to ask for. */
	extensions?: PasskeyExtensionsResolver | undefined;
	/** Called with a verified sign-in before the session is created. What it throws refuses the sign-in. */
	afterVerification?:
		| ((args: {
				ctx: GenericEndpointContext;
				verification: VerifiedAuthenticationResponse;
				clientData: AuthenticationResponseJSON;
		  }) => Awaitable<void>)
		| undefined;
}

export interface PasskeyOptions {
	/**
	 * The domain that passkeys belong to, for example `example.com`.
	 *
	 * @default the host of `baseURL`, or of the only web origin in `origin`
	 */
	rpID?: string | undefined;
	/** The same as `rpID`, in the spelling of the WebAuthn specification. */
	rpId?: string | undefined;
	/**
	 * The site's name, which authenticators may show.
	 *
	 * @default the `appName` of Better Auth
	 */
	rpName?: string | undefined;
	/**
	 * The exact origins that ceremonies may come from: `https://example.com` (no path, no slash at the end), or
	 * `android:apk-key-hash:…` for an Android app.
	 *
	 * @default the origin of `baseURL`, where that is a string
	 */
	origin?: string | string[] | null | undefined;
	/**
	 * What kind of authenticator to ask for when a passkey is made.
	 *
	 * @default { residentKey: "preferred", userVerification: "required" }
	 */
	authenticatorSelection?: AuthenticatorSelectionCriteria | undefined;
	advanced?:
		| {
				/**
				 * Name of the signed cookie that finds the challenge of a ceremony.
				 *
				 * @default "better-auth-passkey"
				 */
				webAuthnChallengeCookie?: string | undefined;
		  }
		| undefined;
	/**
	 * How registrations are attested, and which authenticators are trusted: `attestation()` of
	 * `touchstone-webauthn/attestation`. It adds two columns to the table.
	 *
	 * @default no attestation is asked for
	 */
	attestation?: PasskeyAttestation | undefined;
	/**
	 * Names, or names with icons, of authenticators by AAGUID, for the `provider` of listed passkeys. `aaguids` of
	 * `touchstone-webauthn/aaguids` has hundreds.
	 *
	 * @default the sixteen of `commonAuthenticatorNames`
	 */
	authenticators?: Authenticators | undefined;
	/** Other names for the table and its columns. */
	schema?: InferOptionSchema<typeof passkeySchema> | undefined;
	registration?: PasskeyRegistrationOptions | undefined;
	authentication?: PasskeyAuthenticationOptions | undefined;
	/**
	 * Called after each thing that happened to a passkey, refusals with their precise reason included. What it throws is
	 * logged and changes nothing.
	 */
	onEvent?: PasskeyEventHandler | undefined;
}
