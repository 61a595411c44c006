import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const js = fileURLToPath(new URL("../", import.meta.url));

/** A room, and an import that no file in it may have. */
const FORBIDDEN: readonly (readonly [room: string, specifier: string])[] = [
	["core", "../shared/passkey.js"],
	["shared", "../better-auth/index.js"],
	["shared", "better-auth"],
	["attestation", "../shared/passkey.js"],
	["client", "../better-auth/routes/delete-passkey.js"],
	["cli", "../client/index.js"],
	["better-auth", "../client/index.js"],
	["better-auth/options", "../reporting/log.js"],
	["better-auth/storage", "../options/resolve.js"],
	["better-auth/openapi", "../options/resolve.js"],
	["better-auth/reporting", "../ceremony/session.js"],
	["better-auth/ceremony", "../registration/sign-up.js"],
	["better-auth/registration", "../authentication/step-up.js"],
	["better-auth/registration", "../management/cleanup.js"],
	["better-auth/authentication", "../registration/sign-up.js"],
	["better-auth/management", "../authentication/step-up.js"],
	["better-auth/management", "../routes/delete-passkey.js"],
	["better-auth/routes", "./delete-passkey.js"],
	["better-auth/routes", "../../cli/main.js"],
];

/** Two files whose types need each other: a cycle that exists for the compiler alone. */
const CYCLE = {
	"core/planted-one.ts": 'import type { Two } from "./planted-two.js";\nexport type One = Two | 1;\n',
	"core/planted-two.ts": 'import type { One } from "./planted-one.js";\nexport type Two = One[];\n',
};

const copy = mkdtempSync(join(tmpdir(), "touchstone-arrows-"));
afterAll(() => rmSync(copy, { recursive: true }));

/** Plants files into a copy of the sources, and returns those that biome reports, with the rules. */
function lint(files: Record<string, string>): Set<string> {
	rmSync(join(copy, "src"), { recursive: true, force: true });
	cpSync(join(js, "src"), join(copy, "src"), { recursive: true });
	cpSync(join(js, "biome.json"), join(copy, "biome.json"));
	for (const [path, text] of Object.entries(files)) writeFileSync(join(copy, "src", path), text);
	const program = join(js, "node_modules/@biomejs/biome/bin/biome");
	const rules = ["--only=suspicious/noImportCycles", "--only=style/noRestrictedImports"];
	const args = [program, "lint", "src", ...rules, "--reporter=github", "--max-diagnostics=none"];
	const { stdout, error } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
	if (error) throw error;
	const found = stdout.matchAll(/title=lint\/\w+\/(\w+),file=(?:[^,]*\/)?src\/([^,]+),/g);
	return new Set([...found].map(([, rule, file]) => `${file} ${rule}`));
}

describe("the arrows between rooms", () => {
	symlinkSync(join(js, "node_modules"), join(copy, "node_modules"));

	it("holds in the sources", () => {
		expect(lint({})).toEqual(new Set());
	});

	it("fails the lint where a forbidden import is planted, type imports included", () => {
		const path = (index: number) => `${FORBIDDEN[index]?.[0]}/planted-${index}.ts`;
		const files = FORBIDDEN.map(([, specifier], index) => [path(index), `export type * from "${specifier}";\n`]);
		const found = lint({ ...Object.fromEntries(files), ...CYCLE });
		for (const index of FORBIDDEN.keys()) expect(found).toContain(`${path(index)} noRestrictedImports`);
		for (const file of Object.keys(CYCLE)) expect(found).toContain(`${file} noImportCycles`);
	});
});
