import type { PasskeyAttestation } from "../../attestation/plugin.js";
import { USER_VERIFICATION } from "../../core/enumerations.js";
import { DEFAULT_ALGORITHMS } from "../../core/registration.js";
import type {
	AuthenticatorSelectionCriteria,
	COSEAlgorithmIdentifier,
	PublicKeyCredentialHint,
	UserVerificationRequirement,
} from "../../core/types.js";
import { type Authenticators, parseAuthenticators } from "./authenticators.js";
import { configError, parseRange } from "./config-error.js";
import type { PasskeyEventHandler } from "./event.js";
import { parseExtensions } from "./extensions.js";
import {
	type BackupEligibilityChange,
	type Cleanup,
	type CounterRegression,
	parseBackupEligibilityChange,
	parseCleanup,
	parseCounterRegression,
} from "./lifecycle.js";
import { type PasskeyLogLevel, parseLogLevel } from "./log-level.js";
import type {
	PasskeyAuthenticationOptions,
	PasskeyOptions,
	PasskeyRegistrationOptions,
	PasskeyResolver,
} from "./options.js";
import { parseOrigins, parseRpID } from "./origins.js";
import { type PasskeySignUpOptions, parseSignUp } from "./sign-up.js";
import { GATED_ACTIONS, type GatedAction } from "./step-up.js";

/** The plugin's options, checked and with their defaults. Routes use only these. */
export interface ResolvedOptions {
	rpID: string | PasskeyResolver<string> | null;
	rpName: string | PasskeyResolver<string> | null;
	origins: readonly string[] | PasskeyResolver<string | string[]> | null;
	relatedOrigins: readonly string[];
	challengeCookie: string;
	/** Seconds. */
	challengeLifetime: number;
	/** Milliseconds. */
	timeout: number;
	algorithms: readonly COSEAlgorithmIdentifier[];
	hints: readonly PublicKeyCredentialHint[];
	registration: {
		requireSession: boolean;
		authenticatorSelection: AuthenticatorSelectionCriteria;
		userVerification: UserVerificationRequirement;
		resolveUser: PasskeyRegistrationOptions["resolveUser"];
		afterVerification: PasskeyRegistrationOptions["afterVerification"];
		extensions: PasskeyRegistrationOptions["extensions"];
		before: PasskeyRegistrationOptions["before"];
		after: PasskeyRegistrationOptions["after"];
	};
	authentication: {
		userVerification: UserVerificationRequirement;
		counterRegression: CounterRegression;
		backupEligibilityChange: BackupEligibilityChange;
		afterVerification: PasskeyAuthenticationOptions["afterVerification"];
		extensions: PasskeyAuthenticationOptions["extensions"];
		before: PasskeyAuthenticationOptions["before"];
		after: PasskeyAuthenticationOptions["after"];
	};
	/** Null if the site does not offer sign-up. */
	signUp: PasskeySignUpOptions | null;
	attestation: PasskeyAttestation | null;
	maxPasskeysPerUser: number;
	keepLastSignInMethod: boolean;
	cleanup: Cleanup;
	onEvent: PasskeyEventHandler | null;
	logLevel: PasskeyLogLevel;
	authenticators: Authenticators;
	stepUp: {
		/** Seconds. */
		expiresIn: number;
		require: readonly GatedAction[];
	};
	twoFactor: { countsAsBoth: boolean };
}

/** The algorithms that the small wasm verifies. Every sign-in uses it. */
export const ALGORITHMS: readonly COSEAlgorithmIdentifier[] = [-8, -19, -7, -9, -257, -258, -259, -37, -38, -39];

const HINTS: readonly PublicKeyCredentialHint[] = ["security-key", "client-device", "hybrid"];

