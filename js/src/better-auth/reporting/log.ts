import type { AuthContext } from "better-auth";
import { LEVELS, type PasskeyLogLevel } from "../options/log-level.js";

/** One line through Better Auth's logger, which has a level of its own, and what it is about for loggers that take objects. */
export function log(
	{ logger }: Pick<AuthContext, "logger">,
	options: { logLevel: PasskeyLogLevel },
	level: Exclude<PasskeyLogLevel, "silent">,
	line: string,
	about?: unknown,
): void {
	if (LEVELS.indexOf(level) < LEVELS.indexOf(options.logLevel)) return;
	logger[level](`[passkey] ${line}`, ...(about === undefined ? [] : [about]));
}
