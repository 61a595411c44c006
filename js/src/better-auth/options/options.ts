import type { GenericEndpointContext, Session, User } from "better-auth";
import type { InferOptionSchema } from "better-auth/types";
import type { PasskeyAttestation } from "../../attestation/plugin.js";
import type { VerifiedAuthenticationResponse } from "../../core/authentication.js";
import type { VerifiedRegistrationResponse } from "../../core/registration.js";
import type {
	AuthenticationExtensionsClientInputs,
	AuthenticationResponseJSON,
	AuthenticatorSelectionCriteria,
	COSEAlgorithmIdentifier,
	PublicKeyCredentialHint,
	RegistrationResponseJSON,
	UserVerificationRequirement,
} from "../../core/types.js";
import type { Passkey } from "../../shared/passkey.js";
import type { passkeySchema } from "../storage/schema.js";
import type { Authenticators } from "./authenticators.js";
import type { PasskeyEventHandler } from "./event.js";
import type { CounterRegression, PasskeyCleanupOptions } from "./lifecycle.js";
import type { PasskeyLogLevel } from "./log-level.js";
import type { PasskeyRateLimits } from "./rate-limit.js";
import type { PasskeySignUpOptions } from "./sign-up.js";
import type { PasskeyStepUpOptions } from "./step-up.js";
import type { PasskeyTwoFactorOptions } from "./two-factor.js";

type Awaitable<T> = T | Promise<T>;

/** Decides an option for each request. An `APIError` that it throws is the answer. */
export type PasskeyResolver<T> = (args: { ctx: GenericEndpointContext }) => Awaitable<T>;

export interface PasskeyRegistrationUser {
	/** Empty while somebody signs up, who has no account yet. */
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

/** `options`: a client asks for options. `verify`: its response came, and its challenge is used up. */
export type PasskeyCeremonyStep = "options" | "verify";

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
	 * the client sent none, and, when nobody is signed in or signs up, the id of the user that owns it. What it throws
	 * refuses the registration.
	 *
	 * What extensions answered is here: `verification.registrationInfo.authenticatorExtensionResults` is signed as the
	 * rest of the authenticator's data is, and `clientData.clientExtensionResults` is what the client claims, reduced to
	 * flags such as `credProps.rk` and `prf.enabled`.
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
	/**
	 * WebAuthn extensions to ask for, beside `credProps`, which always is: `prf`, `largeBlob`, `credentialProtectionPolicy`
	 * and others, as JSON, in which bytes are base64url text. A function names them for each request.
	 */
	extensions?: PasskeyExtensionsResolver | undefined;
	/**
	 * Called at each step of a registration before anything is written for it and before its response is looked at. What it
	 * throws refuses the step: an `APIError` as it is, anything else as a registration that failed.
	 */
	before?:
		| ((args: {
				ctx: GenericEndpointContext;
				step: PasskeyCeremonyStep;
				user: PasskeyRegistrationUser;
				context: string | null;
				/** Conditional: the password manager is to make the passkey by itself, perhaps without asking anybody. */
				mediation: "conditional" | null;
		  }) => Awaitable<void>)
		| undefined;
	/**
	 * Called when the passkey, and the session that may have been asked for, are stored. What it throws is logged and
	 * changes nothing.
	 */
	after?:
		| ((args: { ctx: GenericEndpointContext; passkey: Passkey; session: Session | null }) => Awaitable<void>)
		| undefined;
}

export interface PasskeyAuthenticationOptions {
	/**
	 * Whether the authenticator has to verify its user (PIN, fingerprint, face). `required` is asked for and enforced.
	 *
	 * @default "required"
	 */
	userVerification?: UserVerificationRequirement | undefined;
	/**
	 * What becomes of a sign-in whose signature counter did not grow, as it does not when an authenticator was cloned, and
	 * with some that sync. The stored counter never goes back.
	 *
	 * @default "reject"
	 */
	counterRegression?: CounterRegression | undefined;
	/** WebAuthn extensions to ask for, likewise. */
	extensions?: PasskeyExtensionsResolver | undefined;
	/**
	 * Called with a verified sign-in before the session is created, and with a verified step-up. What it throws refuses
	 * either. Results of extensions are where those of a registration are.
	 */
	afterVerification?:
		| ((args: {
				ctx: GenericEndpointContext;
				verification: VerifiedAuthenticationResponse;
				clientData: AuthenticationResponseJSON;
		  }) => Awaitable<void>)
		| undefined;
	/**
	 * Called at each step of a sign-in or step-up before anything is written for it and before its response is looked at.
	 * `userId` is whoever was signed in when the ceremony began, or had given the password where the passkey is the second
	 * factor. What it throws refuses the step: an `APIError` as it is, anything else as a sign-in that failed.
	 */
	before?:
		| ((args: { ctx: GenericEndpointContext; step: PasskeyCeremonyStep; userId: string | null }) => Awaitable<void>)
		| undefined;
	/** Called when the session is stored. What it throws is logged and changes nothing. */
	after?:
		| ((args: { ctx: GenericEndpointContext; passkey: Passkey; session: Session; user: User }) => Awaitable<void>)
		| undefined;
}

