import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Reads the settings from the environment and prepares the data folder.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function readSettings(env) {
	const port = Number(env.PORT || 3000);
	if (!Number.isInteger(port) || port < 0 || port > 65535) {
		throw new Error(`PORT must be a number from 0 to 65535, not "${env.PORT}"`);
	}
	const database = resolve(env.DEMO_DB || join(here, "data", "demo.db"));
	mkdirSync(dirname(database), { recursive: true });
	return {
		port,
		host: env.HOST || "localhost",
		database,
		secret: env.BETTER_AUTH_SECRET || readOrCreateSecret(join(dirname(database), "secret")),
		/** The address that browsers use. By default, localhost with the port that the server listens on. */
		address: env.DEMO_URL || undefined,
	};
}

/**
 * A secret in the source would be the same for everyone who runs the demo. A new
 * secret at each start would sign out all users. So it is created once and stored.
 *
 * @param {string} file
 */
function readOrCreateSecret(file) {
	try {
		// "wx" fails if the file exists, so that two first starts at the same time use one secret.
		writeFileSync(file, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
	} catch (error) {
		if (error.code !== "EEXIST") throw error;
	}
	return readFileSync(file, "utf8");
}
