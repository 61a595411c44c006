import type { AuthContext } from "better-auth";
import { LEVELS, type PasskeyLogLevel, parseLogLevel } from "../options/log-level.js";
import type { ResolvedOptions } from "../options/resolve.js";

/** The options that control how refusals, events and log lines are reported. */
type Reporting = Pick<ResolvedOptions, "logLevel" | "onEvent">;

const CONTEXT_KEY = "passkeyReporting";

/** Stores the options in Better Auth's context, where reporting finds them. No function has to pass them on. */
export function reportingContext({ logLevel, onEvent }: Reporting): Record<string, Reporting> {
	return { [CONTEXT_KEY]: { logLevel, onEvent } };
}

/** Reporting must not turn a refusal into a failure, so a context without the options gets the defaults. */
export function reportingOf(context: object): Reporting {
	const found = (context as Record<string, Reporting | undefined>)[CONTEXT_KEY];
	return found ?? { logLevel: parseLogLevel(undefined), onEvent: null };
}

/**
 * Writes one line to Better Auth's logger, which also applies its own level. `about` is for loggers that accept
 * objects.
 */
export function log(
	context: Pick<AuthContext, "logger">,
	level: Exclude<PasskeyLogLevel, "silent">,
	line: string,
	about?: unknown,
): void {
	if (LEVELS.indexOf(level) < LEVELS.indexOf(reportingOf(context).logLevel)) return;
	context.logger[level](`[passkey] ${line}`, ...(about === undefined ? [] : [about]));
}
