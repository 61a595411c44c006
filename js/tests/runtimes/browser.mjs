// Headless Chromium: the package unbundled with an import map, and its bundles for browsers.
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import { expectInlined } from "./bundle.mjs";
import { clientBundles } from "./bundlers.mjs";
import { expectAllVerdicts, expectWasmUnavailable, reportIn } from "./report.mjs";
import { emptyFolder, packed, programs } from "./tools.mjs";

const POLICY = "script-src 'self' 'wasm-unsafe-eval'";

const contentTypes = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript" };

/** Serves a folder, and a page at /, with a Content-Security-Policy. */
async function serve(folder, html, policy) {
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url, "http://localhost");
		let body;
		try {
			body = pathname === "/" ? html : readFileSync(join(folder, pathname));
		} catch {
			return response.writeHead(404).end();
		}
		const type = contentTypes[extname(pathname) || ".html"] ?? "application/octet-stream";
		response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(body);
	});
	await new Promise((resolve) => server.listen(0, "localhost", resolve));
	return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

let launched;

/** One browser for all settings. */
function launch() {
	launched ??= chromium.launch({
		executablePath: programs.chromium,
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
	return launched;
}

export async function closeBrowser() {
	await (await launched)?.close();
}

/** The report that a page prints. Fails if the page prints an error or throws. */
export async function openPage(url) {
	const context = await (await launch()).newContext();
	try {
		const tab = await context.newPage();
		const printed = new Promise((resolve, reject) => {
			tab.on("console", (message) => (message.type() === "log" ? resolve : reject)(message.text()));
			tab.on("pageerror", reject);
			setTimeout(reject, 30_000, new Error("The page printed nothing.")).unref();
		});
		// Both at once, because a page may fail before it is loaded.
		const [output] = await Promise.all([printed, tab.goto(url)]);
		return reportIn(output);
	} finally {
		await context.close();
	}
}

async function reportOfPage(folder, html, policy = POLICY) {
	const server = await serve(folder, html, policy);
	try {
		return await openPage(server.url);
	} finally {
		server.close();
	}
}

const where = /Chrome\//;

const page = (head, script) =>
	`<!doctype html><link rel="icon" href="data:,">${head}<script type="module" src="${script}"></script>`;

const NONCE = "bm9uY2U";

/** The import map for browsers that corresponds to package.json. */
function importMapOf(folder) {
	const { exports, imports } = JSON.parse(readFileSync(packed("package.json"), "utf8"));
	const entries = Object.entries(exports).map(([path, target]) => [`touchstone-webauthn${path.slice(1)}`, target]);
	const paths = [...entries, ...Object.entries(imports)].map(([name, target]) => [
		name,
		folder + chosen(target).slice(1),
	]);
	return JSON.stringify({ imports: Object.fromEntries(paths) });
}

/** The path that a resolver without runtime conditions chooses. */
function chosen(target) {
	if (typeof target === "string") return target;
	const condition = Object.keys(target).find((name) => name === "import" || name === "default");
	return chosen(target[condition]);
}

async function unbundled({ alone }) {
	const importMap = importMapOf("/node_modules/touchstone-webauthn");
	const head = `<script type="importmap" nonce="${NONCE}">${importMap}</script>`;
	expectAllVerdicts(await reportOfPage(alone, page(head, "/main.mjs"), `${POLICY} 'nonce-${NONCE}'`), where);
}

const bundled = ([name, bundle]) => ({
	name: `Chromium, a page by ${name}`,
	needs: "chromium",
	async run({ alone }) {
		const folder = emptyFolder(`page-${name}`);
		await bundle(alone, folder);
		expectInlined(folder);
		const main = readdirSync(folder, { recursive: true }).find((path) => /main[^/]*\.js$/.test(path));
		expectAllVerdicts(await reportOfPage(folder, page("", `/${main}`)), where);
		if (name !== "esbuild") return;
		// Without 'wasm-unsafe-eval', a page cannot compile wasm.
		expectWasmUnavailable(
			await reportOfPage(folder, page("", `/${main}`), "script-src 'self'"),
			/Content Security Policy/,
		);
	},
});

export const browser = [
	{ name: "Chromium, unbundled", needs: "chromium", run: unbundled },
	...clientBundles.map(bundled),
];
