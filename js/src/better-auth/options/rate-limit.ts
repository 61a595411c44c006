import type { BetterAuthPlugin } from "better-auth";
import { configError } from "./config-error.js";

export interface PasskeyRateLimit {
	/** The length of the time window in seconds, at least 1. */
	window: number;
	/** How many requests one IPv4 address or one IPv6 /64 network may send to one path in this window, at least 1. */
	max: number;
}

export interface PasskeyRateLimits {
	/**
	 * The limit of each of the two paths for registration: adding a passkey and signing up with one.
	 *
	 * @default { window: 60, max: 20 }
	 */
	registration?: PasskeyRateLimit | false | undefined;
	/**
	 * The limit of each path for sign-in and step-up. Every page with autofill requests options, and many people may
	 * share one address, so leave room.
	 *
	 * @default { window: 60, max: 60 }
	 */
	authentication?: PasskeyRateLimit | false | undefined;
	/**
	 * The limit of each other path of the plugin.
	 *
	 * @default { window: 60, max: 60 }
	 */
	management?: PasskeyRateLimit | false | undefined;
}

type Kind = keyof PasskeyRateLimits;
type Rules = NonNullable<BetterAuthPlugin["rateLimit"]>;

const KINDS: readonly Kind[] = ["registration", "authentication", "management"];

const DEFAULTS: Record<Kind, PasskeyRateLimit> = {
	registration: { window: 60, max: 20 },
	authentication: { window: 60, max: 60 },
	management: { window: 60, max: 60 },
};

const REGISTRATION: ReadonlySet<string> = new Set([
	"/passkey/generate-register-options",
	"/passkey/verify-registration",
]);
const AUTHENTICATION: ReadonlySet<string> = new Set([
	"/passkey/generate-authenticate-options",
	"/passkey/verify-authentication",
	"/passkey/generate-step-up-options",
	"/passkey/verify-step-up",
]);

/** The rules for Better Auth's rate limiter. It runs before a body is read and before the database is used. */
export function rateLimitRules(limits: PasskeyRateLimits | false | undefined): Rules {
	if (limits === false) return [];
	const unknown = Object.keys(limits ?? {}).find((name) => !KINDS.includes(name as Kind));
	if (unknown) throw configError(`rateLimit.${unknown} is not an option`, "registration, authentication or management");
	return KINDS.flatMap((kind) => {
		const limit = limits?.[kind] ?? DEFAULTS[kind];
		if (limit === false) return [];
		const { window, max } = limit;
		requirePositive(`rateLimit.${kind}.window`, window);
		requirePositive(`rateLimit.${kind}.max`, max);
		return [{ pathMatcher: (path: string) => kindOf(path) === kind, window, max }];
	});
}

function kindOf(path: string): Kind | null {
	if (REGISTRATION.has(path)) return "registration";
	if (AUTHENTICATION.has(path)) return "authentication";
	return path.startsWith("/passkey/") ? "management" : null;
}

function requirePositive(name: string, value: unknown): void {
	if (Number.isSafeInteger(value) && Number(value) > 0) return;
	throw configError(`${name} is ${JSON.stringify(value)}`, "a whole number that is at least 1");
}
