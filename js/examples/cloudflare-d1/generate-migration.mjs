// Writes the next file in migrations/, with the SQL from Better Auth for everything that src/auth.ts needs and the
// existing files lack: node generate-migration.mjs [name]. Needs Node.js 22.18 or later, which runs TypeScript.
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getMigrations } from "better-auth/db/migration";
import { Miniflare } from "miniflare";
import { createAuth } from "./src/auth.ts";

const folder = join(process.cwd(), "migrations");
mkdirSync(folder, { recursive: true });
const files = readdirSync(folder).filter((file) => file.endsWith(".sql"));

const miniflare = new Miniflare({ modules: true, script: "export default {}", d1Databases: ["DB"] });
try {
	const DB = await miniflare.getD1Database("DB");
	for (const file of files.sort()) await apply(DB, readFileSync(join(folder, file), "utf8"));
	const { options } = createAuth({ DB, BASE_URL: "https://example.com", BETTER_AUTH_SECRET: randomUUID() });
	const migration = await getMigrations(options);
	const lacking = migration.toBeCreated.length + migration.toBeAdded.length + migration.toBeAddedIndexes.length;
	if (lacking === 0) console.log("migrations/ has everything that src/auth.ts needs.");
	else write(await migration.compileMigrations());
} finally {
	await miniflare.dispose();
}

async function apply(database, sql) {
	const statements = sql.split(/;\s*$/m).filter((statement) => statement.trim() !== "");
	await database.batch(statements.map((statement) => database.prepare(statement)));
}

function write(sql) {
	const number = String(files.length + 1).padStart(4, "0");
	const file = `${number}_${process.argv[2] ?? (files.length === 0 ? "init" : "change")}.sql`;
	writeFileSync(join(folder, file), `${sql}\n`, { flag: "wx" });
	console.log(`migrations/${file}`);
}
