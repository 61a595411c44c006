import { BetterAuthError } from "better-auth";

/** An option that cannot work, with what to write instead. */
export function misconfigured(problem: string, write: string): BetterAuthError {
	return new BetterAuthError(`passkey: ${problem}. Write ${write}.`);
}

export function parseRange(name: string, value: number, least: number, most: number): number {
	if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
	throw misconfigured(`${name} is ${JSON.stringify(value)}`, `a whole number from ${least} to ${most}`);
}
