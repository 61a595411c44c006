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
import type { BackupEligibilityChange, CounterRegression, PasskeyCleanupOptions } from "./lifecycle.js";
import type { PasskeyLogLevel } from "./log-level.js";
import type { PasskeyRateLimits } from "./rate-limit.js";
import type { PasskeySignUpOptions } from "./sign-up.js";
import type { PasskeyStepUpOptions } from "./step-up.js";
import type { PasskeyTwoFactorOptions } from "./two-factor.js";

type Awaitable<T> = T | Promise<T>;

/**
 * A function that returns an option's value for each request. If it throws an `APIError`, the client gets that error.
 */
export type PasskeyResolver<T> = (args: { ctx: GenericEndpointContext }) => Awaitable<T>;

export interface PasskeyRegistrationUser {
	/** Empty during sign-up: the account does not exist yet. */
	id: string;
	/** The account's name, for example its e-mail address. Authenticators show it next to the passkey. */
	name: string;
	/**
	 * The user's name as people read it, for example `Ada Lovelace`.
	 *
	 * @default the `name`
	 */
	displayName?: string | undefined;
}

/** Extension inputs as JSON, or a function that returns them for each request. */
export type PasskeyExtensionsResolver =
	| AuthenticationExtensionsClientInputs
	| ((args: { ctx: GenericEndpointContext }) => Awaitable<AuthenticationExtensionsClientInputs | undefined>);

// biome-ignore lint/suspicious/noConfusingVoidType: an async callback that returns nothing has this type.
type AfterRegistration = { userId?: string | undefined; name?: string | undefined } | undefined | void;

/** `options`: a client asks for options. `verify`: the client sent its response, and the challenge is consumed. */
export type PasskeyCeremonyStep = "options" | "verify";

export interface PasskeyRegistrationOptions {
	/**
	 * Whether a user must be signed in to add a passkey. The passkey then always belongs to the signed-in user. If false,
	 * `resolveUser` decides whose account a passkey is for when no user is signed in.
	 *
	 * @default true
	 */
	requireSession?: boolean | undefined;
	/**
	 * Returns the user for whom the passkey is created when `requireSession` is false and no user is signed in. `context`
	 * is the text that the client sent. The new passkey can sign in to the account that this function returns: never
	 * return the ID of an existing account without proof that the caller owns it.
	 *
	 * @default none: a registration without a session is refused with `RESOLVE_USER_REQUIRED`
	 */
	resolveUser?:
		| ((args: {
				ctx: GenericEndpointContext;
				context?: string | null | undefined;
		  }) => Awaitable<PasskeyRegistrationUser>)
		| undefined;
	/**
	 * Called after a registration is verified and before the passkey is stored. It may return a `name` for the passkey,
	 * which is used when the client sent none. If no user is signed in and this is not a sign-up, it may also return the
	 * `userId` of the passkey's owner. If it throws, the registration is refused.
	 *
	 * It also receives the extension results. `verification.registrationInfo.authenticatorExtensionResults` is part of
	 * the signed authenticator data. `clientData.clientExtensionResults` is an unsigned claim of the client, reduced to
	 * flags such as `credProps.rk` and `prf.enabled`.
	 *
	 * @default none
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
	 * WebAuthn extensions to request: `prf`, `largeBlob`, `credentialProtectionPolicy` and others. The inputs are JSON,
	 * and bytes are base64url text. A function can return them for each request. `credProps` is always requested.
	 *
	 * @default only `credProps`
	 */
	extensions?: PasskeyExtensionsResolver | undefined;
	/**
	 * Called at each step of a registration, before anything is written and before the response is parsed. If it throws,
	 * the step is refused. The client gets an `APIError` unchanged; any other error becomes
	 * `FAILED_TO_VERIFY_REGISTRATION`.
	 *
	 * @default none
	 */
	before?:
		| ((args: {
				ctx: GenericEndpointContext;
				step: PasskeyCeremonyStep;
				user: PasskeyRegistrationUser;
				context: string | null;
				/** `conditional`: the password manager creates the passkey by itself, possibly without asking the user. */
				mediation: "conditional" | null;
		  }) => Awaitable<void>)
		| undefined;
	/**
	 * Called after the passkey is stored, and the session too if the client asked for one. An error that it throws is
	 * logged and changes nothing.
	 *
	 * @default none
	 */
	after?:
		| ((args: { ctx: GenericEndpointContext; passkey: Passkey; session: Session | null }) => Awaitable<void>)
		| undefined;
}

