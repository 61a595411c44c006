import type { AuthContext } from "better-auth";
import { misconfigured } from "./misconfigured.js";

export type PasskeyLogLevel = "debug" | "info" | "warn" | "error" | "silent";

const LEVELS: readonly PasskeyLogLevel[] = ["debug", "info", "warn", "error", "silent"];

export function parseLogLevel(level: unknown): PasskeyLogLevel {
	if (level === undefined) return "warn";
	const known = LEVELS.find((name) => name === level);
	if (known) return known;
	throw misconfigured(`logLevel is ${JSON.stringify(level)}`, LEVELS.map((name) => JSON.stringify(name)).join(", "));
}

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
