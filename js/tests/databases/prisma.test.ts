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

/** In this folder, because the generated client imports packages that resolve from here. */
const folder = mkdtempSync(fileURLToPath(new URL("generated-", import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true }));

interface Client {
	$disconnect(): Promise<void>;
}

/** Prisma 7 has its engine as wasm in its packages. Only migrations need the engine that its command downloads. */
const NO_DOWNLOADS = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" };

type Dialect = "postgresql" | "mysql";

/** The client that Prisma's command generates from the models that Better Auth's command line writes. */
async function generateClient(dialect: Dialect): Promise<new (options: { adapter: unknown }) => Client> {
	const schema = join(folder, `${dialect}.prisma`);
	await auth({ TABLES: "default" }, "generate", "--adapter", "prisma", "--dialect", dialect, "--output", schema);
	const written = readFileSync(schema, "utf8");
	// The project's own settings stand above the models.
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

/** Prisma's own migrations need an engine that is not installed; Better Auth's migrations create the same columns. */
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
