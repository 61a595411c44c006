import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const folder = join(modules, "touchstone-webauthn");
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
	exports: Record<string, unknown>;
	dependencies: Record<string, string>;
	peerDependencies: Record<string, string>;
};
const require = createRequire(import.meta.url);
const tmp = mkdtempSync(join(tmpdir(), "touchstone-package-"));
afterAll(() => rmSync(tmp, { recursive: true }));

const entries = Object.keys(manifest.exports).filter((entry) => !/\.(wasm|json)$/.test(entry));
const nameOf = (entry: string) => `touchstone-webauthn${entry.slice(1)}`;

/** The wasm that each entry includes; entries that are not listed include none. */
const WASM: Record<string, string> = {
	".": "core",
	"./attestation": "attestation",
	"./better-auth": "core",
};

/** The files whose code is in a program's bundle, as paths in node_modules, and the size of the bundle. */
async function bundle(contents: string, conditions: string[] = [], external: string[] = []) {
	const { metafile, outputFiles } = await build({
		stdin: { contents, resolveDir: dirname(modules) },
		bundle: true,
		minify: true,
		write: false,
		metafile: true,
		format: "esm",
		platform: "neutral",
		mainFields: ["module", "main"],
		conditions,
		external,
		loader: { ".wasm": "binary" },
		// Ignore the paths in this folder's tsconfig.json, which lead to the sources.
		tsconfigRaw: {},
		// esbuild would keep the query in the name of the file.
		plugins: [
			{
				name: "wasm-module",
				setup: ({ onResolve }) =>
					onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
						path: join(resolveDir, path.replace("?module", "")),
					})),
			},
		],
	});
	const [output] = Object.values(metafile.outputs);
	const files = Object.entries(output?.inputs ?? {})
		.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
		.map(([path]) => path.replace(/^.*node_modules\//, ""))
		.filter((path) => path !== "<stdin>");
	return { files, size: outputFiles[0]?.contents.length ?? 0 };
}

const others = ["better-auth", "nanostores", "zod"];

describe("the bundle of", () => {
	const forms = [
		["default", "import", (name: string) => `${name}-base64.js`],
		["workerd", "import", (name: string) => `${name}.wasm`],
		["edge-light", "import", (name: string) => `${name}.wasm`],
		["default", "require", (name: string) => `${name}-base64.cjs`],
		["workerd", "require", (name: string) => `${name}.wasm`],
		["edge-light", "require", (name: string) => `${name}.wasm`],
	] as const;

	it.each(entries.flatMap((entry) => forms.map(([condition, system, file]) => ({ entry, condition, system, file }))))(
		"$entry contains exactly its own wasm or none ($condition, $system)",
		async ({ entry, condition, system, file }) => {
			const name = nameOf(entry);
			const program = system === "import" ? `export * from "${name}";` : `export default require("${name}");`;
			const { files } = await bundle(program, condition === "default" ? [] : [condition], others);
			const wasm = WASM[entry];
			const found = files
				.filter((path) => /\.wasm$|\/(core|attestation)-base64\./.test(path))
				.map((path) => path.replace(/^.*\//, ""));
			expect(found).toEqual(wasm === undefined ? [] : [file(wasm)]);
			// Server bundles contain no browser code.
			if (wasm !== undefined) expect(files.filter((path) => path.startsWith("@simplewebauthn/"))).toEqual([]);
		},
	);

	it("the client contains no server code", async () => {
		const { files, size } = await bundle('export * from "touchstone-webauthn/better-auth/client";');
		const allowed = /^(nanostores|better-auth\/dist\/client|@simplewebauthn\/browser)\//;
		expect(files.filter((path) => !allowed.test(path)).sort()).toEqual(
			[
				"client/actions.js",
				"client/add-passkey.js",
				"client/ceremony.js",
				"client/errors.js",
				"client/extensions.js",
				"client/index.js",
				"client/request.js",
				"client/sign-in.js",
				"client/sign-up.js",
				"client/signal.js",
				"client/step-up.js",
				"shared/authenticator-names.js",
				"shared/error-codes.js",
				"shared/extension-outputs.js",
			].map((path) => `touchstone-webauthn/dist/${path}`),
		);
		expect(size).toBeLessThan(25_000);
	});

	it.each(["better-auth", "better-auth/client"])("%s contains only the common authenticator names", async (entry) => {
		const { files } = await bundle(`export * from "touchstone-webauthn/${entry}";`, [], others);
		expect(files).toContain("touchstone-webauthn/dist/shared/authenticator-names.js");
		expect(files.filter((path) => path.includes("/dist/aaguids"))).toEqual([]);
	});

	it("all entries contains neither the command nor a Node.js module", async () => {
		const program = entries.map((entry) => `export * from "${nameOf(entry)}";`).join("\n");
		const { files } = await bundle(program, [], others);
		expect(files.filter((path) => path.includes("/dist/cli/"))).toEqual([]);
	});

	it("a program that verifies nothing contains no wasm", async () => {
		const program = 'export { WebAuthnError, generateAuthenticationOptions } from "touchstone-webauthn";';
		const { files } = await bundle(program);
		expect(files.filter((path) => path.includes("/wasm/"))).toEqual([]);
	});
});

describe("CommonJS", () => {
	it.each(entries)("%s exports what the ES module exports", async (entry) => {
		const esm = (await import(nameOf(entry))) as object;
		const commonJs = require(nameOf(entry)) as object;
		expect(Object.keys(commonJs).sort()).toEqual(Object.keys(esm).sort());
		// The names that `import` finds in a CommonJS file without running it.
		const path = require.resolve(nameOf(entry));
		expect(path).toMatch(/\.cjs$/);
		const imported = Object.keys((await import(path)) as object).filter(
			(name) => !/^(default|module\.exports)$/.test(name),
		);
		expect(imported.sort()).toEqual(Object.keys(esm).sort());
	});

	it("has one error class, and the ES module recognizes its instances", async () => {
		const esm = await import("touchstone-webauthn");
		const core = require("touchstone-webauthn") as typeof esm;
		const attestation = require("touchstone-webauthn/attestation") as typeof esm;
		expect(attestation.WebAuthnError).toBe(core.WebAuthnError);
		expect(core.WebAuthnError).not.toBe(esm.WebAuthnError);

		const errorOf = ({ decodeClientDataJSON }: typeof esm): unknown => {
			try {
				return decodeClientDataJSON("!");
			} catch (error) {
				return error;
			}
		};
		for (const error of [errorOf(core), errorOf(esm), errorOf(attestation)]) {
			expect(error instanceof core.WebAuthnError).toBe(true);
			expect(error instanceof esm.WebAuthnError).toBe(true);
		}
		class Own extends esm.WebAuthnError {}
		expect(errorOf(esm) instanceof Own).toBe(false);
		expect(new Own("INTERNAL") instanceof esm.WebAuthnError).toBe(true);
		for (const other of [new Error("no"), { name: "WebAuthnError", code: "INTERNAL" }, null, undefined, 1]) {
			expect(other instanceof esm.WebAuthnError).toBe(false);
		}
	});
});

// The layout of package managers that let a package see only the dependencies that it lists.
describe("with nothing but its listed dependencies installed", () => {
	const store = join(tmp, "store/node_modules");
	mkdirSync(store, { recursive: true });
	mkdirSync(join(tmp, "app/node_modules"), { recursive: true });
	cpSync(folder, join(store, "touchstone-webauthn"), { recursive: true });
	for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
		mkdirSync(dirname(join(store, name)), { recursive: true });
		symlinkSync(join(modules, name), join(store, name));
	}
	symlinkSync(join(store, "touchstone-webauthn"), join(tmp, "app/node_modules/touchstone-webauthn"));
	symlinkSync(join(modules, "better-auth"), join(tmp, "app/node_modules/better-auth"));
	const run = (args: string[]) =>
		promisify(execFile)(process.execPath, args, { cwd: join(tmp, "app") }).then(
			({ stdout }) => stdout,
			(error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
		);

	it("every entry loads", async () => {
		const program = entries.map((entry) => `await import("${nameOf(entry)}"); require("${nameOf(entry)}");`).join("\n");
		writeFileSync(
			join(tmp, "app/load.mjs"),
			`import { createRequire } from "node:module"; const require = createRequire(import.meta.url);\n${program}`,
		);
		expect(await run(["load.mjs"])).toBe("");
	});

	it.each([
		["nodenext", ["consumer.mts", "consumer.cts"]],
		["bundler", ["consumer.ts"]],
	])("every entry has types, and none of them is any (%s)", async (resolution, files) => {
		const consumer = readFileSync(new URL("../support/consumer.ts", import.meta.url), "utf8");
		const wasm = ["core", "attestation"].map((name) => [
			`import ${name}Wasm from "touchstone-webauthn/${name}.wasm";`,
			`known<typeof ${name}Wasm>();`,
			`${name}Wasm satisfies WebAssembly.Module;`,
		]);
		for (const file of files) writeFileSync(join(tmp, "app", file), [consumer, ...wasm.flat()].join("\n"));
		const options = {
			target: "es2022",
			lib: "es2022,dom",
			module: resolution === "bundler" ? "esnext" : resolution,
			moduleResolution: resolution,
			// Checking the declarations once is enough. They must resolve too: a type that does not resolve becomes any.
			skipLibCheck: String(resolution === "bundler"),
		};
		const printed = await run([
			join(modules, "typescript/bin/tsc"),
			...["--ignoreConfig", "--noEmit", "--strict", "--exactOptionalPropertyTypes"],
			...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
			...files,
		]);
		// Better Auth's own declarations refer to runtime modules that are not installed here.
		expect(printed.split("\n").filter((line) => /^consumer|^error|touchstone-webauthn\//.test(line))).toEqual([]);
	});
});
