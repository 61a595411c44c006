import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The same as `imports` in the package's package.json, for tests that import a source file. */
const wasm = {
	"#attestation-glue": at("../pkg/wasm/attestation-glue.js"),
	"#attestation-wasm": at("../pkg/wasm/attestation-inline.js"),
	"#core-glue": at("../pkg/wasm/core-glue.js"),
	"#core-wasm": at("../pkg/wasm/core-inline.js"),
};

/** The entry points of the package and their sources. */
const entries = {
	"touchstone-webauthn": "src/index.ts",
	"touchstone-webauthn/aaguids": "src/aaguids.ts",
	"touchstone-webauthn/attestation": "src/attestation/index.ts",
	"touchstone-webauthn/better-auth": "src/better-auth/index.ts",
	"touchstone-webauthn/better-auth/client": "src/client/index.ts",
	"touchstone-webauthn/roots": "src/roots.ts",
};

// Tests import the package by its name. By default they use the built package, which `make` puts into node_modules, as
// users do. `--mode source` runs them on the sources, for quick development: only the wasm must be built.
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
		// Long, because some tests sign in sixty users on busy machines. No test waits for this timeout.
		testTimeout: 60_000,
		silent: "passed-only",
	},
}));
