import type { BetterAuthPlugin } from "better-auth";
import { misconfigured } from "./config-error.js";

export interface PasskeyRateLimit {
	/** Seconds. */
	window: number;
	/** Requests that one address, of IPv6 one /64 network, may send to one path in this time. */
	max: number;
}

export interface PasskeyRateLimits {
	/**
	 * The two paths of adding a passkey, and of signing up with one.
	 *
	 * @default { window: 60, max: 20 }
	 */
	registration?: PasskeyRateLimit | false | undefined;
	/**
	 * The two paths of signing in. Every page with autofill asks for options, and many people may share an address.
	 *
	 * @default { window: 60, max: 60 }
	 */
	authentication?: PasskeyRateLimit | false | undefined;
	/**
	 * The other paths.
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

/** The rules for Better Auth's limiter, which runs before bodies are read and before anything is looked up. */
export function rateLimitRules(limits: PasskeyRateLimits | false | undefined): Rules {
	if (limits === false) return [];
	const unknown = Object.keys(limits ?? {}).find((name) => !KINDS.includes(name as Kind));
	if (unknown) throw misconfigured(`rateLimit.${unknown} is unknown`, KINDS.join(", "));
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
	throw misconfigured(`${name} is ${JSON.stringify(value)}`, "a whole number of at least 1");
}