export function parseOptions(options: PasskeyOptions): ResolvedOptions {
	const selection = options.authenticatorSelection ?? {};
	const challengeLifetime = parseRange("challenge.expiresIn", options.challenge?.expiresIn ?? 300, 10, 3600);
	// A response that arrives after its challenge has expired is refused, so the browser must not wait longer.
	const longest = challengeLifetime * 1000;
	const userVerification = parseUserVerification("authenticatorSelection.userVerification", selection.userVerification);
	return {
		rpID: parseEither(options.rpID, options.rpId),
		rpName: options.rpName || null,
		origins: typeof options.origin === "function" ? options.origin : parseOrigins("origin", options.origin),
		relatedOrigins: options.relatedOrigins?.length
			? (parseOrigins("relatedOrigins", options.relatedOrigins) ?? [])
			: [],
		challengeCookie: options.advanced?.webAuthnChallengeCookie || "better-auth-passkey",
		challengeLifetime,
		timeout: parseRange("timeout", options.timeout ?? Math.min(60_000, longest), 1000, longest),
		algorithms: parseList("algorithms", options.algorithms, DEFAULT_ALGORITHMS, ALGORITHMS),
		hints: parseList("hints", options.hints, [], HINTS),
		registration: {
			requireSession: options.registration?.requireSession ?? true,
			authenticatorSelection: { residentKey: "preferred", ...selection, userVerification },
			userVerification,
			resolveUser: options.registration?.resolveUser,
			afterVerification: options.registration?.afterVerification,
			extensions: parseExtensions("registration", options.registration?.extensions),
			before: options.registration?.before,
			after: options.registration?.after,
		},
		authentication: {
			userVerification: parseUserVerification(
				"authentication.userVerification",
				options.authentication?.userVerification,
			),
			counterRegression: parseCounterRegression(options.authentication?.counterRegression),
			backupEligibilityChange: parseBackupEligibilityChange(options.authentication?.backupEligibilityChange),
			afterVerification: options.authentication?.afterVerification,
			extensions: parseExtensions("authentication", options.authentication?.extensions),
			before: options.authentication?.before,
			after: options.authentication?.after,
		},
		signUp: parseSignUp(options.signUp),
		attestation: options.attestation ?? null,
		maxPasskeysPerUser: parseRange("maxPasskeysPerUser", options.maxPasskeysPerUser ?? 50, 1, 1000),
		keepLastSignInMethod: options.keepLastSignInMethod ?? true,
		cleanup: parseCleanup(options.cleanup),
		onEvent: options.onEvent ?? null,
		logLevel: parseLogLevel(options.logLevel),
		authenticators: parseAuthenticators(options.authenticators),
		stepUp: {
			expiresIn: parseRange("stepUp.expiresIn", options.stepUp?.expiresIn ?? 300, 10, 900),
			require: parseList("stepUp.require", options.stepUp?.require, [], GATED_ACTIONS),
		},
		twoFactor: { countsAsBoth: options.twoFactor?.countsAsBoth ?? true },
	};
}

function parseEither(rpID: PasskeyOptions["rpID"], rpId: PasskeyOptions["rpId"]): ResolvedOptions["rpID"] {
	if (rpID && rpId && rpID !== rpId) throw configError("rpID and rpId have different values", "only one of them");
	const value = rpID || rpId;
	return typeof value === "function" ? value : parseRpID(value);
}

function parseList<T>(name: string, given: T[] | undefined, fallback: readonly T[], known: readonly T[]): readonly T[] {
	if (given === undefined) return fallback;
	const unknown = given.find((value) => !known.includes(value));
	const use = `one or more of ${known.join(", ")}`;
	if (unknown !== undefined) throw configError(`${name} contains ${JSON.stringify(unknown)}`, use);
	if (given.length === 0 && fallback.length > 0) throw configError(`${name} is an empty list`, use);
	return [...new Set(given)];
}

function parseUserVerification(name: string, value: unknown): UserVerificationRequirement {
	if (value === undefined) return "required";
	const known = USER_VERIFICATION.find((requirement) => requirement === value);
	if (known) return known;
	throw configError(`${name} is ${JSON.stringify(value)}`, '"required", "preferred" or "discouraged"');
}
