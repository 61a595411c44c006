import { configError, parseRange } from "./config-error.js";

/** `reject`: the sign-in is refused. `report`: the sign-in succeeds, with an event and a log line. */
export type CounterRegression = "reject" | "report";

/** `reject`: the sign-in is refused. `report`: the sign-in succeeds, the row is updated, and an event tells of it. */
export type BackupEligibilityChange = "reject" | "report";

export interface PasskeyCleanupOptions {
	/**
	 * After how many days without use a passkey is revoked, 1 to 3650. The days of a passkey that was never used count
	 * from its creation. The reason of the revocation is `inactive`. A passkey that is the account's last sign-in method
	 * is not revoked, unless `keepLastSignInMethod` is false.
	 *
	 * @default none: no passkey is revoked
	 */
	inactiveDays?: number | undefined;
	/**
	 * How often a timer runs the clean-up, in hours, 1 to 168. The timer needs a server that keeps running. On Workers
	 * and other serverless platforms, omit this option and call `auth.api.cleanUpPasskeys()` from the platform's
	 * scheduler.
	 *
	 * @default none: no timer runs
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
	throw configError(`authentication.counterRegression is ${JSON.stringify(value)}`, '"reject" or "report"');
}

export function parseBackupEligibilityChange(value: unknown): BackupEligibilityChange {
	if (value === undefined) return "report";
	if (value === "reject" || value === "report") return value;
	throw configError(`authentication.backupEligibilityChange is ${JSON.stringify(value)}`, '"reject" or "report"');
}

export function parseCleanup({ inactiveDays, everyHours }: PasskeyCleanupOptions = {}): Cleanup {
	return {
		inactiveDays: inactiveDays === undefined ? null : parseRange("cleanup.inactiveDays", inactiveDays, 1, 3650),
		everyHours: everyHours === undefined ? null : parseRange("cleanup.everyHours", everyHours, 1, 168),
	};
}
