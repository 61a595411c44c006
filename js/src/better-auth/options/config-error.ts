import { BetterAuthError } from "better-auth";

/** The error for an invalid option. `use` is what to use instead: it follows the word "Use". */
export function configError(problem: string, use: string): BetterAuthError {
	return new BetterAuthError(`passkey: ${problem}. Use ${use}.`);
}

export function parseRange(name: string, value: number, least: number, most: number): number {
	if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
	throw configError(`${name} is ${JSON.stringify(value)}`, `a whole number from ${least} to ${most}`);
}
