import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { getMigrations } from "better-auth/db/migration";
import { passkey } from "touchstone-webauthn/better-auth";
import { afterAll, describe, expect, inject, it } from "vitest";
import { type Backend, openMariadb, openPostgres, openSqlite } from "./backends.js";
import { auth } from "./command.js";
import { CUSTOM_TABLE } from "./golden/custom-table.js";

const servers = inject("servers");
const folder = mkdtempSync(join(tmpdir(), "touchstone-golden-"));
afterAll(() => rmSync(folder, { recursive: true }));

const golden = (name: string) => fileURLToPath(new URL(`golden/${name}`, import.meta.url));

/** The parts about our table. The other tables belong to Better Auth and change with it. */
function ofPasskeys(text: string, separator: RegExp): string {
	const ours = /^(create (table|index) |model |export const |CREATE TABLE )\W?(passkey|webauthn_credentials)/i;
	const parts = text.split(separator).map((part) => part.trim());
	return `${parts.filter((part) => ours.test(part)).join("\n\n")}\n`;
}

describe("auth generate", () => {
	it.each([
		["custom.postgresql.prisma", "custom", ["--adapter", "prisma", "--dialect", "postgresql"]],
		["plural.mysql.prisma", "plural prisma", []],
		["default.mysql.drizzle.txt", "default", ["--adapter", "drizzle", "--dialect", "mysql"]],
		["plural.postgresql.drizzle.txt", "plural drizzle", []],
	])("writes the content of golden/%s", async (name, tables, choice) => {
		const output = join(folder, name);
		await auth({ TABLES: tables }, "generate", "--output", output, ...choice);
		const separator = name.endsWith(".prisma") ? /\n(?=model )/ : /\n(?=export )/;
		await expect(ofPasskeys(readFileSync(output, "utf8"), separator)).toMatchFileSnapshot(golden(name));
	});
});

describe("auth migrate", () => {
	it.each(["default", "custom"])("creates the %s table, and then finds nothing to do", async (tables) => {
		const SQLITE = join(folder, `${tables}.sqlite`);
		await auth({ TABLES: tables, SQLITE }, "migrate");
		const made = new DatabaseSync(SQLITE);
		const statements = made.prepare("select sql from sqlite_master where sql is not null").all();
		made.close();
		const part = ofPasskeys(statements.map(({ sql }) => sql).join(";\n\n"), /;\n\n/);
		await expect(part).toMatchFileSnapshot(golden(`${tables}.migrated.sqlite.sql`));
		expect(await auth({ TABLES: tables, SQLITE }, "migrate")).toMatch(/no migrations needed/i);
	});
});

describe.each<[string, () => Backend | Promise<Backend>, boolean]>([
	["sqlite", () => openSqlite(), true],
	["postgresql", openPostgres, servers.postgres !== null],
	["mariadb", () => openMariadb(), servers.mariadb !== null],
])("the SQL for %s", (dialect, open, available) => {
	it.skipIf(!available).each(["default", "custom"])(
		"creates the %s table as the golden file states",
		async (tables) => {
			const backend = await open();
			const custom = { advanced: { database: { generateId: "uuid" } } } as const;
			try {
				const { compileMigrations } = await getMigrations({
					...backend.options,
					...(tables === "custom" && custom),
					plugins: [passkey(tables === "custom" ? { schema: CUSTOM_TABLE } : {})],
				});
				const sql = ofPasskeys(await compileMigrations(), /;\n\n|;$/);
				await expect(sql).toMatchFileSnapshot(golden(`${tables}.${dialect}.sql`));
			} finally {
				await backend.close();
			}
		},
	);
});
