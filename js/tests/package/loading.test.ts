import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { describe, expect, it } from "vitest";
import { cases, run } from "../support/vectors.js";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("../../node_modules/touchstone-webauthn", import.meta.url));
const file = (name: string) => join(folder, name);
const entry = (name: string) => (name === "core" ? "touchstone-webauthn" : "touchstone-webauthn/attestation");

/** Not exported by the package: the test needs the running instance to break it. */
interface Glue {
	initSync(input: { module: undefined }): { memory: WebAssembly.Memory };
}

type Library = typeof core;
const builds: { name: string; system: string; library: Library; glue: Glue }[] = [
	{ name: "core", system: "import", library: core, glue: await import(file("wasm/core-glue.js")) },
	{ name: "attestation", system: "import", library: attestation, glue: await import(file("wasm/attestation-glue.js")) },
	{ name: "core", system: "require", library: require(entry("core")), glue: require(file("wasm/core-glue.cjs")) },
	{
		name: "attestation",
		system: "require",
		library: require(entry("attestation")),
		glue: require(file("wasm/attestation-glue.cjs")),
	},
];

const vectors = ["accepts", "rejects"].flatMap((name) => cases(`tests/vectors/${name}.json`));
const registration = vectors.find(({ name }) => name === "none.ES256/registration");

async function verifies(library: Library): Promise<boolean> {
	if (!registration) throw new Error("the vector is gone");
	const outcome = await run(library, registration);
	return !(outcome instanceof Error);
}

const failureOf = (run: () => unknown): unknown => {
	try {
		return run();
	} catch (error) {
		return error;
	}
};

describe.each(builds)("$name by $system", ({ name, library, glue }) => {
	it("gets a fresh instance after the last one trapped", async () => {
		expect(await verifies(library)).toBe(true);
		// Returns the exports of the running instance; if there is one, the module argument is ignored.
		const { memory } = glue.initSync({ module: undefined });
		new Uint8Array(memory.buffer).fill(0xff);
		const error = failureOf(() => library.decodeClientDataJSON("e30"));
		expect(error).toMatchObject({ code: "INTERNAL", class: "Internal", status: 500 });
		expect((error as Error).cause).toBeInstanceOf(WebAssembly.RuntimeError);
		expect(await verifies(library)).toBe(true);
		expect(glue.initSync({ module: undefined }).memory).not.toBe(memory);
	});

	it("takes its wasm from init() as bytes or as a module", async () => {
		const bytes = readFileSync(file(`${name}.wasm`));
		for (const wasm of [bytes, new Uint8Array(bytes).buffer, new WebAssembly.Module(bytes)]) {
			library.init(wasm);
			expect(await verifies(library)).toBe(true);
		}
	});

	it("says what init() received instead of its wasm, and keeps the previous instance", async () => {
		const other = name === "core" ? "attestation" : "core";
		for (const wrong of [
			new Uint8Array([0, 97, 115, 109]),
			new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
			readFileSync(file(`${other}.wasm`)),
			"core.wasm" as unknown as WebAssembly.Module,
		]) {
			const error = failureOf(() => library.init(wrong));
			expect(error).toBeInstanceOf(library.WebAuthnError);
			expect(error).toMatchObject({ code: "WASM_UNAVAILABLE", class: "Internal", cause: expect.any(Error) });
			expect(String(error)).toContain(`${name}.wasm came from the argument of init()`);
			expect(await verifies(library)).toBe(true);
		}
	});
});

describe("the CommonJS build", () => {
	const commonJs = builds.filter(({ system }) => system === "require");

	it.each(commonJs)("gives the same verdicts as the ES module ($name)", async ({ name, library }) => {
		const files = name === "core" ? [] : cases("tests/vectors/attestation.json");
		const esm = name === "core" ? core : attestation;
		for (const vector of [...vectors, ...files]) {
			const [expected, found] = [await run(esm, vector), await run(library, vector)];
			if (expected instanceof Error) expect(found, vector.name).toMatchObject({ ...expected });
			else expect(found, vector.name).toEqual(expected);
		}
	});
});

describe("where wasm is unavailable", () => {
	const probe = (name: string, system: string) => `
		const before = Reflect.ownKeys(globalThis).length;
		const library = ${system === "import" ? "await import" : "require"}("${entry(name)}");
		const added = Reflect.ownKeys(globalThis).length - before;
		try { library.decodeClientDataJSON("e30"); } catch ({ name, code, message }) {
			console.log(JSON.stringify({ name, code, message, added }));
		}`;

	it.each(builds)("$name loads by $system, and the first call explains why it fails", async ({ name, system }) => {
		const type = system === "import" ? "module" : "commonjs";
		const { stdout } = await promisify(execFile)(
			process.execPath,
			["--jitless", `--input-type=${type}`, "--eval", probe(name, system)],
			{ cwd: dirname(folder) },
		);
		expect(JSON.parse(stdout)).toEqual({
			name: "WebAuthnError",
			code: "WASM_UNAVAILABLE",
			message: expect.stringMatching(
				`init\\(\\)\\. ${name}\\.wasm came from the condition "default" .* call init\\(\\) of ${entry(name)}\\.$`,
			),
			added: 0,
		});
	});

	it.each(["workerd", "edge-light"])(
		"the error names the condition %s when a bundler replaced the wasm module",
		async (condition) => {
			const { outputFiles } = await build({
				stdin: { contents: `export * from "touchstone-webauthn";`, resolveDir: folder },
				bundle: true,
				write: false,
				format: "esm",
				conditions: [condition],
				// Bundlers for browsers also replace the module with the name of the file.
				plugins: [
					{
						name: "wasm-is-an-asset",
						setup({ onResolve, onLoad }) {
							onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path }) => ({ path, namespace: "asset" }));
							onLoad({ filter: /./, namespace: "asset" }, ({ path }) => ({ contents: path, loader: "text" }));
						},
					},
				],
				tsconfigRaw: {},
			});
			const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
			const library = (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as Library;
			const error = failureOf(() => library.decodeClientDataJSON("e30"));
			expect(error).toMatchObject({ code: "WASM_UNAVAILABLE", cause: expect.any(TypeError) });
			expect(String(error)).toContain(`core.wasm came from the condition "${condition}" of package.json`);
		},
	);
});
