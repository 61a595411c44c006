// A Better Auth server with the plugin, in the memory of one process.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { passkey } from "touchstone-webauthn/better-auth";

export const ORIGIN = "https://example.com";

let auth;

/** Answers a request. Workers may not do much before the first one, so the server is made then. */
export function handle(request) {
	auth ??= betterAuth({
		secret: "long enough for what Better Auth wants to see",
		baseURL: ORIGIN,
		database: memoryAdapter({ user: [], session: [], account: [], verification: [], passkey: [] }),
		emailAndPassword: { enabled: true },
		// Better Auth asks no questions about origins where it believes itself in a test.
		advanced: { disableOriginCheck: false },
		logger: { disabled: true },
		plugins: [passkey({ rpName: "Example" })],
	});
	return auth.handler(request);
}
