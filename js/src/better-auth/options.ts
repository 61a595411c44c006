import { type AuthContext, BetterAuthError, isProduction } from "better-auth";
import type { PasskeyAttestation } from "../attestation/plugin.js";
import type { AuthenticatorSelectionCriteria, UserVerificationRequirement } from "../core/types.js";
import { type Authenticators, parseAuthenticators } from "./authenticators.js";
import type { PasskeyEventHandler } from "./events.js";
import type { PasskeyAuthenticationOptions, PasskeyOptions, PasskeyRegistrationOptions } from "./types.js";

/** The plugin's options after they were checked and completed; routes see nothing else. */
export interface ResolvedOptions {
	rpID: string | null;
	rpName: string | null;
	origins: readonly string[] | null;
	challengeCookie: string;
	registration: {
		requireSession: boolean;
		authenticatorSelection: AuthenticatorSelectionCriteria;
		userVerification: UserVerificationRequirement;
		resolveUser: PasskeyRegistrationOptions["resolveUser"];
		afterVerification: PasskeyRegistrationOptions["afterVerification"];
		extensions: PasskeyRegistrationOptions["extensions"];
	};
	authentication: {
		userVerification: UserVerificationRequirement;
		afterVerification: PasskeyAuthenticationOptions["afterVerification"];
		extensions: PasskeyAuthenticationOptions["extensions"];
	};
	attestation: PasskeyAttestation | null;
	onEvent: PasskeyEventHandler | null;
	authenticators: Authenticators;
}

/** Who asks: what the authenticator binds a passkey to, and where ceremonies may come from. */
export interface RelyingParty {
	rpID: string;
	rpName: string;
	origins: readonly string[];
}

const CONTEXT_KEY = "passkeyRelyingParty";
const DEVELOPMENT_ORIGIN = "http://localhost:3000";

export function parseOptions(options: PasskeyOptions): ResolvedOptions {
	const selection = options.authenticatorSelection ?? {};
	const userVerification = parseUserVerification("authenticatorSelection.userVerification", selection.userVerification);
	return {
		rpID: parseRpID(options.rpID, options.rpId),
		rpName: options.rpName || null,
		origins: parseOrigins(options.origin),
		challengeCookie: options.advanced?.webAuthnChallengeCookie || "better-auth-passkey",
		registration: {
			requireSession: options.registration?.requireSession ?? true,
			authenticatorSelection: { residentKey: "preferred", ...selection, userVerification },
			userVerification,
			resolveUser: options.registration?.resolveUser,
			afterVerification: options.registration?.afterVerification,
			extensions: options.registration?.extensions,
		},
		authentication: {
			userVerification: parseUserVerification(
				"authentication.userVerification",
				options.authentication?.userVerification,
			),
			afterVerification: options.authentication?.afterVerification,
			extensions: options.authentication?.extensions,
		},
		attestation: options.attestation ?? null,
		onEvent: options.onEvent ?? null,
		authenticators: parseAuthenticators(options.authenticators),
	};
}

/**
 * Decides the relying party once, when Better Auth starts. Later is too late: without a `baseURL`, Better Auth fills it
 * in from each request, and a request must not choose the origin that it is compared with.
 */
export function resolveRelyingParty(options: ResolvedOptions, context: AuthContext): Record<string, RelyingParty> {
	const { baseURL } = context.options;
	const base = typeof baseURL === "string" && baseURL !== "" ? new URL(baseURL) : null;
	let origins = options.origins ?? (base ? [base.origin] : null);
	if (!origins) {
		if (isProduction) throw misconfigured("no origin is configured", 'passkey({ origin: "https://example.com" })');
		context.logger.warn(`[passkey] neither origin nor baseURL is set; only ${DEVELOPMENT_ORIGIN} is accepted.`);
		origins = [DEVELOPMENT_ORIGIN];
	}
	const rpID = options.rpID ?? base?.hostname ?? onlyWebHost(origins);
	if (!rpID)
		throw misconfigured("no rpID is configured and origin does not imply one", 'passkey({ rpID: "example.com" })');
	if (options.registration.userVerification !== "required" && options.authentication.userVerification === "required") {
		context.logger.warn(
			"[passkey] sign-in requires user verification and registration does not: a passkey made without it cannot " +
				"sign in. Set authenticatorSelection.userVerification and authentication.userVerification to the same value.",
		);
	}
	return { [CONTEXT_KEY]: { rpID, rpName: options.rpName ?? context.appName, origins } };
}

export function relyingPartyOf(context: object): RelyingParty {
	const found = (context as Record<string, unknown>)[CONTEXT_KEY] as RelyingParty | undefined;
	if (!found) throw new BetterAuthError("passkey: the plugin was not initialised by Better Auth.");
	return found;
}

function parseRpID(rpID: string | undefined, rpId: string | undefined): string | null {
	if (rpID && rpId && rpID !== rpId) throw misconfigured("rpID and rpId differ", "only one of them");
	const value = rpID || rpId;
	if (!value) return null;
	const host = URL.canParse(`https://${value}`) ? new URL(`https://${value}`).hostname : "";
	if (host !== value)
		throw misconfigured(`rpID ${JSON.stringify(value)} is not a plain domain`, `rpID: "${hostOf(value)}"`);
	return value;
}

function parseOrigins(origin: PasskeyOptions["origin"]): string[] | null {
	if (origin === null || origin === undefined || origin === "") return null;
	const origins = Array.isArray(origin) ? origin : [origin];
	if (origins.length === 0) throw misconfigured("the list of origins is empty", 'origin: ["https://example.com"]');
	for (const value of origins) {
		const url = URL.canParse(value) ? new URL(value) : null;
		if (!url) throw misconfigured(`${JSON.stringify(value)} is not an origin`, 'origin: "https://example.com"');
		const isWeb = url.protocol === "https:" || url.protocol === "http:";
		// Origins are compared as strings, so one that is not written as browsers write it would match nothing, silently.
		if (isWeb && url.origin !== value)
			throw misconfigured(`origin ${JSON.stringify(value)} is not exact`, `"${url.origin}"`);
	}
	return origins;
}

function parseUserVerification(name: string, value: unknown): UserVerificationRequirement {
	if (value === undefined) return "required";
	if (value === "required" || value === "preferred" || value === "discouraged") return value;
	throw misconfigured(`${name} is ${JSON.stringify(value)}`, '"required", "preferred" or "discouraged"');
}

function onlyWebHost(origins: readonly string[]): string | null {
	const hosts = new Set(
		origins.filter((origin) => origin.startsWith("http")).map((origin) => new URL(origin).hostname),
	);
	const [host] = hosts;
	return hosts.size === 1 && host ? host : null;
}

function hostOf(value: string): string {
	for (const candidate of [value, `https://${value}`]) {
		const host = URL.canParse(candidate) ? new URL(candidate).hostname : "";
		if (host) return host;
	}
	return "example.com";
}

function misconfigured(problem: string, write: string): BetterAuthError {
	return new BetterAuthError(`passkey: ${problem}. Write ${write}.`);
}
