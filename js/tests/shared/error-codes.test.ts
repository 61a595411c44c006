import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERROR_TABLE } from "../../src/core/error-codes.gen.js";
import { LOADER_TABLE } from "../../src/core/errors.js";
import { PASSKEY_ERROR_CODES } from "../../src/shared/error-codes.js";

const path = new URL("../../../docs/errors.md", import.meta.url);

/** tests/suite/codegen.rs writes what stands before this heading. */
const HEADING = "## Loader of the npm package\n";

function secondHalf(): string {
	const loader = Object.entries(LOADER_TABLE).map(([code, row]) => `| \`${code}\` | ${row.class} | ${row.message} |`);
	const plugin = Object.values(PASSKEY_ERROR_CODES).map(({ code, message }) => `| \`${code}\` | ${message} |`);
	return `${HEADING}
| code | class | what |
|---|---|---|
${loader.join("\n")}

## Better Auth plugin and clients

| code | what |
|---|---|
${plugin.join("\n")}
`;
}

// `make gen` sets BLESS and writes the file; a plain run compares.
test("docs/errors.md has the codes of the loader and of the plugin", () => {
	const found = readFileSync(path, "utf8");
	const start = found.indexOf(HEADING);
	expect(start, HEADING).toBeGreaterThan(0);
	if (process.env.BLESS) writeFileSync(path, found.slice(0, start) + secondHalf());
	expect(readFileSync(path, "utf8").slice(start), "docs/errors.md is out of date: run `make gen`").toBe(secondHalf());
});

test("no code stands twice, and each has the form that Better Auth takes", () => {
	const codes = [ERROR_TABLE, LOADER_TABLE, PASSKEY_ERROR_CODES].flatMap(Object.keys);
	expect(new Set(codes).size).toBe(codes.length);
	for (const code of codes) expect(code).toMatch(/^[A-Z_]+$/);
});
