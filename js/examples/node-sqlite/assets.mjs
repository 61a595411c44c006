import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const page = fileURLToPath(new URL("page", import.meta.url));

/**
 * Nothing but this page's own files may run, load or be contacted. The client
 * needs no WebAssembly, so there is no 'wasm-unsafe-eval'; it writes no HTML, so
 * the browser is told to refuse any (Trusted Types).
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
 * The page's files by path, held in memory: there are four of them.
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
		// Whatever tsconfig.json lies above this folder: packages are found as Node finds them.
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
