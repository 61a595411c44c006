import { configError } from "./config-error.js";

export type PasskeyLogLevel = "debug" | "info" | "warn" | "error" | "silent";

export const LEVELS: readonly PasskeyLogLevel[] = ["debug", "info", "warn", "error", "silent"];

export function parseLogLevel(level: unknown): PasskeyLogLevel {
	if (level === undefined) return "warn";
	const known = LEVELS.find((name) => name === level);
	if (known) return known;
	throw configError(
		`logLevel is ${JSON.stringify(level)}`,
		`one of ${LEVELS.map((name) => JSON.stringify(name)).join(", ")}`,
	);
}
