// The packages that an installation adds, with several package managers and next to other packages.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { packagesOf } from "./projects.mjs";
import { run } from "./tools.mjs";

/** In addition to Better Auth, only the package and the browser half of its client are installed. */
async function installed({ betterAuth }) {
	const before = JSON.parse(readFileSync(join(betterAuth, ".packages"), "utf8"));
	const added = packagesOf(betterAuth).filter((name) => !before.includes(name));
	assert.deepEqual(added, ["@simplewebauthn/browser", "touchstone-webauthn"]);
	const removed = before.filter((name) => !packagesOf(betterAuth).includes(name));
	assert.deepEqual(removed, []);
}

/** The packages whose code is in the bundle of an entry. */
async function packagesBehind(project, entry) {
	const { metafile } = await build({
		absWorkingDir: project,
		stdin: { contents: `export * from "${entry}"`, resolveDir: project },
		bundle: true,
		platform: "node",
		format: "esm",
		write: false,
		metafile: true,
		logLevel: "error",
	});
	const paths = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules/"));
	return new Set(paths.map((path) => /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)[1]));
}

async function reached({ betterAuth }) {
	for (const entry of ["touchstone-webauthn", "touchstone-webauthn/attestation", "touchstone-webauthn/roots"]) {
		assert.deepEqual([...(await packagesBehind(betterAuth, entry))], ["touchstone-webauthn"], entry);
	}
	const server = await packagesBehind(betterAuth, "touchstone-webauthn/better-auth");
	const betterAuths = new Set(JSON.parse(readFileSync(join(betterAuth, ".packages"), "utf8")));
	assert.deepEqual(
		[...server].filter((name) => !betterAuths.has(name)),
		["touchstone-webauthn"],
	);
}

/** Node.js resolves every entry and its imports in the layout of the package manager. */
async function works(project) {
	const names = ["touchstone-webauthn", "touchstone-webauthn/attestation", "touchstone-webauthn/roots"];
	const program = [...names, "touchstone-webauthn/better-auth", "touchstone-webauthn/better-auth/client"]
		.map((name) => `import "${name}";`)
		.join("");
	await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: project });
	const output = await run(process.execPath, ["better-auth.mjs"], { cwd: project });
	assert.match(output, /"signedInAsTheSame":true/);
}

export const layouts = [
	{ name: "npm: the packages that are added", run: installed },
	{ name: "npm: the packages that a server reaches", run: reached },
	{ name: "npm", run: ({ betterAuth }) => works(betterAuth) },
	{ name: "npm, in a project with zod 3", run: ({ zod3 }) => works(zod3) },
	{ name: "pnpm", run: ({ pnpm }) => works(pnpm) },
	{ name: "pnpm without hoisting", run: ({ pnpmStrict }) => works(pnpmStrict) },
	{ name: "pnpm, in a project with zod 3", run: ({ pnpmZod3 }) => works(pnpmZod3) },
];
