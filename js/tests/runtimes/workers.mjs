// Cloudflare's workerd, with miniflare and wrangler, and Vercel's Edge Runtime. Neither compiles wasm during a request.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { expectDeployed, expectInlined } from "./bundle.mjs";
import { expectAllVerdicts, expectWasmUnavailable } from "./report.mjs";
import { bin, emptyFolder, run } from "./tools.mjs";

/** A compatibility date with which Workers must not compile wasm, not even at start. */
const COMPILES_NEVER = "2024-01-01";
const COMPILES_AT_START = "2026-04-01";

/** Keeps the import of the file for the runtime, and copies the file next to the bundle. */
const deployedModules = {
	name: "deployed-modules",
	setup({ initialOptions: { outdir }, onResolve }) {
		onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
			const name = path.replace(/^.*\//, "");
			copyFileSync(join(resolveDir, path), join(outdir, name));
			return { path: `./${name}`, external: true };
		});
	},
};

const bundle = (cwd, outdir, entry, options) =>
	build({
		absWorkingDir: cwd,
		entryPoints: [entry],
		outdir,
		bundle: true,
		format: "esm",
		logLevel: "error",
		...options,
	});

/** Bundles like bundlers for Workers. */
export const bundleWorker = (cwd, outdir, entry, options) =>
	bundle(cwd, outdir, entry, { conditions: ["workerd"], plugins: [deployedModules], ...options });

/** Starts the Worker whose modules are in a folder; `main` is its entry. */
export function startWorker(folder, main, compatibilityDate, compatibilityFlags = []) {
	const files = readdirSync(folder).filter((name) => /\.(js|wasm)$/.test(name));
	const modules = files.map((name) => {
		const contents = readFileSync(join(folder, name));
		return { type: name.endsWith(".js") ? "ESModule" : "CompiledWasm", path: name, contents };
	});
	// The first module is the entry.
	modules.sort((a, b) => Number(b.path === main) - Number(a.path === main));
	return new Miniflare({ modules, compatibilityDate, compatibilityFlags });
}

async function reportOfWorker(folder, entry, compatibilityDate) {
	const miniflare = startWorker(folder, entry.replace(".mjs", ".js"), compatibilityDate);
	try {
		const response = await miniflare.dispatchFetch("http://localhost/");
		return await response.json();
	} finally {
		await miniflare.dispose();
	}
}

const where = /^Cloudflare-Workers$/;

const workerd = (kind, entry) => ({
	name: `workerd, ${kind}`,
	async run({ alone }) {
		const outdir = emptyFolder(`workerd-${kind}`);
		await bundleWorker(alone, outdir, entry);
		expectDeployed(outdir);
		expectAllVerdicts(await reportOfWorker(outdir, entry, COMPILES_NEVER), where);
	},
});

async function workerdWithoutCondition({ alone }) {
	const outdir = emptyFolder("workerd-without-condition");
	await bundle(alone, outdir, "worker.mjs");
	expectInlined(outdir);
	expectAllVerdicts(await reportOfWorker(outdir, "worker.mjs", COMPILES_AT_START), where);
	expectWasmUnavailable(await reportOfWorker(outdir, "worker.mjs", COMPILES_NEVER), /Wasm code generation disallowed/);
}

async function wrangler({ alone }) {
	const outdir = emptyFolder("wrangler");
	const config = join(alone, "wrangler.json");
	writeFileSync(
		config,
		JSON.stringify({ name: "touchstone", main: "worker.mjs", compatibility_date: COMPILES_NEVER, send_metrics: false }),
	);
	await run(process.execPath, [bin("wrangler"), "deploy", "--dry-run", "--outdir", outdir, "--config", config], {
		cwd: alone,
	});
	expectDeployed(outdir);
	expectAllVerdicts(await reportOfWorker(outdir, "worker.mjs", COMPILES_NEVER), where);
}

/** Handles `?module` like the bundlers of Vercel and Next.js: as a compiled module among the platform's globals. */
const moduleSuffix = {
	name: "module-suffix",
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({
			path: path.replace(/^.*\/|\.wasm\?module$/g, ""),
			namespace: "module",
		}));
		onLoad({ filter: /./, namespace: "module" }, ({ path }) => ({
			contents: `export default globalThis.wasm_${path};`,
		}));
	},
};

async function edgeRuntime({ alone }) {
	const outdir = emptyFolder("edge-runtime");
	await bundle(alone, outdir, "edge.mjs", { format: "iife", conditions: ["edge-light"], plugins: [moduleSuffix] });
	const compiled = {};
	for (const name of ["core", "attestation"]) {
		const path = join(alone, "node_modules/touchstone-webauthn", `${name}.wasm`);
		compiled[`wasm_${name}`] = new WebAssembly.Module(readFileSync(path));
	}
	const runtime = new EdgeRuntime({
		initialCode: readFileSync(join(outdir, "edge.js"), "utf8"),
		codeGeneration: { strings: false, wasm: false },
		extend: (context) => Object.assign(context, compiled),
	});
	const response = await runtime.dispatchFetch("http://localhost/");
	expectAllVerdicts(await response.json(), /^Edge Runtime$/);
}

export const workers = [
	{ name: "wrangler deploy --dry-run, run by workerd", run: wrangler },
	workerd("import", "worker.mjs"),
	workerd("require", "worker-require.mjs"),
	{ name: "workerd, bundled without its condition", run: workerdWithoutCondition },
	{ name: "Vercel's Edge Runtime, which may not compile", run: edgeRuntime },
];
