// The life of a passkey with Better Auth: the same program in each runtime. Only a Worker gets requests from outside.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expectDeployed } from "./bundle.mjs";
import { reportIn } from "./report.mjs";
import { emptyFolder, programs, run } from "./tools.mjs";
import { bundleWorker, startWorker } from "./workers.mjs";

const expected = {
	signedOut: true,
	wrongSignature: [401, "AUTHENTICATION_FAILED"],
	signedInAsTheSame: true,
	passkeys: 1,
};

const setting = (needs, args) => ({
	name: `Better Auth in ${needs}`,
	needs,
	async run({ betterAuth }) {
		const output = await run(programs[needs], args, { cwd: betterAuth, env: { NODE_ENV: "production" } });
		assert.deepEqual(reportIn(output, "signedOut"), expected);
	},
});

async function workerd({ betterAuth }) {
	const outdir = emptyFolder("better-auth-workerd");
	await bundleWorker(betterAuth, outdir, "better-auth-worker.mjs", {
		// In a single file, esbuild 0.28 loses the start of a module that Better Auth imports both ways.
		splitting: true,
		external: ["node:*"],
		// Better Auth requires this when it is bundled.
		define: { "process.env.NODE_ENV": '"production"' },
	});
	expectDeployed(outdir, 1);
	const miniflare = startWorker(outdir, "better-auth-worker.js", "2026-04-01", ["nodejs_compat"]);
	try {
		const { perform } = await import(pathToFileURL(join(betterAuth, "ceremony.mjs")));
		const handle = async (request) => {
			const { method, headers } = request;
			const body = method === "POST" ? await request.text() : undefined;
			return miniflare.dispatchFetch(request.url, { method, headers: Object.fromEntries(headers), body });
		};
		assert.deepEqual(await perform(handle), expected);
	} finally {
		await miniflare.dispose();
	}
}

export const betterAuth = [
	{ name: "Better Auth in workerd", run: workerd },
	setting("node-20", ["better-auth.mjs"]),
	setting("node-24", ["better-auth.mjs"]),
	setting("bun", ["better-auth.mjs"]),
	setting("deno", [
		"run",
		"--no-prompt",
		"--no-remote",
		"--allow-env",
		"--allow-read=.",
		"--allow-sys",
		"better-auth.mjs",
	]),
];
