// Next.js, built for production with each of its bundlers and started: a Node route, an edge route, a browser page.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openPage } from "./browser.mjs";
import { expectAllVerdicts } from "./report.mjs";
import { environment, programs, run } from "./tools.mjs";

const PATIENCE_MS = 60_000;

/** Starts the built application on a free port. */
async function start(project, env) {
	const args = [join(project, "node_modules/next/dist/bin/next"), "start", "--port", "0"];
	const server = spawn(process.execPath, args, { cwd: project, env: { ...environment, ...env }, stdio: "pipe" });
	let log = "";
	const url = await new Promise((resolve, reject) => {
		const fail = (why) => reject(new Error(`next start: ${why}\n${log}`));
		const timer = setTimeout(fail, PATIENCE_MS, "took too long");
		server.once("exit", (code) => fail(`exit code ${code}`));
		const read = (text) => {
			log += text;
			const [address] = /http:\/\/localhost:\d+/.exec(log) ?? [];
			if (!address || !/Ready/.test(log)) return;
			clearTimeout(timer);
			resolve(address);
		};
		server.stdout.setEncoding("utf8").on("data", read);
		server.stderr.setEncoding("utf8").on("data", read);
	});
	const stop = async () => {
		const exited = once(server, "exit");
		server.kill();
		await exited;
	};
	return { url, stop };
}

async function report(url) {
	const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
	const text = await response.text();
	if (!response.ok) throw new Error(`${url}: ${response.status} ${text.slice(0, 2000)}`);
	return JSON.parse(text);
}

/** Checks that the edge route gets both wasm files as modules that the platform compiles. */
function expectDeployedToEdge(build) {
	const { functions } = JSON.parse(readFileSync(join(build, "server/middleware-manifest.json"), "utf8"));
	assert.equal(functions["/api/edge"].wasm.length, 2);
}

const next = (bundler) => ({
	name: `Next.js by ${bundler}`,
	async run({ next: project }) {
		const env = { DIST_DIR: `.next-${bundler}` };
		// Next.js treats its old cache as current as long as the package's version is the same.
		rmSync(join(project, env.DIST_DIR), { recursive: true, force: true });
		const cli = join(project, "node_modules/next/dist/bin/next");
		await run(process.execPath, [cli, "build", `--${bundler}`], { cwd: project, env, timeout: 240_000 });
		expectDeployedToEdge(join(project, env.DIST_DIR));
		const { url, stop } = await start(project, env);
		try {
			expectAllVerdicts(await report(`${url}/api/node`), /^Node /);
			expectAllVerdicts(await report(`${url}/api/edge`), /^Edge Runtime$/);
			if (programs.chromium) expectAllVerdicts(await openPage(url), /Chrome\//);
		} finally {
			await stop();
		}
	},
});

export const frameworks = [next("webpack"), next("turbopack")];
