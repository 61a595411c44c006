import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["tests/databases/**/*.test.ts"],
		environment: "node",
		globalSetup: ["tests/databases/servers.ts"],
		// One file at a time: each uses all cores, and some test concurrent requests.
		fileParallelism: false,
		testTimeout: 60_000,
		hookTimeout: 60_000,
		silent: "passed-only",
		// It imports files without extensions, which bundlers can resolve and Node.js cannot.
		server: { deps: { inline: ["expo-passkey"] } },
	},
});
