import { createClient } from "@libsql/client";
import { LibsqlDialect } from "@libsql/kysely-libsql";
import { betterAuth } from "better-auth";
import { passkey } from "touchstone-webauthn/better-auth";

/**
 * The complete Better Auth configuration. In your own application, this is usually
 * one constant. Here, the address and the files are arguments, so that the tests
 * can use the same configuration at another address.
 *
 * @param {{ baseURL: string, database: string, secret: string }} settings
 */
export const createAuth = ({ baseURL, database, secret }) =>
	betterAuth({
		appName: "Touchstone demo",
		baseURL,
		secret,
		database: {
			dialect: new LibsqlDialect({
				// Several processes may open the file: wait for the lock instead of failing.
				client: createClient({ url: `file:${database}`, timeout: 5_000 }),
			}),
			type: "sqlite",
		},
		emailAndPassword: { enabled: true },
		plugins: [
			passkey({
				rpName: "Touchstone demo",
				// The domain that owns the passkeys. If you change it later, all passkeys
				// are lost. So choose the domain that your users know: "example.com".
				rpID: new URL(baseURL).hostname,
				// The exact addresses that may use them.
				origin: new URL(baseURL).origin,
				// Users can create an account with a passkey, without a password.
				signUp: true,
			}),
		],
	});
