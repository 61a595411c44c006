// The projects in which the settings run. Each installs the package from its tarball with npm or pnpm, like a user.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { at, bin, here, out, packed, run } from "./tools.mjs";
import { vectorsModule } from "./vectors.mjs";

const sha256 = (...contents) => contents.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

/** Packs pkg/ for publishing. The file name contains the hash, so that no package manager confuses two tarballs. */
async function pack() {
	const folder = out("tarball");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	await npm(folder, "pack", at("pkg"), "--pack-destination", folder, "--ignore-scripts");
	const [name] = readdirSync(folder);
	const contents = readFileSync(join(folder, name));
	const hash = sha256(contents);
	const path = join(folder, `touchstone-webauthn-${hash.slice(0, 16)}.tgz`);
	writeFileSync(path, contents);
	// pkg/ may be rebuilt while the settings run, so later comparisons use a copy of the packed files.
	await run("tar", ["-xzf", path, "-C", folder]);
	return { path, hash };
}

const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--prefer-offline"];

const npm = (cwd, ...args) => run("npm", args, { cwd });

/**
 * Runs `make` unless it has succeeded with the same `key` before. An incomplete project has no mark, and is made again.
 */
async function once(project, step, key, make) {
	const mark = join(project, `.${step}`);
	if (existsSync(mark) && readFileSync(mark, "utf8") === key) return;
	rmSync(mark, { force: true });
	await make();
	writeFileSync(mark, key);
}

/** A project with only the package. */
async function makeAlone(tarball) {
	const project = out("alone");
	await once(project, "package", tarball.hash, async () => {
		rmSync(project, { recursive: true, force: true });
		mkdirSync(project, { recursive: true });
		writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
		await npm(project, "install", ...quiet, "--no-package-lock", tarball.path);
	});
	return project;
}

/** A project of projects/ with its locked packages, to which the package is added. */
async function makeLocked(name, tarball) {
	const project = out(name);
	const source = join(here, "projects", name);
	mkdirSync(project, { recursive: true });
	cpSync(source, project, { recursive: true, filter: (path) => !path.includes("node_modules") });
	const lock = readFileSync(join(source, "package-lock.json"));
	await once(project, "locked", sha256(lock), async () => {
		// Not `npm ci`: it fails if a registry lacks a locked package, even one that this platform does not need.
		await npm(project, "install", ...quiet);
		writeFileSync(join(project, ".packages"), JSON.stringify(packagesOf(project)));
		rmSync(join(project, ".package"), { force: true });
	});
	await once(project, "package", tarball.hash, async () => {
		rmSync(join(project, "node_modules/touchstone-webauthn"), { recursive: true, force: true });
		await npm(project, "install", ...quiet, "--no-save", "--no-package-lock", tarball.path);
	});
	return project;
}

/** A project of projects/ in the layout of pnpm. If `hoist` is false, a package finds only what it declares. */
async function makePnpm(name, base, hoist, tarball) {
	const project = out(name);
	const source = join(here, "projects", base);
	const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
	await once(project, "package", sha256(JSON.stringify(manifest), tarball.hash), async () => {
		rmSync(project, { recursive: true, force: true });
		mkdirSync(project, { recursive: true });
		manifest.dependencies["touchstone-webauthn"] = `file:${tarball.path}`;
		writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
		// JSON is valid YAML. An empty `packages` ends the search for a workspace here.
		const settings = { packages: ["."], storeDir: out("pnpm-store"), hoist };
		writeFileSync(join(project, "pnpm-workspace.yaml"), JSON.stringify(settings));
		const options = ["--prefer-offline", "--ignore-scripts", "--no-frozen-lockfile"];
		await run(process.execPath, [bin("pnpm"), "install", ...options], { cwd: project });
	});
	return project;
}

/** The names of the packages that npm installed, with their paths below node_modules. */
export function packagesOf(project) {
	const lock = JSON.parse(readFileSync(join(project, "node_modules/.package-lock.json"), "utf8"));
	return Object.keys(lock.packages)
		.map((path) => path.replace(/^node_modules\//, ""))
		.filter((path) => existsSync(join(project, "node_modules", path)))
		.sort();
}

/** Writes the programs that the settings run into a folder: the judge for both module systems, the authenticator. */
async function makePrograms() {
	const folder = out("programs");
	rmSync(folder, { recursive: true, force: true });
	cpSync(join(here, "programs"), folder, { recursive: true });
	writeFileSync(join(folder, "vectors.mjs"), vectorsModule);
	const bundle = (entry, outfile, format) =>
		build({
			entryPoints: [entry],
			outfile: join(folder, outfile),
			bundle: true,
			format,
			platform: "node",
			logLevel: "error",
		});
	await bundle(join(folder, "judge.mjs"), "judge.cjs", "cjs");
	// The software authenticator of the other tests.
	await bundle(at("js/tests/support/authenticator.ts"), "authenticator.mjs", "esm");
	return folder;
}

/**
 * Creates or updates every project. A project that could not be created throws when it is accessed, so that only the
 * settings that need it fail.
 *
 * @returns the folders by project name
 */
export async function prepare() {
	const [tarball, programs] = await Promise.all([pack(), makePrograms()]);
	const projects = {};
	const make = async (name, folder) => {
		try {
			const project = await folder;
			cpSync(programs, project, { recursive: true });
			expectFresh(project);
			projects[name] = project;
		} catch (error) {
			Object.defineProperty(projects, name, { get: raise.bind(null, error) });
		}
	};
	const byNpm = async () => {
		await make("alone", makeAlone(tarball));
		await make("betterAuth", makeLocked("better-auth", tarball));
		await make("zod3", makeLocked("zod-3", tarball));
		await make("next", makeLocked("next", tarball));
	};
	const byPnpm = async () => {
		await make("pnpm", makePnpm("pnpm", "better-auth", true, tarball));
		await make("pnpmStrict", makePnpm("pnpm-strict", "better-auth", false, tarball));
		await make("pnpmZod3", makePnpm("pnpm-zod-3", "zod-3", true, tarball));
	};
	// Two installations with one package manager would wait for each other's cache.
	await Promise.all([byNpm(), byPnpm()]);
	return projects;
}

/** Checks that the package manager did not use a cached older package, which would prove nothing. */
function expectFresh(project) {
	for (const file of ["package.json", "core.wasm", "attestation.wasm", "dist/index.js", "wasm/core-glue.js"]) {
		const installed = readFileSync(join(project, "node_modules/touchstone-webauthn", file));
		if (!installed.equals(readFileSync(packed(file)))) {
			throw new Error(`${project} has another ${file} than the tarball: remove the folder and try again`);
		}
	}
}

function raise(error) {
	throw error;
}
