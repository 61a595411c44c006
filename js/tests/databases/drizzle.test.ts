import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { drizzleAdapter } from "@better-auth/drizzle-adapter";
import { createClient } from "@libsql/client";
import {
	generateDrizzleJson,
	generateMigration,
	generateMySQLDrizzleJson,
	generateMySQLMigration,
	generateSQLiteDrizzleJson,
	generateSQLiteMigration,
} from "drizzle-kit/api";
import { drizzle as drizzleLibsql } from "drizzle-orm/libsql";
import { drizzle as drizzleMysql } from "drizzle-orm/mysql2";
import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import type { Pool } from "mysql2/promise";
import pg from "pg";
import { afterAll, describe, inject } from "vitest";
import { type Backend, createPostgresDatabase, openMariadb } from "./backends.js";
import { auth } from "./command.js";
import { describeDatabase } from "./suite.js";

/** In this folder, because the generated code imports packages that resolve from here. */
const folder = mkdtempSync(fileURLToPath(new URL("generated-", import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true }));

/** The tables that Better Auth's command line generates for this dialect. */
async function generateSchema(dialect: "sqlite" | "postgresql" | "mysql"): Promise<Record<string, unknown>> {
	const output = join(folder, `${dialect}.ts`);
	await auth({ TABLES: "default" }, "generate", "--adapter", "drizzle", "--dialect", dialect, "--output", output);
	return import(pathToFileURL(output).href);
}

async function openSqlite(): Promise<Backend> {
	const schema = await generateSchema("sqlite");
	const data = mkdtempSync(join(folder, "data-"));
	const client = createClient({ url: pathToFileURL(join(data, "test.sqlite")).href });
	return {
		options: { database: drizzleAdapter(drizzleLibsql(client, { schema }), { provider: "sqlite", schema }) },
		async migrate() {
			const [nothing, tables] = [await generateSQLiteDrizzleJson({}), await generateSQLiteDrizzleJson(schema)];
			for (const statement of await generateSQLiteMigration(nothing, tables)) await client.execute(statement);
		},
		close: async () => client.close(),
	};
}

async function openPostgres(): Promise<Backend> {
	const schema = await generateSchema("postgresql");
	const pool = new pg.Pool({ connectionString: await createPostgresDatabase(), max: 10 });
	return {
		options: { database: drizzleAdapter(drizzlePg(pool, { schema }), { provider: "pg", schema }) },
		async migrate() {
			const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema));
			for (const statement of statements) await pool.query(statement);
		},
		close: () => pool.end(),
	};
}

async function openMysql(): Promise<Backend> {
	const schema = await generateSchema("mysql");
	const { options, close } = await openMariadb();
	const pool = options.database as Pool;
	const db = drizzleMysql(pool, { schema, mode: "default" });
	return {
		options: { database: drizzleAdapter(db, { provider: "mysql", schema }) },
		async migrate() {
			const [nothing, tables] = [await generateMySQLDrizzleJson({}), await generateMySQLDrizzleJson(schema)];
			for (const statement of await generateMySQLMigration(nothing, tables)) await pool.query(statement);
		},
		close,
	};
}

describe("Drizzle's adapter on SQLite", () => describeDatabase(openSqlite));

describe.skipIf(inject("servers").postgres === null)("Drizzle's adapter on PostgreSQL", () =>
	describeDatabase(openPostgres),
);

describe.skipIf(inject("servers").mariadb === null)("Drizzle's adapter on MariaDB", () =>
	describeDatabase(openMysql, { longestCredentialId: 191 }),
);