export interface PasskeyAuthenticationOptions {
	/**
	 * Whether the authenticator must verify the user (PIN, fingerprint, face) at sign-in. With `required`, a response
	 * without user verification is refused. `preferred` and `discouraged` are requests to the browser only.
	 *
	 * @default "required"
	 */
	userVerification?: UserVerificationRequirement | undefined;
	/**
	 * What to do with a sign-in whose signature counter did not increase. The cause can be a cloned authenticator; some
	 * synced authenticators do the same. `reject` refuses the sign-in. `report` accepts it, writes a log line and calls
	 * `onEvent`. The stored counter never decreases.
	 *
	 * @default "reject"
	 */
	counterRegression?: CounterRegression | undefined;
	/**
	 * What to do with a sign-in whose passkey changed its backup eligibility after registration. WebAuthn does not allow
	 * this, but password managers did it to passkeys that people still use. `report` accepts the sign-in, updates
	 * `deviceType` and `backedUp` of the passkey and calls `onEvent`. `reject` refuses the sign-in: the passkey is then
	 * lost to its owner. Use it if passkeys must stay on one device.
	 *
	 * @default "report"
	 */
	backupEligibilityChange?: BackupEligibilityChange | undefined;
	/**
	 * WebAuthn extensions to request at sign-in and step-up: `prf`, `largeBlob` and others. The inputs are JSON, and
	 * bytes are base64url text. A function can return them for each request.
	 *
	 * @default none
	 */
	extensions?: PasskeyExtensionsResolver | undefined;
	/**
	 * Called after a sign-in is verified and before its session is created, and after a step-up is verified. If it
	 * throws, the sign-in or step-up is refused. `verification.authenticationInfo.authenticatorExtensionResults` holds
	 * the signed extension results, and `clientData.clientExtensionResults` the flags that the client claims.
	 *
	 * @default none
	 */
	afterVerification?:
		| ((args: {
				ctx: GenericEndpointContext;
				verification: VerifiedAuthenticationResponse;
				clientData: AuthenticationResponseJSON;
		  }) => Awaitable<void>)
		| undefined;
	/**
	 * Called at each step of a sign-in or step-up, before anything is written and before the response is parsed. `userId`
	 * is the user who was signed in when the ceremony began. If the passkey is the second factor, it is the user who gave
	 * the password. If the function throws, the step is refused. The client gets an `APIError` unchanged; any other error
	 * becomes `AUTHENTICATION_FAILED`.
	 *
	 * @default none
	 */
	before?:
		| ((args: { ctx: GenericEndpointContext; step: PasskeyCeremonyStep; userId: string | null }) => Awaitable<void>)
		| undefined;
	/**
	 * Called after the session is stored. An error that it throws is logged and changes nothing.
	 *
	 * @default none
	 */
	after?:
		| ((args: { ctx: GenericEndpointContext; passkey: Passkey; session: Session; user: User }) => Awaitable<void>)
		| undefined;
}

