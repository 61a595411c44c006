import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import { afterAll, expect, it } from "vitest";
import { cases } from "../support/vectors.js";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** The package exports the path of its program, and has no types. */
const workerd: string = createRequire(import.meta.url)("workerd").default;
const tmp = mkdtempSync(join(tmpdir(), "touchstone-workerd-"));
afterAll(() => rmSync(tmp, { recursive: true }));

/** A Worker that verifies every vector when workerd tests it; it throws at the first unexpected verdict. */
const worker = (imported: string) => `
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "${imported}";
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
async function verdict(vector) {
	const options = {
		...vector,
		supportedAlgorithmIDs: vector.allowedAlgorithms,
		allowCrossOrigin: vector.crossOrigin,
		expectedUserHandle: vector.credential?.userHandle,
		credential: vector.credential && { ...vector.credential, publicKey: bytes(vector.credential.publicKey) },
		trustAnchors: vector.trustAnchors?.map((anchor) => anchor.startsWith("-") ? anchor : bytes(anchor)),
		now: vector.now && new Date(vector.now * 1000),
	};
	const verify = vector.ceremony === "registration" ? verifyRegistrationResponse : verifyAuthenticationResponse;
	return verify(options).then(() => "accepted", (error) => error.code);
}
export default {
	async test() {
		for (const vector of VECTORS) {
			const found = await verdict(vector);
			if (found !== (vector.code ?? "accepted")) throw new Error(vector.name + ": " + found);
		}
		console.log(VECTORS.length + " vectors in " + navigator.userAgent);
	},
};
`;

// Workers must not compile wasm while they handle a request; with this compatibility date, not even at start. A test
// that passes therefore shows that the deployed module was used.
const config = (wasm: string) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (
	modules = [(name = "worker.js", esModule = embed "worker.js"), (name = "${wasm}", wasm = embed "${wasm}")],
	compatibilityDate = "2024-01-01",
);
`;

/** Keeps the import of the module for workerd, which provides it under this name. */
const moduleIsDeployed = (wasm: string): Plugin => ({
	name: "module-is-deployed",
	setup: ({ onResolve }) => onResolve({ filter: /\.wasm$/ }, () => ({ path: wasm, external: true })),
});

/** A CommonJS file of the Worker that requires the package. */
const required = (entry: string): Plugin => ({
	name: "required",
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /^required$/ }, ({ path }) => ({ path, namespace: "required" }));
		onLoad({ filter: /./, namespace: "required" }, () => ({
			contents: `module.exports = require("${entry}");`,
			resolveDir: at(".."),
		}));
	},
});

it.each([
	["import", "touchstone-webauthn", "core.wasm", ["accepts", "rejects"]],
	["import", "touchstone-webauthn/attestation", "attestation.wasm", ["accepts", "rejects", "attestation"]],
	["require", "touchstone-webauthn", "core.wasm", ["accepts", "rejects"]],
	["require", "touchstone-webauthn/attestation", "attestation.wasm", ["accepts", "rejects", "attestation"]],
])("a Worker verifies every vector through %s of %s with the deployed %s", async (system, entry, wasm, files) => {
	const folder = mkdtempSync(join(tmp, "worker-"));
	const vectors = files
		.flatMap((name) => cases(`tests/vectors/${name}.json`))
		// Without the vectors that only the core refuses, because it lacks their formats.
		.filter(({ build }) => build !== "core" || wasm === "core.wasm");
	await build({
		stdin: { contents: worker(system === "import" ? entry : "required"), resolveDir: at("..") },
		define: { VECTORS: JSON.stringify(vectors) },
		outfile: join(folder, "worker.js"),
		bundle: true,
		format: "esm",
		conditions: ["workerd"],
		plugins: [required(entry), moduleIsDeployed(wasm)],
		tsconfigRaw: {},
	});
	copyFileSync(at(`../../node_modules/touchstone-webauthn/${wasm}`), join(folder, wasm));
	writeFileSync(join(folder, "config.capnp"), config(wasm));
	const { stdout, stderr } = await promisify(execFile)(workerd, ["test", "--verbose", join(folder, "config.capnp")]);
	expect(stdout + stderr).toContain(`${vectors.length} vectors in Cloudflare-Workers`);
});
