// TypeScript with the installed package: programs/types.ts imports every entry and uses it like an application.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, emptyFolder, run } from "./tools.mjs";

const common = {
	strict: true,
	exactOptionalPropertyTypes: true,
	// Also check the package's own declarations.
	skipLibCheck: false,
	target: "es2022",
	lib: ["es2022", "dom", "dom.iterable"],
	types: [],
	noEmit: true,
};

/** Better Auth's own declarations have errors: they need Node's and Bun's types, and fail with exact optional types. */
const notOurs = /^[^(]*node_modules\/(\.pnpm\/[^/]+\/node_modules\/)?(@better-auth|better-auth)\//;

async function expectNoErrors(project, compiler, name, file, compilerOptions) {
	const config = `tsconfig.${compiler}.${name}.json`;
	writeFileSync(
		join(project, config),
		JSON.stringify({ compilerOptions: { ...common, ...compilerOptions }, files: [file] }),
	);
	const args = [bin(compiler, "tsc"), "--pretty", "false", "-p", config];
	const output = await run(process.execPath, args, { cwd: project }).catch((error) => {
		if (/error TS\d/.test(error.stdout)) return error.stdout;
		throw error;
	});
	// Continuation lines are indented.
	const errors = output.split("\n").filter((line) => /^\S/.test(line) && !notOurs.test(line));
	assert.deepEqual(errors, []);
}

const compilers = { typescript: "TypeScript 7", "typescript-5": "TypeScript 5.9" };
const resolutions = {
	nodenext: { module: "nodenext", moduleResolution: "nodenext" },
	bundler: { module: "esnext", moduleResolution: "bundler" },
};
const layouts = { alone: "npm", betterAuth: "npm", pnpm: "pnpm", pnpmStrict: "pnpm without hoisting" };

const setting = (layout, compiler, resolution) => ({
	name: `types: ${compilers[compiler]}, ${resolution}, ${layouts[layout]}`,
	run: (projects) => expectNoErrors(projects[layout], compiler, resolution, "types.ts", resolutions[resolution]),
});

const required = (layout, compiler) => ({
	name: `types: ${compilers[compiler]}, CommonJS, ${layouts[layout]}`,
	run: (projects) =>
		expectNoErrors(projects[layout], compiler, "require", "types-require.cts", {
			// As for a Node.js whose `require` cannot load ESM.
			module: "node16",
			moduleResolution: "node16",
		}),
});

/** A library or a project with references emits declarations, in which every inferred type needs a name. */
const declared = {
	name: "types: exported auth and client can be declared",
	run: ({ betterAuth }) =>
		expectNoErrors(betterAuth, "typescript", "declaration", "types.ts", {
			...resolutions.nodenext,
			noEmit: false,
			declaration: true,
			emitDeclarationOnly: true,
			outDir: emptyFolder("declarations"),
		}),
};

export const types = [
	// The slow compiler comes first, and with only two layouts: Better Auth's types take most of its time.
	setting("betterAuth", "typescript-5", "nodenext"),
	setting("pnpmStrict", "typescript-5", "bundler"),
	required("alone", "typescript-5"),
	...["betterAuth", "pnpm", "pnpmStrict"].flatMap((layout) => [
		setting(layout, "typescript", "nodenext"),
		setting(layout, "typescript", "bundler"),
	]),
	required("alone", "typescript"),
	declared,
];
