import { BetterAuthError } from "better-auth";

/** An option that cannot work, with what to write instead. */
export function misconfigured(problem: string, write: string): BetterAuthError {
	return new BetterAuthError(`passkey: ${problem}. Write ${write}.`);
}
