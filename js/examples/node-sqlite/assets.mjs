import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const page = fileURLToPath(new URL("page", import.meta.url));

/**
 * The page may only run and load its own files, and only contact its own server.
 * The client does not use WebAssembly, so 'wasm-unsafe-eval' is not needed. It
 * writes no HTML, so the browser refuses all such writes (Trusted Types).
 */
const CONTENT_SECURITY_POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self'",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
	"require-trusted-types-for 'script'",
	"trusted-types 'none'",
].join("; ");

export const PAGE_HEADERS = {
	"content-security-policy": CONTENT_SECURITY_POLICY,
	"cross-origin-opener-policy": "same-origin",
	"permissions-policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
	"referrer-policy": "same-origin",
	"x-content-type-options": "nosniff",
	"cache-control": "no-cache",
};

/**
 * Loads the page's four files into memory, by path.
 *
 * @returns {Promise<Map<string, { type: string, body: Uint8Array }>>}
 */
export async function loadAssets() {
	const bundle = await build({
		entryPoints: [join(page, "app.ts")],
		bundle: true,
		format: "esm",
		minify: true,
		target: ["es2022"],
		write: false,
		// Ignores any tsconfig.json above this folder: packages are resolved as in Node.
		tsconfigRaw: {},
		logLevel: "warning",
	});
	const file = async (name, type) => ({ type, body: await readFile(join(page, name)) });
	return new Map([
		["/", await file("index.html", "text/html; charset=utf-8")],
		["/style.css", await file("style.css", "text/css; charset=utf-8")],
		["/favicon.svg", await file("favicon.svg", "image/svg+xml")],
		["/app.js", { type: "text/javascript; charset=utf-8", body: bundle.outputFiles[0].contents }],
	]);
}