export interface PasskeyOptions {
	/**
	 * The RP ID: the domain that passkeys belong to, for example `example.com`. It must equal the host of each web origin
	 * in `origin`, or be a parent domain of it. If you change it later, existing passkeys no longer work. The plugin
	 * refuses a value with a scheme, a port, a path or capital letters.
	 *
	 * @default the host of `baseURL`, or the host of the only web origin in `origin`
	 */
	rpID?: string | PasskeyResolver<string> | undefined;
	/** The same option as `rpID`, spelled as in the WebAuthn specification. The plugin refuses two different values. */
	rpId?: string | PasskeyResolver<string> | undefined;
	/**
	 * The site's name. Authenticators may show it.
	 *
	 * @default the `appName` of Better Auth
	 */
	rpName?: string | PasskeyResolver<string> | undefined;
	/**
	 * The origins that may run ceremonies, written exactly: `https://example.com` (no path, no trailing slash), or
	 * `android:apk-key-hash:…` for an Android app. A function can return them for each request. It must choose from a
	 * list that the server knows, and must not return a value from a request header.
	 *
	 * @default the origin of `baseURL`; if `baseURL` has `allowedHosts`, the allowed host that received the request
	 */
	origin?: string | string[] | null | PasskeyResolver<string | string[]> | undefined;
	/**
	 * More origins that may run ceremonies, on domains outside `rpID`. Browsers refuse them unless
	 * `https://<rpID>/.well-known/webauthn` lists them; `wellKnown()` serves that file.
	 *
	 * @default []
	 */
	relatedOrigins?: string[] | undefined;
	/**
	 * The kind of authenticator to request when a passkey is created. `userVerification: "required"` is also enforced: a
	 * registration without user verification is refused.
	 *
	 * @default { residentKey: "preferred", userVerification: "required" }
	 */
	authenticatorSelection?: AuthenticatorSelectionCriteria | undefined;
	/**
	 * The signature algorithms that a new passkey may have, in order of preference. These COSE identifiers are allowed:
	 * EdDSA (-8, -19), ES256 (-7, -9), RS256/384/512 (-257, -258, -259) and PS256/384/512 (-37, -38, -39). The plugin
	 * refuses other identifiers and an empty list.
	 *
	 * @default [-8, -7, -257]
	 */
	algorithms?: COSEAlgorithmIdentifier[] | undefined;
	/**
	 * The kinds of authenticator that browsers should suggest first: `security-key`, `client-device`, `hybrid`. Browsers
	 * may ignore hints, and the server does not enforce them.
	 *
	 * @default []
	 */
	hints?: PublicKeyCredentialHint[] | undefined;
	/**
	 * How long the browser should wait for the user, in milliseconds: from 1000 to the lifetime of the challenge
	 * (`challenge.expiresIn`). Browsers treat it as a hint, and autofill has no timeout.
	 *
	 * @default 60000, or the lifetime of the challenge if that is shorter
	 */
	timeout?: number | undefined;
	challenge?:
		| {
				/**
				 * The lifetime of a challenge in seconds, 10 to 3600. A response that arrives later is refused.
				 *
				 * @default 300
				 */
				expiresIn?: number | undefined;
		  }
		| undefined;
	advanced?:
		| {
				/**
				 * The name of the signed cookie that holds the ceremony ID. GET requests for options set it.
				 *
				 * @default "better-auth-passkey"
				 */
				webAuthnChallengeCookie?: string | undefined;
		  }
		| undefined;
	/**
	 * Requests attestation at registration and decides which authenticators are trusted: the result of `attestation()`
	 * from `touchstone-webauthn/attestation`. It adds two columns to the table.
	 *
	 * @default none: no attestation is requested
	 */
	attestation?: PasskeyAttestation | undefined;
	/**
	 * Names of authenticators, or names with icons, by AAGUID. Lists of passkeys return them as `provider`. `aaguids`
	 * from `touchstone-webauthn/aaguids` has hundreds of names. The plugin refuses a key that is not an AAGUID in lower
	 * case.
	 *
	 * @default `commonAuthenticatorNames`, which has sixteen names
	 */
	authenticators?: Authenticators | undefined;
	/**
	 * How many passkeys one user may have, 1 to 1000. Revoked passkeys count until they are deleted. A registration
	 * beyond this number is refused with `TOO_MANY_PASSKEYS`.
	 *
	 * @default 50
	 */
	maxPasskeysPerUser?: number | undefined;
	/**
	 * Whether the plugin refuses to delete or revoke a passkey that is the user's last sign-in method. Other sign-in
	 * methods are a usable password, a linked account, and a verified e-mail address or phone number to which this server
	 * sends codes or links. Set it to false if users also sign in by a method that Better Auth does not know.
	 *
	 * @default true
	 */
	keepLastSignInMethod?: boolean | undefined;
	/**
	 * What `auth.api.cleanUpPasskeys()` does in addition to deleting expired challenges, and whether a timer calls it.
	 *
	 * @default no passkey is revoked, and no timer runs
	 */
	cleanup?: PasskeyCleanupOptions | undefined;
	/**
	 * Other names for the table and its columns.
	 *
	 * @default the names of `@better-auth/passkey`
	 */
	schema?: InferOptionSchema<typeof passkeySchema> | undefined;
	/** Options for adding a passkey and for signing up with one. */
	registration?: PasskeyRegistrationOptions | undefined;
	/** Options for signing in and for step-up. */
	authentication?: PasskeyAuthenticationOptions | undefined;
	/**
	 * Options for step-up: the signed-in user uses a passkey again and gets a proof for one purpose. Clients call
	 * `passkey.stepUp()`.
	 */
	stepUp?: PasskeyStepUpOptions | undefined;
	/**
	 * Options for users of Better Auth's `twoFactor` plugin. List that plugin before this one. Otherwise a password
	 * sign-in does not return `passkey` in its `twoFactorMethods`.
	 */
	twoFactor?: PasskeyTwoFactorOptions | undefined;
	/**
	 * Whether people may sign up with a passkey and no password. A new account has a placeholder as its e-mail address.
	 * If the user typed an address, Better Auth's `emailVerification.sendVerificationEmail` sends a link to it. The
	 * account gets the address when the link is opened in a browser that is signed in to the account.
	 *
	 * @default false
	 */
	signUp?: boolean | PasskeySignUpOptions | undefined;
	/**
	 * How many requests one IP address may send to the plugin's paths. Each path has its own count. Better Auth's rate
	 * limiter enforces the limits. It is on in production unless Better Auth's own `rateLimit` says otherwise, and
	 * `rateLimit.customRules` override these limits. `false`, here or for one kind, applies Better Auth's general limit
	 * instead.
	 *
	 * @default the default of each kind: see {@link PasskeyRateLimits}
	 */
	rateLimit?: PasskeyRateLimits | false | undefined;
	/**
	 * Called after each event of a passkey. Refusals are events too and carry their precise reason. An error that it
	 * throws is logged and changes nothing.
	 *
	 * @default none
	 */
	onEvent?: PasskeyEventHandler | undefined;
	/**
	 * The lowest level of the log lines that the plugin writes: `error` for faults of the server and of callbacks, `warn`
	 * for refusals, `info` for every event, `silent` for none. Better Auth's logger writes the lines and applies its own
	 * `level` as well. The event follows each line as an object.
	 *
	 * @default "warn"
	 */
	logLevel?: PasskeyLogLevel | undefined;
}
