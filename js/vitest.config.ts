import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const built = (path: string) => fileURLToPath(new URL(`../pkg/wasm/${path}`, import.meta.url));

// `make` puts the built package into node_modules first, where tests find it by its name, `touchstone-webauthn`. For a
// test that imports a source file instead, these stand for the `imports` of the package's own package.json.
export default defineConfig({
	resolve: {
		alias: {
			"#attestation-glue": built("attestation-glue.js"),
			"#attestation-wasm": built("attestation-inline.js"),
			"#core-glue": built("core-glue.js"),
			"#core-wasm": built("core-inline.js"),
		},
	},
	test: {
		include: ["src/**/*.test.ts", "examples/**/*.test.ts"],
		environment: "node",
		// Nothing waits for it to pass: some tests sign sixty users in, on machines that do other things as well.
		testTimeout: 60_000,
		silent: "passed-only",
	},
});
