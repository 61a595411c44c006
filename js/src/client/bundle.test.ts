import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("the client's bundle has no wasm and no part of the server", async () => {
	const entry = fileURLToPath(import.meta.resolve("touchstone-webauthn/better-auth/client"));
	const { metafile, outputFiles } = await build({
		entryPoints: [entry],
		bundle: true,
		minify: true,
		write: false,
		metafile: true,
		format: "esm",
		platform: "browser",
	});
	const [output] = Object.values(metafile.outputs);
	const sources = Object.entries(output?.inputs ?? {})
		.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
		.map(([path]) => path.replace(/^.*node_modules\//, "").replace(/^.*touchstone-webauthn\/dist\//, "touchstone/"));
	const allowed = /^(nanostores|better-auth\/dist\/client|@simplewebauthn\/browser)\//;
	expect(sources.filter((path) => !allowed.test(path)).sort()).toEqual([
		"touchstone/better-auth/authenticator-names.js",
		"touchstone/better-auth/error-codes.js",
		"touchstone/client/actions.js",
		"touchstone/client/ceremony.js",
		"touchstone/client/errors.js",
		"touchstone/client/index.js",
		"touchstone/core/error-codes.gen.js",
	]);
	expect(outputFiles[0]?.contents.length).toBeLessThan(20_000);
});
