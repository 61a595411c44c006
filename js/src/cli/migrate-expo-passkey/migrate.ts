import { resolve } from "node:path";
import type { AuthContext, BetterAuthOptions } from "better-auth";
import { checkConfiguration } from "../doctor/configuration.js";
import { checkDatabase } from "../doctor/database.js";
import { type Auth, findConfig, openProject, resolveFrom } from "../project.js";
import { type Check, fail, hasFailed, reasonOf } from "../report.js";
import type { Row } from "./row.js";
import { expoPasskeyTable, type Migration, migrateExpoPasskeys, readExpoPasskeys } from "./source.js";

export interface Request {
	folder: string;
	config?: string | undefined;
	table: string;
	write: boolean;
	env: Record<string, string | undefined>;
}

export interface Outcome extends Partial<Migration> {
	ok: boolean;
	/** Whether rows were stored, or only checked. */
	written: boolean;
	/** The doctor's checks that stopped the migration. */
	checks: Check[];
}

/** Runs the doctor's checks of the plugin, the start and the tables first. If one fails, nothing is migrated. */
export async function migrate({ folder, config, table, write, env }: Request): Promise<Outcome> {
	const stopped = (checks: Check[]): Outcome => ({ ok: false, written: false, checks });
	const path = config === undefined ? findConfig(folder) : resolve(folder, config);
	if (path === null) {
		return stopped([
			fail("config", "there is no auth.ts or auth.js in the usual folders.", "use --config path/to/auth.ts"),
		]);
	}
	const { auth, checks: opened } = await openProject(path);
	if (!auth) return stopped(opened);
	const { context, checks } = await checkConfiguration(auth, env);
	const needed = checks.filter(({ id }) => id === "plugin" || id === "start");
	if (!context || hasFailed(needed)) return stopped(needed.filter(({ status }) => status === "fail"));
	const tables = await checkDatabase(auth, context, path);
	if (hasFailed(tables)) return stopped(tables);
	let rows: Row[];
	let adapter: AuthContext["adapter"];
	try {
		adapter = await openAdapter(auth, path, table);
		rows = await readExpoPasskeys(adapter, table);
	} catch (error) {
		const message = `the table ${table} cannot be read: ${reasonOf(error)}`;
		return stopped([fail("table", message, "name the table of expo-passkey: --table <name>")]);
	}
	try {
		const migration = await migrateExpoPasskeys(adapter, rows, write);
		return { ok: migration.conflicts.length === 0, written: write, checks: [], ...migration };
	} catch (error) {
		const fix = "run it again: rows that are already stored are skipped";
		return stopped([fail("database", `the database failed during the migration: ${reasonOf(error)}`, fix)]);
	}
}

/** Creates a second Better Auth on the same database, which knows the old table in addition to ours. */
async function openAdapter(auth: Auth, path: string, table: string) {
	const url = resolveFrom(path, "better-auth") ?? "better-auth";
	const { betterAuth } = (await import(url)) as { betterAuth(options: BetterAuthOptions): Auth };
	const { advanced, plugins = [] } = auth.options;
	const both = betterAuth({
		...auth.options,
		plugins: [...plugins, expoPasskeyTable(table)],
		// Older versions of expo-passkey have fewer columns. The missing ones are read as absent.
		advanced: { ...advanced, database: { ...advanced?.database, validateSchema: false } },
	});
	return (await both.$context).adapter;
}

export function describe({ checks, written, migrated = 0, skipped = 0, conflicts = [] }: Outcome): string {
	if (checks.length > 0)
		return `${checks.map(({ message, fix }) => `${message}${fix ? ` Fix: ${fix}` : ""}`).join("\n")}\n`;
	const lines = conflicts.map(({ credentialId, reason }) => `conflict  ${credentialId}: ${reason}`);
	const count = `${migrated} ${written ? "migrated" : "to migrate"}, ${skipped} already stored, ${conflicts.length} in conflict`;
	const advice = written ? "" : "; nothing was stored, use --write to store";
	return `${[...lines.map((line) => line.replace(/\p{Cc}+/gu, " ")), `${count}${advice}`].join("\n")}\n`;
}
