import { Miniflare } from "miniflare";
import { describe } from "vitest";
import type { Backend } from "./backends.js";
import { describeDatabase } from "./suite.js";

/** Cloudflare's database in the Workers runtime: it has no transactions, and each statement is a request. */
async function openD1(): Promise<Backend> {
	const worker = new Miniflare({
		modules: true,
		script: "export default {}",
		d1Databases: ["DATABASE"],
	});
	const database = await worker.getD1Database("DATABASE");
	return { options: { database: database as never }, close: () => worker.dispose() };
}

describe("D1", () => describeDatabase(openD1));
