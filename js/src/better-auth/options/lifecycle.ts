import { misconfigured, parseRange } from "./config-error.js";

/** `report`: the sign-in passes, and an event and a line of the log tell of it. */
export type CounterRegression = "reject" | "report";

export interface PasskeyCleanupOptions {
	/**
	 * Passkeys that were last used, or made if they never were, this many days ago are revoked with the reason `inactive`;
	 * 1 to 3650. The last way to sign in to an account is left, unless `keepLastSignInMethod` is false.
	 *
	 * @default none is revoked
	 */
	inactiveDays?: number | undefined;
	/**
	 * Clean up by a timer every so many hours, 1 to 168, for servers that keep running. Where they do not, as on Workers and
	 * other serverless platforms, leave it out and call `auth.api.cleanUpPasskeys()` from the platform's own trigger.
	 *
	 * @default no timer
	 */
	everyHours?: number | undefined;
}

export interface Cleanup {
	inactiveDays: number | null;
	everyHours: number | null;
}

export function parseCounterRegression(value: unknown): CounterRegression {
	if (value === undefined) return "reject";
	if (value === "reject" || value === "report") return value;
	throw misconfigured(`authentication.counterRegression is ${JSON.stringify(value)}`, '"reject" or "report"');
}

export function parseCleanup({ inactiveDays, everyHours }: PasskeyCleanupOptions = {}): Cleanup {
	return {
		inactiveDays: inactiveDays === undefined ? null : parseRange("cleanup.inactiveDays", inactiveDays, 1, 3650),
		everyHours: everyHours === undefined ? null : parseRange("cleanup.everyHours", everyHours, 1, 168),
	};
}
