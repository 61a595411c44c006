// The installed package and its peer, bundled by esbuild.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Where both are installed. */
export const root = fileURLToPath(new URL("../../js/", import.meta.url));
export const PEER = "@simplewebauthn/server";

const require = createRequire(`${root}package.json`);
const { build } = require("esbuild");

export function installed(file) {
	return readFileSync(`${root}node_modules/touchstone-webauthn/${file}`);
}

/** The entry points of the package that are code. */
export function entries() {
	const paths = Object.keys(JSON.parse(installed("package.json").toString()).exports);
	return paths.filter((path) => !/\.(wasm|json)$/.test(path)).map((path) => path.replace(".", "touchstone-webauthn"));
}

/**
 * Bundles `source` into one minified module.
 *
 * @param {string} source
 * @param {import("esbuild").BuildOptions} [options]
 */
export async function bundled(source, options = {}) {
	const { outputFiles } = await build({
		stdin: { contents: source, resolveDir: root },
		bundle: true,
		minify: true,
		format: "esm",
		write: false,
		logLevel: "error",
		// Ignores js/tsconfig.json, because its paths lead to the sources.
		tsconfigRaw: {},
		conditions: ["workerd"],
		external: ["*.wasm", "better-auth", "better-auth/*", "zod", "nanostores"],
		...options,
	});
	return Buffer.from(outputFiles[0].contents);
}
