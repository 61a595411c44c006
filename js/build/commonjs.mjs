// Writes the package's CommonJS copies: a `.cjs` for each `.js`, a `.d.cts` for each `.d.ts`. It converts file by file,
// without bundling, so that each class exists once, even if several entry points export it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "./check.mjs";
import { toCommonJs } from "./specifiers.mjs";

const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

/**
 * Only bundlers read these two loaders, and all bundlers support only the `import` of a wasm file. The command is run,
 * never required.
 */
const esmOnly = /-(workerd|edge-light)\.js$|\/dist\/cli\//;

/** `files` are the files of the package in `root`; tsc writes to `scratch`. */
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

/** The files are already checked, so this only changes the module syntax. Both builds have the same source. */
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
	check(!existsSync(path), `${path} exists already`);
	writeFileSync(path, toCommonJs(text));
}
