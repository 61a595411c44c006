import { once } from "node:events";
import { createServer } from "node:http";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { loadAssets, PAGE_HEADERS } from "./assets.mjs";
import { createAuth } from "./auth.mjs";
import { readSettings } from "./settings.mjs";

const settings = readSettings(process.env);
const server = createServer();

for (const signal of ["SIGINT", "SIGTERM"]) {
	process.once(signal, () => {
		server.close();
		server.closeAllConnections();
	});
}

try {
	server.listen(settings.port, settings.host);
	await once(server, "listening");
} catch (error) {
	if (error.code !== "EADDRINUSE") throw error;
	console.error(`Port ${settings.port} is in use. Choose another one with the variable PORT, for example PORT=3001.`);
	process.exit(1);
}

// If PORT is 0 (any free port), the port is known only after the server listens.
const baseURL = settings.address ?? `http://localhost:${server.address().port}`;
const started = start();
// A tab from an earlier run may send requests immediately: they wait until the start is complete.
server.on("request", async (request, response) => (await started)(request, response));
await started;
console.log(`Touchstone demo: ${baseURL}`);

async function start() {
	const auth = createAuth({ ...settings, baseURL });
	const { runMigrations } = await getMigrations(auth.options);
	const [assets] = await Promise.all([loadAssets(), runMigrations()]);
	const answerAuth = toNodeHandler(auth);
	return (request, response) => {
		const path = request.url.split("?", 1)[0];
		if (path.startsWith("/api/auth/")) answerAuth(request, response);
		else answerAsset(assets.get(path), request.method, response);
	};
}

function answerAsset(asset, method, response) {
	if (!asset) {
		response.writeHead(404, { ...PAGE_HEADERS, "content-type": "text/plain; charset=utf-8" });
		response.end("Not found\n");
	} else if (method !== "GET" && method !== "HEAD") {
		response.writeHead(405, { ...PAGE_HEADERS, allow: "GET, HEAD" }).end();
	} else {
		response.writeHead(200, {
			...PAGE_HEADERS,
			"content-type": asset.type,
			"content-length": asset.body.byteLength,
		});
		response.end(method === "HEAD" ? undefined : asset.body);
	}
}
