import { betterAuth, type D1Database } from "better-auth";
import { passkey } from "touchstone-webauthn/better-auth";

/** The bindings and variables from wrangler.jsonc, and the secret. */
export interface Env {
	DB: D1Database;
	/** The address in the browser's address bar, without a path. */
	BASE_URL: string;
	BETTER_AUTH_SECRET: string;
}

export const createAuth = ({ DB, BASE_URL, BETTER_AUTH_SECRET }: Env) =>
	betterAuth({
		appName: "Touchstone on Workers",
		baseURL: BASE_URL,
		secret: BETTER_AUTH_SECRET,
		database: DB,
		emailAndPassword: { enabled: true },
		// Counted in the database, because the isolates do not share memory.
		rateLimit: { storage: "database" },
		advanced: { ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] } },
		// The plugin takes the origin and the RP ID from baseURL.
		plugins: [passkey({ rpName: "Touchstone on Workers" })],
	});
