import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The `imports` of the package's own package.json, for a test that imports a source file. */
const wasm = {
	"#attestation-glue": at("../pkg/wasm/attestation-glue.js"),
	"#attestation-wasm": at("../pkg/wasm/attestation-inline.js"),
	"#core-glue": at("../pkg/wasm/core-glue.js"),
	"#core-wasm": at("../pkg/wasm/core-inline.js"),
};

/** The entries of the package and their sources. */
const entries = {
	"touchstone-webauthn": "src/index.ts",
	"touchstone-webauthn/aaguids": "src/aaguids.ts",
	"touchstone-webauthn/attestation": "src/attestation/index.ts",
	"touchstone-webauthn/better-auth": "src/better-auth/index.ts",
	"touchstone-webauthn/better-auth/client": "src/client/index.ts",
	"touchstone-webauthn/roots": "src/roots.ts",
};

// Tests import the package by its name. Without a mode they find the built one, which `make` puts into node_modules, as
// its users do. `--mode source` runs them on the sources: the inner loop, where only the wasm has to be built.
export default defineConfig(({ mode }) => ({
	resolve: {
		alias: [
			...Object.entries(wasm).map(([find, replacement]) => ({ find, replacement })),
			...(mode === "source"
				? Object.entries(entries).map(([name, path]) => ({ find: new RegExp(`^${name}$`), replacement: at(path) }))
				: []),
		],
	},
	test: {
		include: ["tests/**/*.test.ts", "examples/**/*.test.ts"],
		exclude: ["**/node_modules/**", "tests/databases/**", "tests/e2e/**", "tests/runtimes/**"],
		environment: "node",
		// Long, because some tests sign sixty users in on machines that do other work as well. No test waits for it.
		testTimeout: 60_000,
		silent: "passed-only",
	},
}));