export interface PasskeyOptions {
	/**
	 * The domain that passkeys belong to, for example `example.com`: the host of each web origin, or a domain that it is
	 * part of. It cannot be changed later without losing the passkeys.
	 *
	 * @default the host of `baseURL`, or of the only web origin in `origin`
	 */
	rpID?: string | PasskeyResolver<string> | undefined;
	/** The same as `rpID`, in the spelling of the WebAuthn specification. */
	rpId?: string | PasskeyResolver<string> | undefined;
	/**
	 * The site's name, which authenticators may show.
	 *
	 * @default the `appName` of Better Auth
	 */
	rpName?: string | PasskeyResolver<string> | undefined;
	/**
	 * The exact origins that ceremonies may come from: `https://example.com` (no path, no slash at the end), or
	 * `android:apk-key-hash:…` for an Android app. A function must answer from what it knows, and not repeat a header.
	 *
	 * @default the origin of `baseURL`; where that has `allowedHosts`, the one of them that the request was sent to
	 */
	origin?: string | string[] | null | PasskeyResolver<string | string[]> | undefined;
	/**
	 * More origins that ceremonies may come from, on domains that `rpID` is no part of. The RP ID's
	 * `/.well-known/webauthn` has to list them, or browsers refuse.
	 *
	 * @default []
	 */
	relatedOrigins?: string[] | undefined;
	/**
	 * What kind of authenticator to ask for when a passkey is made.
	 *
	 * @default { residentKey: "preferred", userVerification: "required" }
	 */
	authenticatorSelection?: AuthenticatorSelectionCriteria | undefined;
	/**
	 * The signature algorithms that a new passkey may have, the most wanted first: COSE identifiers, of EdDSA (-8, -19),
	 * ES256 (-7, -9), RS256/384/512 (-257, -258, -259) and PS256/384/512 (-37, -38, -39). Others are refused.
	 *
	 * @default [-8, -7, -257]
	 */
	algorithms?: COSEAlgorithmIdentifier[] | undefined;
	/**
	 * What kind of authenticator browsers should suggest first. They are not bound by it, and it is not enforced.
	 *
	 * @default []
	 */
	hints?: PublicKeyCredentialHint[] | undefined;
	/**
	 * How long the browser should wait for the user, in milliseconds; not longer than the challenge lives. Browsers treat it
	 * as a hint, and autofill waits without end.
	 *
	 * @default 60000
	 */
	timeout?: number | undefined;
	challenge?:
		| {
				/**
				 * How long a ceremony may take, in seconds, 10 to 3600.
				 *
				 * @default 300
				 */
				expiresIn?: number | undefined;
		  }
		| undefined;
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
	/**
	 * How many passkeys one user may have, revoked ones that were not deleted included; 1 to 1000.
	 *
	 * @default 50
	 */
	maxPasskeysPerUser?: number | undefined;
	/**
	 * Whether users are kept from deleting or revoking the passkey that is their last way to sign in. Other ways are a
	 * usable password, a linked account and a verified e-mail address or phone number that this server sends codes or links
	 * to. Set it to false where users sign in by means that Better Auth does not know.
	 *
	 * @default true
	 */
	keepLastSignInMethod?: boolean | undefined;
	/** What `auth.api.cleanUpPasskeys()` does beside purging expired challenges, and whether a timer calls it. */
	cleanup?: PasskeyCleanupOptions | undefined;
	/** Other names for the table and its columns. */
	schema?: InferOptionSchema<typeof passkeySchema> | undefined;
	registration?: PasskeyRegistrationOptions | undefined;
	authentication?: PasskeyAuthenticationOptions | undefined;
	/** Proofs that the signed-in user is present, for a purpose: `passkey.stepUp()` on the client. */
	stepUp?: PasskeyStepUpOptions | undefined;
	/**
	 * For users of Better Auth's `twoFactor` plugin. List that plugin before this one, so that sign-ins by password answer
	 * `passkey` among their `twoFactorMethods`.
	 */
	twoFactor?: PasskeyTwoFactorOptions | undefined;
	/**
	 * Whether people may sign up with a passkey alone. A new account has a placeholder for its e-mail address; one that
	 * somebody typed becomes its address when the link is opened that Better Auth's
	 * `emailVerification.sendVerificationEmail` was given, in a browser that is signed in to the account.
	 *
	 * @default false
	 */
	signUp?: boolean | PasskeySignUpOptions | undefined;
	/**
	 * How often one address may use the plugin's paths, each path counted by itself. Better Auth's limiter does it, which
	 * is on in production unless its own `rateLimit` says otherwise, and whose `rateLimit.customRules` win over these.
	 * `false`, here or for one kind, leaves the paths to Better Auth's general limit.
	 *
	 * @default the limits of each kind
	 */
	rateLimit?: PasskeyRateLimits | false | undefined;
	/**
	 * Called after each thing that happened to a passkey, refusals with their precise reason included. What it throws is
	 * logged and changes nothing.
	 */
	onEvent?: PasskeyEventHandler | undefined;
	/**
	 * The least serious lines that the plugin writes, through Better Auth's logger and under its own `level`: `error` for
	 * faults of the server and of callbacks, `warn` for refusals, `info` for every event. Each line comes with the event as
	 * an object.
	 *
	 * @default "warn"
	 */
	logLevel?: PasskeyLogLevel | undefined;
}
