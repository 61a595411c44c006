// Bundles of the package. They run where no import can be resolved, and must contain each wasm once.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import webpack from "webpack";
import { expectInlined } from "./bundle.mjs";
import { expectAllVerdicts, reportIn } from "./report.mjs";
import { emptyFolder, programs, run } from "./tools.mjs";

const byEsbuild = (options) => (project, outdir) =>
	esbuild.build({
		absWorkingDir: project,
		entryPoints: [options.entry ?? "main.mjs"],
		outdir,
		bundle: true,
		logLevel: "error",
		...options.build,
	});

const byVite =
	({ rolldown, ...config }) =>
	(project, outDir) =>
		vite.build({
			configFile: false,
			root: project,
			logLevel: "error",
			...config,
			build: { outDir, emptyOutDir: true, ...config.build, rolldownOptions: { input: "main.mjs", ...rolldown } },
		});

const byWebpack = (configuration) => async (context, path) => {
	const compiler = webpack({
		context,
		mode: "production",
		entry: "./main.mjs",
		output: { path, filename: "main.js" },
		performance: false,
		...configuration,
	});
	const stats = await new Promise((resolve, reject) =>
		compiler.run((error, stats) => (error ? reject(error) : resolve(stats))),
	);
	await new Promise((resolve) => compiler.close(resolve));
	if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString({ colors: false }));
};

async function byRollup(project, dir) {
	const onwarn = (warning) => {
		throw new Error(warning.message);
	};
	const bundle = await rollup({ input: join(project, "main.mjs"), plugins: [nodeResolve()], onwarn });
	await bundle.write({ dir, format: "es", entryFileNames: "main.mjs" });
	await bundle.close();
}

const byBun = (project, outdir) =>
	run(programs.bun, ["build", "main.mjs", "--target=node", `--outdir=${outdir}`], { cwd: project });

/** Checks that the oldest Node.js that the package supports runs a bundle for servers. */
const server = (name, bundle, needs) => ({
	name: `${name}, for Node`,
	needs,
	async run({ alone }) {
		const outdir = emptyFolder(name.replaceAll(/\W+/g, "-"));
		await bundle(alone, outdir);
		expectInlined(outdir);
		const [main] = readdirSync(outdir).filter((file) => /^main\.[cm]?js$/.test(file));
		const node = programs["node-20.0"] ?? process.execPath;
		expectAllVerdicts(reportIn(await run(node, [join(outdir, main)], { cwd: outdir })), /^Node /);
	},
});

const esm = { ".js": ".mjs" };
const cjs = { ".js": ".cjs" };

export const bundlers = [
	server("esbuild to ESM", byEsbuild({ build: { platform: "node", format: "esm", outExtension: esm } })),
	server("esbuild to CommonJS", byEsbuild({ build: { platform: "node", format: "cjs", outExtension: cjs } })),
	server(
		"esbuild from CommonJS",
		byEsbuild({ entry: "main.cjs", build: { platform: "node", format: "cjs", outExtension: cjs } }),
	),
	server(
		"esbuild, minified",
		byEsbuild({ build: { platform: "node", format: "esm", minify: true, outExtension: esm } }),
	),
	server(
		"Vite SSR",
		byVite({ ssr: { noExternal: true }, build: { ssr: true }, rolldown: { output: { entryFileNames: "main.mjs" } } }),
	),
	server("webpack", byWebpack({ target: "node" })),
	server("webpack from CommonJS", byWebpack({ target: "node", entry: "./main.cjs" })),
	server("Rollup", byRollup),
	server("bun build", byBun, "bun"),
];

/** The bundles that browser.mjs loads. */
export const clientBundles = [
	["esbuild", byEsbuild({ build: { platform: "browser", format: "esm" } })],
	["Vite", byVite({ build: {} })],
	["webpack", byWebpack({ target: "web" })],
];
