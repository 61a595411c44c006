// The unbundled package in node_modules, in runtimes that are programs.
import assert from "node:assert/strict";
import { expectAllVerdicts, reportIn } from "./report.mjs";
import { programs, run } from "./tools.mjs";

const setting = (needs, kind, args, where) => ({
	name: `${needs} ${kind}`,
	needs,
	run: async ({ alone }) => expectAllVerdicts(reportIn(await run(programs[needs], args, { cwd: alone })), where),
});

const node = [
	["node-20.0", /^Node 20\.0\.0$/],
	["node-20", /^Node 20\./],
	["node-22", /^Node 22\./],
	["node-24", /^Node 24\./],
].flatMap(([version, where]) => [
	setting(version, "import", ["main.mjs"], where),
	setting(version, "require", ["main.cjs"], where),
]);

/** Better Auth is ESM, which `require` can load since Node 20.19, so its entries need at least that version. */
const requireEveryEntry = (needs) => ({
	name: `${needs} require of every entry`,
	needs,
	run: async ({ betterAuth }) => {
		const output = await run(programs[needs], ["require-every-entry.cjs"], { cwd: betterAuth });
		assert.match(output, /^\{"id":"passkey","client":"passkey","roots":true\}$/m);
	},
});

export const runtimes = [
	...node,
	...["node-20", "node-22", "node-24", "bun"].map(requireEveryEntry),
	setting("bun", "import", ["main.mjs"], /^Bun /),
	setting("bun", "require", ["main.cjs"], /^Bun /),
	// Without any permission: the modules of the package contain all that it needs.
	setting("deno", "import", ["run", "--no-prompt", "--no-remote", "main.mjs"], /^Deno /),
	setting("deno", "require", ["run", "--no-prompt", "--no-remote", "--allow-read=.", "main.cjs"], /^Deno /),
];
