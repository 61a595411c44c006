// Assembles the npm package in pkg/ from pkg-template, the wasm with its glue, the output of tsc in target/dist, and
// the texts of the repository. Then tsc creates the CommonJS copies. Every problem stops it with one sentence.
//
// `package.mjs FOLDER core` assembles only the part that the demo needs, in FOLDER: ES modules with that wasm. Such a
// package is incomplete, so it must not go to pkg/.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "./check.mjs";
import { addCommonJs } from "./commonjs.mjs";
import { buildRecord, checkPaths, recordOf } from "./record.mjs";
import { byBetterAuth, checkSpecifiers } from "./specifiers.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const at = (...path) => join(root, ...path);
const read = (path) => readFileSync(at(path), "utf8");
const [out = "pkg", ...parts] = process.argv.slice(2);
const complete = parts.length === 0;
check(complete || out !== "pkg", "pkg/ is only for the complete package");

const manifest = JSON.parse(read("pkg-template/package.json"));
const inCargoToml = (field) => read("Cargo.toml").match(new RegExp(`^${field} = "(.*)"$`, "m"))?.[1];
const crateVersion = inCargoToml("version");
check(
	manifest.version === crateVersion,
	`pkg-template/package.json has version ${manifest.version}, but Cargo.toml has ${crateVersion}. Make them equal`,
);

rmSync(at(out), { recursive: true, force: true });
cpSync(at("pkg-template"), at(out), { recursive: true });
cpSync(at("target/dist"), at(out, "dist"), { recursive: true, filter: (path) => !path.endsWith(".done") });
for (const text of ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES.txt"]) {
	check(existsSync(at(text)), `${text} is missing, but the package must contain it`);
	cpSync(at(text), at(out, text));
}
addAddresses();
for (const name of complete ? ["core", "attestation"] : parts) addWasm(name);
for (const path of files().filter((path) => path.endsWith(".d.ts"))) {
	writeFileSync(path, byBetterAuth(readFileSync(path, "utf8")));
}
if (complete) {
	addCommonJs(files(), at(out), at("target/commonjs"));
	for (const path of files()) checkSpecifiers(path, manifest);
	addRecord(["core", "attestation"]);
	checkManifest();
}

/** The code files of the package. */
function files() {
	return ["dist", "wasm"].flatMap((folder) =>
		readdirSync(at(out, folder), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
	);
}

/** Adds the addresses from Cargo.toml to the manifest. If Cargo.toml names no repository, it adds none. */
function addAddresses() {
	const address = inCargoToml("repository");
	check(address !== undefined, 'Cargo.toml has no line `repository = "…"`. It may be empty, but it must exist');
	if (address === "") return;
	const addresses = {
		repository: { type: "git", url: `git+${address}.git` },
		homepage: `${address}#readme`,
		bugs: `${address}/issues`,
	};
	writeFileSync(at(out, "package.json"), `${JSON.stringify({ ...manifest, ...addresses }, null, "\t")}\n`);
}

/** Adds one wasm: the file, the same bytes as base64 for runtimes that should not read files, and the glue. */
function addWasm(name) {
	const wasm = readFileSync(at(`target/wasm/${name}/${name}_bg.wasm`));
	checkPaths(name, wasm, root);
	mkdirSync(at(out, "wasm"), { recursive: true });
	writeFileSync(at(out, `${name}.wasm`), wasm);
	writeFileSync(
		at(out, `wasm/${name}-base64.js`),
		`// Generated: ${name}.wasm.\nexport const base64 =\n\t"${wasm.toString("base64")}";\n`,
	);
	writeFileSync(at(out, `wasm/${name}-glue.js`), glue(name, read(`target/wasm/${name}/${name}.js`)));
}

/** Writes wasm/build.json: the tools and the SHA-256 of each wasm. */
function addRecord(names) {
	const notes = names.map((name) => JSON.parse(read(`target/wasm/${name}/build.json`)));
	const files = names.map((name, index) => [
		`${name}.wasm`,
		recordOf(readFileSync(at(out, `${name}.wasm`)), notes[index]),
	]);
	const record = buildRecord(manifest.version, Object.fromEntries(files), notes);
	writeFileSync(at(out, "wasm/build.json"), `${JSON.stringify(record, null, "\t")}\n`);
}

/**
 * wasm-bindgen's glue with a different start.
 *
 * Its own start uses `fetch`, and it compiles a `WebAssembly.Module` of another realm again, which edge runtimes
 * forbid. It also starts only once. But after a trap, the memory cannot be trusted, so `reset` lets `initSync` create a
 * new instance.
 */
function glue(name, generated) {
	const cut = generated.indexOf("async function __wbg_load(");
	check(cut !== -1, `the glue of ${name} has no __wbg_load: wasm-bindgen changed, so check its output again`);
	const calls = generated.slice(0, cut).replace(/^\/\* @ts-self-types.*\n/, "");
	const start = generated.slice(cut);

	// Checks that the removed part contains only the code that is replaced.
	for (const text of [
		"if (wasm !== undefined) return wasm;",
		"module = new WebAssembly.Module(module);",
		"const instance = new WebAssembly.Instance(module, imports);",
		"return __wbg_finalize_init(instance, module);",
		"export { initSync, __wbg_init as default };",
	]) {
		check(start.includes(text), `the glue of ${name} no longer starts with \`${text}\``);
	}
	check(!start.includes("\nexport function"), `the glue of ${name} exports something after __wbg_load`);

	// A new instance is safe only if no state of the last one remains: __wbg_finalize_init replaces all of these.
	const declared = [...calls.matchAll(/^let (cached\w*Memory\d+) = null;$/gm)].map((match) => match[1]);
	const renewed = calls.slice(calls.indexOf("function __wbg_finalize_init("));
	check(calls.includes("\nlet wasmModule, wasmInstance, wasm;\n"), `the glue of ${name} keeps its instance elsewhere`);
	check(declared.length > 0, `the glue of ${name} has no cached view of the memory`);
	for (const view of declared) {
		check(renewed.includes(`    ${view} = null;`), `the glue of ${name} does not renew ${view} with the instance`);
	}
	for (const text of ["\nlet heap", "\nconst heap", "FinalizationRegistry", "import.meta", "fetch("]) {
		check(!calls.includes(text), `the glue of ${name} contains \`${text.trim()}\`, which this script does not handle`);
	}

	return `// wasm-bindgen generated this from the crate; js/build/package.mjs wrote the start.
${calls.trim()}

/** Instantiates \`module\`, unless there is an instance already. */
export function initSync({ module }) {
    if (wasm !== undefined) return wasm;
    return __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
}

/** Drops the instance. The next \`initSync\` creates a new one. */
export function reset() {
    wasmInstance = undefined;
    wasmModule = undefined;
    wasm = undefined;
}
`;
}

/** Checks that everything exists: the published `files`, and the targets of `exports` and `imports`. */
function checkManifest() {
	const present = readdirSync(at(out)).sort();
	const listed = [...manifest.files, "package.json"].sort();
	check(
		present.join() === listed.join(),
		`pkg/ contains ${present.join(", ")}, but pkg-template/package.json publishes ${listed.join(", ")}`,
	);
	for (const field of ["exports", "imports"]) {
		for (const [key, path] of targets(manifest[field])) {
			check(
				existsSync(at(out, path)),
				`${field} of pkg-template/package.json points ${key} to ${path}, which was not built`,
			);
		}
	}
}

function* targets(conditions, key = "") {
	for (const [name, value] of Object.entries(conditions)) {
		if (typeof value === "string") yield [key || name, value];
		else yield* targets(value, key || name);
	}
}
