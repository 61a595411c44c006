import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
export const at = (...path) => join(root, ...path);
/** The folder for everything that a run writes; the repository does not contain it. */
export const out = (...path) => join(root, "target/runtimes", ...path);
/** A file of the tested package. */
export const packed = (...path) => out("tarball/package", ...path);

const require = createRequire(import.meta.url);

/** The program of an npm package, by the package's folder and a path in it; undefined if it is not installed. */
const installed = (folder, path) => {
	const file = join(here, "node_modules", folder, path);
	return existsSync(file) ? file : undefined;
};

/** The file of a program, by its name in the package's `bin`. */
export function bin(name, program = name) {
	const path = require.resolve
		.paths(name)
		.map((folder) => join(folder, name, "package.json"))
		.find(existsSync);
	const { bin } = require(path);
	return join(dirname(path), typeof bin === "string" ? bin : bin[program]);
}

const { platform, arch } = process;

/** The runtimes that are programs. A runtime that is not available for this machine is undefined. */
export const programs = {
	"node-20.0": installed("node-20.0", "bin/node"),
	"node-20": installed("node-20", "bin/node"),
	"node-22": installed("node-22", "bin/node"),
	"node-24": installed("node-24", "bin/node"),
	bun: installed(`@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`, "bin/bun"),
	deno: installed(`@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`, "deno"),
	chromium: findChromium(),
};

function findChromium() {
	if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
	const folders = (process.env.PATH ?? "").split(delimiter);
	return ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
		.flatMap((name) => folders.map((folder) => join(folder, name)))
		.find(existsSync);
}

// Without the user's variables for package managers, test runners and modes, which would change the result.
export const environment = {
	...Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|CI$|VITEST|JEST|FORCE_COLOR)/i.test(name)),
	),
	NO_COLOR: "1",
	NEXT_TELEMETRY_DISABLED: "1",
	WRANGLER_SEND_METRICS: "false",
};

/**
 * Runs a program to its end.
 *
 * @returns what it printed to stdout
 * @throws with all its output, if it fails or takes longer than `timeout` milliseconds
 */
export function run(program, args, { cwd = root, env = {}, timeout = 180_000 } = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			cwd,
			env: { ...environment, ...env },
			stdio: ["ignore", "pipe", "pipe"],
			timeout,
		});
		let stdout = "";
		let all = "";
		child.stdout.setEncoding("utf8").on("data", (text) => {
			stdout += text;
			all += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text) => {
			all += text;
		});
		child.on("error", reject);
		child.on("close", (code, signal) => {
			if (code === 0) resolve(stdout);
			else {
				const error = new Error(`${[program, ...args].join(" ")}: ${signal ?? `exit code ${code}`}\n${all}`);
				reject(Object.assign(error, { stdout }));
			}
		});
	});
}

/** A folder for the files of one setting. It has no node_modules next to it, so a bundle must be complete. */
export function emptyFolder(name) {
	const path = out("out", name);
	rmSync(path, { recursive: true, force: true });
	mkdirSync(path, { recursive: true });
	return path;
}
