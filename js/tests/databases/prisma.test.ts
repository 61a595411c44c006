import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { PrismaMariaDb } from "@prisma/adapter-mariadb";
import { PrismaPg } from "@prisma/adapter-pg";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { createPool, type Pool } from "mysql2/promise";
import pg from "pg";
import { afterAll, describe, inject } from "vitest";
import { type Backend, createMariadbDatabase, createPostgresDatabase } from "./backends.js";
import { auth } from "./command.js";
import { describeDatabase, migrations } from "./suite.js";

/** Beside this file, because the generated client imports packages that are found from here. */
const folder = mkdtempSync(fileURLToPath(new URL("generated-", import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true }));

interface Client {
	$disconnect(): Promise<void>;
}

/** Prisma 7 has no engine but the wasm in its packages; what its command would download, migrations alone need. */
const NO_DOWNLOADS = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" };

type Dialect = "postgresql" | "mysql";

/** The models as Better Auth's command line writes them, and of these the client that Prisma's makes. */
async function generateClient(dialect: Dialect): Promise<new (options: { adapter: unknown }) => Client> {
	const schema = join(folder, `${dialect}.prisma`);
	await auth({ TABLES: "default" }, "generate", "--adapter", "prisma", "--dialect", dialect, "--output", schema);
	const written = readFileSync(schema, "utf8");
	// Above the models stand a project's own choices.
	const head = `
		generator client {
			provider = "prisma-client-js"
			output = "${dialect}"
		}
		datasource db {
			provider = "${dialect}"
		}
	`;
	writeFileSync(schema, `${head}\n${written.slice(written.indexOf("\nmodel "))}`);
	const program = createRequire(import.meta.url).resolve("prisma/build/index.js");
	const env = { ...process.env, ...NO_DOWNLOADS };
	await promisify(execFile)(process.execPath, [program, "generate", "--schema", schema], { cwd: folder, env });
	const { PrismaClient } = await import(pathToFileURL(join(folder, dialect, "index.js")).href);
	return PrismaClient;
}

/** Prisma's own migrations need the engine that is not here; Better Auth's make the same columns. */
async function open(dialect: Dialect, adapter: unknown, pool: pg.Pool | Pool): Promise<Backend> {
	const PrismaClient = await generateClient(dialect);
	const client = new PrismaClient({ adapter });
	return {
		options: { database: prismaAdapter(client, { provider: dialect }) },
		migrate: async () => (await migrations({ options: { database: pool } })).runMigrations(),
		async close() {
			await client.$disconnect();
			await pool.end();
		},
	};
}

async function openPostgres(): Promise<Backend> {
	const connectionString = String(await createPostgresDatabase());
	const adapter = new PrismaPg({ connectionString, max: 10 });
	return open("postgresql", adapter, new pg.Pool({ connectionString }));
}

async function openMysql(): Promise<Backend> {
	const database = await createMariadbDatabase();
	const adapter = new PrismaMariaDb({ ...database, connectionLimit: 10 });
	return open("mysql", adapter, createPool({ ...database, timezone: "Z" }));
}

describe.skipIf(inject("servers").postgres === null)("Prisma's adapter on PostgreSQL", () =>
	describeDatabase(openPostgres),
);

describe.skipIf(inject("servers").mariadb === null)("Prisma's adapter on MariaDB", () =>
	describeDatabase(openMysql, { longestCredentialId: 191 }),
);
