import type { AuthContext } from "better-auth";
import { type Auth, resolveFrom } from "../project.js";
import { type Check, fail, ok, reasonOf, warn } from "../report.js";

/** What is missing, whoever found it. */
interface Gap {
	table: string;
	/** Without it the whole table is missing. */
	column?: string;
}

type GetMigrations = typeof import("better-auth/db/migration").getMigrations;

/** Tables and columns that the configuration asks for and the database does not have. */
export async function checkDatabase(auth: Auth, context: AuthContext, path: string): Promise<Check[]> {
	const { id } = context.adapter;
	try {
		if (id === "memory") return [await inMemory(context)];
		// Better Auth's migrations end the process for a database that they cannot open themselves.
		const migrates = id === "kysely" && typeof auth.options.database === "object";
		const gaps = migrates ? await byMigration(auth, path) : await byAdapter(context);
		if (!gaps) return [notLookedAt(id)];
		return gaps.length > 0 ? describe(gaps, id) : [ok("database", `every table and column is there (${id})`)];
	} catch (error) {
		const fix = "start the database and check its address; variables come from --env .env";
		return [fail("database", `the database does not answer: ${reasonOf(error)}`, fix)];
	}
}

async function byMigration(auth: Auth, path: string): Promise<Gap[]> {
	// The project's own Better Auth, which is what made the adapter.
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

/** The check that adapters for Drizzle and Prisma bring along; null where there is none. */
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
			? "npx auth migrate (or npx auth generate, and apply the SQL)"
			: `npx auth generate, then apply the schema with ${adapter === "prisma" ? "prisma migrate" : "your migration tool"}`;
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
		return fail("database", `passkeys cannot be read: ${reasonOf(error)}`, "memoryAdapter({ …, passkey: [] })");
	}
	return warn("database", "passkeys are kept in memory and lost with the process.", "database: …, before production");
}

function notLookedAt(id: string): Check {
	const message = `the adapter ${id} does not say which tables and columns it has.`;
	return warn("database", message, "compare the schema with what `npx auth generate` writes");
}
