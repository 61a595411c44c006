import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const js = fileURLToPath(new URL("../", import.meta.url));

const GROUND = ["core", "shared"];
const PLUGIN = ["better-auth/options", "better-auth/storage", "better-auth/reporting", "better-auth/ceremony"];
const FEATURES = ["better-auth/registration", "better-auth/authentication", "better-auth/management"];

/** Which rooms each room may import. The entries and better-auth/index.ts, which put rooms together, are not rooms. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	core: [],
	shared: ["core"],
	attestation: ["core"],
	roots: [],
	aaguids: [],
	client: [...GROUND, "better-auth", ...PLUGIN, ...FEATURES, "better-auth/openapi"],
	cli: [
		...GROUND,
		"better-auth",
		...PLUGIN,
		...FEATURES,
		"better-auth/openapi",
		"cli/doctor",
		"cli/migrate-expo-passkey",
	],
	"cli/doctor": [...GROUND, "better-auth", ...PLUGIN, ...FEATURES, "better-auth/openapi", "cli"],
	"better-auth": GROUND,
	"better-auth/options": [...GROUND, "better-auth/storage", "attestation"],
	"better-auth/storage": GROUND,
	"better-auth/openapi": GROUND,
	"better-auth/reporting": [...GROUND, "better-auth/options"],
	"better-auth/ceremony": [...GROUND, "better-auth/options", "better-auth/storage", "better-auth/reporting"],
	"better-auth/registration": [...GROUND, ...PLUGIN],
	"better-auth/authentication": [...GROUND, ...PLUGIN],
	"better-auth/management": [...GROUND, ...PLUGIN],
	"better-auth/routes": [...GROUND, ...PLUGIN, ...FEATURES, "better-auth/openapi"],
};
const ROOMS = Object.keys(MAY_IMPORT);
/** These rooms import no package. */
const WITHOUT_PACKAGES = ["core", "shared", "attestation", "roots", "aaguids"];

/** A file that only a plant has, so that a plant forms no cycle. */
const target = (room: string) => `${room}/planted-target`;
const specifier = (room: string, path: string) => {
	const found = relative(room, path);
	return found.startsWith(".") ? found : `./${found}`;
};

interface Plant {
	file: string;
	text: string;
	allowed: boolean;
}

/** Each room with an import of each other room, or of another file of its own for routes. */
function* plants(): Generator<Plant> {
	const plant = (room: string, name: string, from: string, allowed: boolean): Plant => ({
		file: `${room}/planted-${name.replaceAll("/", "-")}.ts`,
		text: `export type * from "${from}";\n`,
		allowed,
	});
	for (const room of ROOMS) {
		for (const other of ROOMS.filter((other) => other !== room && !other.startsWith(`${room}/`))) {
			const allowed = MAY_IMPORT[room]?.includes(other) === true;
			// A file of better-auth itself, such as index.ts, is for client and cli.
			yield plant(room, other, `${specifier(room, target(other))}.js`, allowed);
		}
	}
	for (const room of WITHOUT_PACKAGES) yield plant(room, "package", "better-auth", false);
	yield plant("better-auth/openapi", "package", "better-auth/api", false);
	yield plant("better-auth/routes", "sibling", "./planted-target.js", false);
	yield plant("better-auth/routes", "sibling-long", "../routes/planted-target.js", false);
	yield plant("better-auth/options", "long", "../../better-auth/reporting/planted-target.js", false);
	yield plant("better-auth", "route", "./routes/planted-target.js", false);
	yield plant(".", "route", "./better-auth/routes/planted-target.js", false);
}

/** Two files whose types need each other: a cycle that only the compiler sees. */
const CYCLE: Readonly<Record<string, string>> = {
	"core/planted-one.ts": 'import type { Two } from "./planted-two.js";\nexport type One = Two | 1;\n',
	"core/planted-two.ts": 'import type { One } from "./planted-one.js";\nexport type Two = One[];\n',
};

const copy = mkdtempSync(join(tmpdir(), "touchstone-arrows-"));
afterAll(() => rmSync(copy, { recursive: true }));
symlinkSync(join(js, "node_modules"), join(copy, "node_modules"));

/** Lints a copy of the sources with these files in it, by the project's own rules. Returns the rule and file of each error. */
function lint(files: Readonly<Record<string, string>>): string[] {
	rmSync(join(copy, "src"), { recursive: true, force: true });
	cpSync(join(js, "src"), join(copy, "src"), { recursive: true });
	cpSync(join(js, "biome.json"), join(copy, "biome.json"));
	for (const [path, text] of Object.entries(files)) writeFileSync(join(copy, "src", path), text);
	const program = join(js, "node_modules/@biomejs/biome/bin/biome");
	const args = [program, "lint", "src", "--reporter=github", "--max-diagnostics=none"];
	const { stdout, error } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
	if (error) throw error;
	const found = stdout.matchAll(/^::error title=lint\/\w+\/(\w+),file=(?:[^,]*\/)?src\/([^,]+),/gm);
	return [...found].flatMap(([, rule, file]) =>
		rule === "noImportCycles" || rule === "noRestrictedImports" ? [`${rule} ${file}`] : [],
	);
}

describe("the imports between rooms", () => {
	it("are allowed by the lint in the sources", () => {
		expect(lint({})).toEqual([]);
	});

	it("fail the lint if and only if the table does not allow them", () => {
		const planted = [...plants()];
		const targets = ROOMS.map((room) => [`${target(room)}.ts`, "export type Target = 1;\n"]);
		const found = lint(Object.fromEntries([...targets, ...planted.map(({ file, text }) => [file, text])]));
		const forbidden = planted.filter(({ allowed }) => !allowed);
		expect(forbidden.length).toBeGreaterThan(150);
		expect(found.sort()).toEqual(forbidden.map(({ file }) => `noRestrictedImports ${join(file)}`).sort());
	});

	it("fail the lint in a cycle of types", () => {
		expect(lint(CYCLE).sort()).toEqual(Object.keys(CYCLE).map((file) => `noImportCycles ${file}`));
	});

	it("of better-auth are types in the client", () => {
		const folder = join(js, "src/client");
		const statements = readdirSync(folder).flatMap((name) => {
			const text = readFileSync(join(folder, name), "utf8");
			return text.match(/^(import|export) [^;]*? from "\.\.\/better-auth\/[^"]*"/gm) ?? [];
		});
		expect(statements.length).toBeGreaterThan(3);
		expect(statements.filter((statement) => !/^(import|export) type /.test(statement))).toEqual([]);
	});

	it("has a row in the table for each folder of the sources that can import", () => {
		const folders = readdirSync(join(js, "src"), { recursive: true, encoding: "utf8" })
			.filter((path) => path.endsWith(".ts"))
			.map((path) => dirname(path));
		const known = new Set([...ROOMS, ".", "cli/migrate-expo-passkey"]);
		expect([...new Set(folders)].filter((folder) => !known.has(folder))).toEqual([]);
	});
});
