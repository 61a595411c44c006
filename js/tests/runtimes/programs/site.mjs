// A Better Auth server with the plugin and a database in memory.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { passkey } from "touchstone-webauthn/better-auth";

export const ORIGIN = "https://example.com";

let auth;

/** Answers a request. The server is created at the first one, because Workers may do little before. */
export function handle(request) {
	auth ??= betterAuth({
		secret: "long enough for what Better Auth wants to see",
		baseURL: ORIGIN,
		database: memoryAdapter({ user: [], session: [], account: [], verification: [], passkey: [] }),
		emailAndPassword: { enabled: true },
		// Better Auth does not check origins when it detects a test.
		advanced: { disableOriginCheck: false },
		logger: { disabled: true },
		plugins: [passkey({ rpName: "Example" })],
	});
	return auth.handler(request);
}
