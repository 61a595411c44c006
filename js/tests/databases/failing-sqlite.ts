import { DatabaseSync, type StatementSync } from "node:sqlite";

/** Whether a write fails before it is executed, or only its answer is lost, as when a connection breaks. */
export type Failure = "refused" | "unanswered";

/** SQLite in memory; a test can make one write fail. */
export class FailingSqlite extends DatabaseSync {
	/** The writes since `watch`, including the failed one. */
	readonly writes: string[] = [];
	failed = false;
	#failAt = Number.POSITIVE_INFINITY;
	#failure: Failure = "refused";

	constructor() {
		super(":memory:");
	}

	/** Makes the n-th write from now on fail; without n, none fails. */
	watch(n = Number.POSITIVE_INFINITY, failure: Failure = "refused"): void {
		this.writes.length = 0;
		this.failed = false;
		this.#failAt = n;
		this.#failure = failure;
	}

	override prepare(sql: string): StatementSync {
		const statement = super.prepare(sql);
		// Begin and rollback write nothing; a commit can fail like any statement.
		if (!/^(insert|update|delete|commit)\b/i.test(sql)) return statement;
		const run = statement.run.bind(statement);
		const all = statement.all.bind(statement);
		statement.run = ((...parameters: never[]) => this.#write(sql, () => run(...parameters))) as typeof statement.run;
		statement.all = ((...parameters: never[]) => this.#write(sql, () => all(...parameters))) as typeof statement.all;
		return statement;
	}

	#write<T>(sql: string, write: () => T): T {
		this.writes.push(sql);
		const fails = this.writes.length === this.#failAt;
		if (!fails) return write();
		this.failed = true;
		if (this.#failure === "unanswered") write();
		throw new Error("disk I/O error");
	}
}
