import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { redisStorage } from "@better-auth/redis-storage";
import type { BetterAuthOptions } from "better-auth";
import { Redis } from "ioredis";
import { createConnection, createPool } from "mysql2/promise";
import pg from "pg";
import type { PasskeyOptions } from "touchstone-webauthn/better-auth";
import { inject } from "vitest";

/** An empty database, in the form that an application passes to Better Auth. */
export interface Backend {
	options: Pick<BetterAuthOptions, "database" | "secondaryStorage" | "verification" | "advanced">;
	/** The plugin's own options. */
	passkey?: PasskeyOptions;
	/** Creates the tables if Better Auth's own migrations do not. */
	migrate?: () => Promise<void>;
	/** The sessions, if they are not in the table. */
	sessions?: () => Promise<Record<string, unknown>[]>;
	close(): Promise<void>;
}

export function openSqlite(): Backend {
	const folder = mkdtempSync(join(tmpdir(), "touchstone-sqlite-"));
	const database = new DatabaseSync(join(folder, "test.sqlite"));
	database.exec("pragma synchronous = off");
	return {
		options: { database },
		async close() {
			database.close();
			rmSync(folder, { recursive: true });
		},
	};
}

/** The URL of a new database on the tests' server, or undefined if there is no server. */
export async function createPostgresDatabase(): Promise<string | undefined> {
	const { postgres: port } = inject("servers");
	if (port === null) return undefined;
	const name = `test_${randomUUID().replaceAll("-", "")}`;
	const admin = new pg.Client({ host: "127.0.0.1", port, user: "test", database: "postgres" });
	await admin.connect();
	await admin.query(`create database ${name}`);
	await admin.end();
	return `postgres://test@127.0.0.1:${port}/${name}`;
}

export async function openPostgres(): Promise<Backend> {
	const pool = new pg.Pool({ connectionString: await createPostgresDatabase(), max: 10 });
	return { options: { database: pool }, close: () => pool.end() };
}

/** Sessions and challenges in Redis, the rest in SQLite. */
export function openRedis(prefix: string = randomUUID()): Backend & { redis: Redis } {
	const sqlite = openSqlite();
	const redis = new Redis(Number(inject("servers").redis), "127.0.0.1", { keyPrefix: `${prefix}:` });
	return {
		...sqlite,
		redis,
		options: { ...sqlite.options, secondaryStorage: redisStorage({ client: redis }) },
		async sessions() {
			const keys = await redis.keys(`${prefix}:*`);
			return keys.filter((key) => !key.includes("verification:")).map((key) => ({ key }));
		},
		async close() {
			redis.disconnect();
			await sqlite.close();
		},
	};
}

/** The connection options of a new database on the tests' server. */
export async function createMariadbDatabase() {
	const server = { host: "127.0.0.1", port: Number(inject("servers").mariadb), user: "root" };
	const database = `test_${randomUUID().replaceAll("-", "")}`;
	const admin = await createConnection(server);
	await admin.query(`create database ${database} character set utf8mb4`);
	await admin.end();
	return { ...server, database };
}

export async function openMariadb(sqlMode = "STRICT_TRANS_TABLES"): Promise<Backend> {
	// Better Auth's documentation creates the pool with this time zone, because its timestamps have none.
	const pool = createPool({ ...(await createMariadbDatabase()), timezone: "Z", connectionLimit: 10 });
	pool.pool.on("connection", (connection) => void connection.query(`set sql_mode = '${sqlMode}'`));
	return { options: { database: pool }, close: () => pool.end() };
}
