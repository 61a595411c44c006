import type { AuthContext } from "better-auth";
import { type Auth, resolveFrom } from "../project.js";
import { type Check, fail, ok, reasonOf, warn } from "../report.js";

/** A missing table or column. */
interface Gap {
	table: string;
	/** If absent, the whole table is missing. */
	column?: string;
}

type GetMigrations = typeof import("better-auth/db/migration").getMigrations;

/** Finds tables and columns that the configuration needs and the database does not have. */
export async function checkDatabase(auth: Auth, context: AuthContext, path: string): Promise<Check[]> {
	const { id } = context.adapter;
	try {
		if (id === "memory") return [await inMemory(context)];
		// Better Auth's migrations end the process if they cannot open the database themselves.
		const migrates = id === "kysely" && typeof auth.options.database === "object";
		const gaps = migrates ? await byMigration(auth, path) : await byAdapter(context);
		if (!gaps) return [notLookedAt(id)];
		return gaps.length > 0 ? describe(gaps, id) : [ok("database", `all tables and columns exist (${id})`)];
	} catch (error) {
		const fix = "start the database and check its address; use --env .env to set variables";
		return [fail("database", `the database does not answer: ${reasonOf(error)}`, fix)];
	}
}

async function byMigration(auth: Auth, path: string): Promise<Gap[]> {
	// This is the project's own Better Auth, which also created the adapter.
	const url = resolveFrom(path, "better-auth/db/migration") ?? "better-auth/db/migration";
	const { getMigrations } = (await import(url)) as { getMigrations: GetMigrations };
	const { toBeCreated, toBeAdded } = await getMigrations(
		{ ...auth.options, logger: { disabled: true } },
		{ throwOnUnsafe: false },
	);
	return [
		...toBeCreated.map(({ table }) => ({ table })),
		...toBeAdded.flatMap(({ table, fields }) => Object.keys(fields).map((column) => ({ table, column }))),
	];
}

/** Runs the schema check of the adapters for Drizzle and Prisma. Returns null if the adapter has none. */
async function byAdapter(context: AuthContext): Promise<Gap[] | null> {
	const { checkSchema } = context as { checkSchema?: () => Promise<void> | undefined };
	if (!checkSchema) return null;
	try {
		await checkSchema();
		return [];
	} catch (error) {
		const { findings } = error as { findings?: (Gap & { kind: string })[] };
		if (!findings) throw error;
		return findings.filter(({ kind }) => kind.startsWith("missing-"));
	}
}

function describe(gaps: readonly Gap[], adapter: string): Check[] {
	const fix =
		adapter === "kysely"
			? "run npx auth migrate (or run npx auth generate and apply the SQL)"
			: `run npx auth generate, then apply the schema with ${adapter === "prisma" ? "prisma migrate" : "your migration tool"}`;
	return [...new Set(gaps.map(({ table }) => table))].map((table) => {
		const columns = gaps.flatMap((gap) => (gap.table === table && gap.column ? [gap.column] : []));
		const message =
			columns.length === 0
				? `the table ${table} is missing.`
				: `the table ${table} has no ${columns.length === 1 ? "column" : "columns"} ${columns.join(", ")}.`;
		return fail("database", message, fix);
	});
}

async function inMemory(context: AuthContext): Promise<Check> {
	try {
		await context.adapter.findMany({ model: "passkey", limit: 1 });
	} catch (error) {
		return fail("database", `passkeys cannot be read: ${reasonOf(error)}`, "use memoryAdapter({ …, passkey: [] })");
	}
	return warn("database", "passkeys are only in memory and lost on restart.", "set database before production");
}

function notLookedAt(id: string): Check {
	const message = `the adapter ${id} cannot report its tables and columns, so they were not checked.`;
	return warn("database", message, "compare your schema with the output of npx auth generate");
}
