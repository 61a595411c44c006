type Status = "ok" | "warn" | "fail";

export interface Check {
	/** A stable identifier, for programs that read `--json`. */
	id: string;
	status: Status;
	message: string;
	/** How to fix it. Absent if the status is "ok". */
	fix?: string;
}

export const ok = (id: string, message: string): Check => ({ id, status: "ok", message });
export const warn = (id: string, message: string, fix: string): Check => ({ id, status: "warn", message, fix });
export const fail = (id: string, message: string, fix: string): Check => ({ id, status: "fail", message, fix });

export const hasFailed = (checks: readonly Check[]) => checks.some(({ status }) => status === "fail");

/** One line for each check. Messages quote servers and databases, so line ends and control characters are removed. */
export function toText(checks: readonly Check[]): string {
	const width = Math.max(...checks.map(({ id }) => id.length));
	const lines = checks.map(({ id, status, message, fix }) => {
		const line = `${status.padEnd(4)}  ${id.padEnd(width)}  ${message}${fix ? ` Fix: ${fix}` : ""}`;
		return line.replace(/[\s\p{Cc}]+$/u, "").replace(/\p{Cc}+\s*/gu, " ");
	});
	const count = (status: Status) => checks.filter((check) => check.status === status).length;
	return [...lines, `${count("ok")} ok, ${count("warn")} warn, ${count("fail")} fail`, ""].join("\n");
}

export function toJson(checks: readonly Check[]): string {
	return `${JSON.stringify({ ok: !hasFailed(checks), checks }, null, "\t")}\n`;
}

/** The first line of the error's message, with its cause, because `fetch` puts the reason there. */
export function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const [line = error.name] = error.message.trim().split("\n");
	const cause = error.cause instanceof Error ? error.cause.message || (error.cause as { code?: string }).code : "";
	return cause ? `${line} (${cause})` : line;
}
