import { betterAuth, type D1Database } from "better-auth";
import { passkey } from "touchstone-webauthn/better-auth";

/** What wrangler.jsonc and the secrets give to the Worker. */
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
		// Counted in the database: the memory of one isolate knows nothing of what the others let through.
		rateLimit: { storage: "database" },
		advanced: { ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] } },
		// The origin that may use the passkeys and the RP ID that owns them are those of baseURL.
		plugins: [passkey({ rpName: "Touchstone on Workers" })],
	});
