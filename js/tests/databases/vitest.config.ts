import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["tests/databases/**/*.test.ts"],
		environment: "node",
		globalSetup: ["tests/databases/servers.ts"],
		// One file at a time: each keeps every core busy, and some judge what happens at once.
		fileParallelism: false,
		testTimeout: 60_000,
		hookTimeout: 60_000,
		silent: "passed-only",
		// It imports files without their endings, which bundlers find and Node.js does not.
		server: { deps: { inline: ["expo-passkey"] } },
	},
});
