// Writes the package's CommonJS twins: a `.cjs` beside each `.js`, a `.d.cts` beside each `.d.ts`. File by file, never
// bundled, so that a class is one class whichever entry it comes from.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "./check.mjs";
import { toCommonJs } from "./specifiers.mjs";

const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

/**
 * Bundlers alone read the two loaders, and an `import` of a wasm file is the only form that they all know. The command is
 * run, never required.
 */
const esmOnly = /-(workerd|edge-light)\.js$|\/dist\/cli\//;

/** `files` are of the package `root`; `scratch` is where tsc writes. */
export function addCommonJs(files, root, scratch) {
	const scripts = files.filter((path) => path.endsWith(".js") && !esmOnly.test(path));
	transpile(scripts, root, scratch);
	for (const path of scripts) {
		const text = readFileSync(join(scratch, relative(root, path)), "utf8");
		check(!/^(import|export)\b/m.test(text), `${path} is still an ES module after tsc`);
		write(path.replace(/\.js$/, ".cjs"), text);
	}
	for (const path of files.filter((path) => path.endsWith(".d.ts"))) {
		write(path.replace(/\.d\.ts$/, ".d.cts"), readFileSync(path, "utf8"));
	}
}

/** What tsc wrote is checked already, so this only changes the module syntax: the two builds have one source. */
function transpile(scripts, rootDir, outDir) {
	const options = { rootDir, outDir, module: "commonjs", moduleResolution: "bundler", target: "es2022" };
	const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
	rmSync(outDir, { recursive: true, force: true });
	mkdirSync(outDir, { recursive: true });
	execFileSync(
		process.execPath,
		[tsc, "--ignoreConfig", "--allowJs", "--noCheck", "--noResolve", ...flags, ...scripts],
		{ stdio: "inherit" },
	);
}

function write(path, text) {
	check(!existsSync(path), `${path} is there twice`);
	writeFileSync(path, toCommonJs(text));
}
