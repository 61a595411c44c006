import { createClient } from "@libsql/client";
import { LibsqlDialect } from "@libsql/kysely-libsql";
import { betterAuth } from "better-auth";
import { passkey } from "touchstone-webauthn/better-auth";

/**
 * The whole Better Auth configuration. In an application of your own this is
 * usually one constant; here the address and the files are arguments so that the
 * tests can run the same configuration elsewhere.
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
				// Several processes may open one file: wait for a lock instead of failing.
				client: createClient({ url: `file:${database}`, timeout: 5_000 }),
			}),
			type: "sqlite",
		},
		emailAndPassword: { enabled: true },
		plugins: [
			passkey({
				rpName: "Touchstone demo",
				// The domain that owns the passkeys. It cannot change later without
				// losing them, so choose the one your users know: "example.com".
				rpID: new URL(baseURL).hostname,
				// The exact addresses that may ask for them.
				origin: new URL(baseURL).origin,
				// New accounts may begin with a passkey and need no password.
				signUp: true,
			}),
		],
	});
