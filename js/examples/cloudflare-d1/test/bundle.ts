import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

/** The parts of wrangler.jsonc that the tests use. */
interface Configuration {
	main: string;
	compatibility_date: string;
	compatibility_flags: string[];
	vars: Record<string, string>;
	d1_databases: { binding: string; migrations_dir: string }[];
}

/** A file of the deployment: the script, or a module that is uploaded with it. */
export interface DeployedModule {
	type: "ESModule" | "CompiledWasm";
	path: string;
	contents: Buffer;
}

/** Evaluates the file as JavaScript, because JSON with comments is a JavaScript expression. */
export const readConfiguration = (folder: string): Configuration =>
	runInNewContext(`(${readFileSync(join(folder, "wrangler.jsonc"), "utf8")})`);

/**
 * Bundles the Worker with the options that wrangler 4 gives to esbuild for a deployment. `wrangler deploy --dry-run` of
 * 4.86 wrote the same script, except for helpers that depend on esbuild's version.
 */
export async function bundle(folder: string) {
	const { main, compatibility_flags } = readConfiguration(folder);
	const deployed: DeployedModule[] = [];
	const { outputFiles, metafile } = await build({
		absWorkingDir: folder,
		entryPoints: [main],
		bundle: true,
		write: false,
		outdir: "dist",
		metafile: true,
		format: "esm",
		target: "es2024",
		conditions: ["workerd", "worker", "browser"],
		keepNames: true,
		loader: { ".js": "jsx", ".mjs": "jsx", ".cjs": "jsx" },
		define: { "process.env.NODE_ENV": '"production"', "navigator.userAgent": '"Cloudflare-Workers"' },
		external: compatibility_flags.includes("nodejs_compat") ? ["node:*"] : [],
		plugins: [uploadBeside(deployed)],
		logLevel: "error",
	});
	const [script] = outputFiles;
	const [output] = Object.values(metafile.outputs);
	if (!script || !output) throw new Error("esbuild wrote nothing.");
	return {
		modules: [{ type: "ESModule", path: "worker.js", contents: Buffer.from(script.contents) }, ...deployed] as [
			DeployedModule,
			...DeployedModule[],
		],
		/** The imports that the runtime resolves. */
		imports: output.imports.map(({ path }) => path).sort(),
		/** The paths of all files in the script. */
		inputs: Object.keys(output.inputs),
	};
}

/** Keeps the import of a `.wasm` file in the script, and names the file by its content. */
const uploadBeside = (deployed: DeployedModule[]): Plugin => ({
	name: "upload-beside",
	setup({ onResolve }) {
		onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
			const contents = readFileSync(join(resolveDir, path));
			const name = `./${createHash("sha1").update(contents).digest("hex")}-${path.replace(/^.*\//, "")}`;
			if (!deployed.some((module) => module.path === name))
				deployed.push({ type: "CompiledWasm", path: name, contents });
			return { path: name, external: true };
		});
	},
});

export function sizeOf({ contents }: DeployedModule): string {
	return `${contents.length} bytes, gzip ${gzipSync(contents, { level: 9 }).length}`;
}
