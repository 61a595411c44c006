import { type AuthContext, BetterAuthError } from "better-auth";
import { LEVELS, type PasskeyLogLevel } from "../options/log-level.js";
import type { ResolvedOptions } from "../options/resolve.js";

/** The options by which refusals, events and lines of the log are reported. */
type Reporting = Pick<ResolvedOptions, "logLevel" | "onEvent">;

const CONTEXT_KEY = "passkeyReporting";

/** A part of Better Auth's context: reporting finds its options there, so that no function has to hand them on. */
export function reportingContext({ logLevel, onEvent }: Reporting): Record<string, Reporting> {
	return { [CONTEXT_KEY]: { logLevel, onEvent } };
}

export function reportingOf(context: object): Reporting {
	const found = (context as Record<string, Reporting | undefined>)[CONTEXT_KEY];
	if (!found) throw new BetterAuthError("passkey: the plugin was not initialised by Better Auth.");
	return found;
}

/** One line through Better Auth's logger, which has a level of its own, and what it is about for loggers that take objects. */
export function log(
	context: Pick<AuthContext, "logger">,
	level: Exclude<PasskeyLogLevel, "silent">,
	line: string,
	about?: unknown,
): void {
	if (LEVELS.indexOf(level) < LEVELS.indexOf(reportingOf(context).logLevel)) return;
	context.logger[level](`[passkey] ${line}`, ...(about === undefined ? [] : [about]));
}
