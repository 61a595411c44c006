import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

// The tests' packages are installed in js/, not in the repository's root.
const require = createRequire(new URL("../../package.json", import.meta.url));
const { createClient } = require("@libsql/client");

const demo = fileURLToPath(new URL("../../examples/node-sqlite", import.meta.url));

/** Long enough for a slow machine; no test waits for its end. */
export const PATIENCE_MS = 15_000;

/**
 * Starts the demo server on a free port with its own database.
 *
 * @param {{ after: (stop: () => Promise<void>) => void }} t stops it afterwards.
 * @param {string} folder contains the database and the secret; by default a new folder.
 */
export async function startDemo(t, folder = newFolder(t)) {
	const database = join(folder, "demo.db");
	const server = spawn(process.execPath, ["server.mjs"], {
		cwd: demo,
		env: { ...newcomersEnvironment(), PORT: "0", DEMO_DB: database },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const exited = new Promise((resolve) => server.once("exit", resolve));
	const stop = async () => {
		server.kill();
		await exited;
	};
	t.after(stop);

	let log = "";
	const printed = new EventEmitter();
	const url = await new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error(`The demo did not start in time:\n${log}`)), PATIENCE_MS);
		exited.then(() => reject(new Error(`The demo stopped while starting:\n${log}`)));
		const collect = (chunk) => {
			log += chunk;
			printed.emit("more");
			const address = /Touchstone demo: (http\S+)/.exec(log)?.[1];
			if (!address) return;
			clearTimeout(timer);
			resolve(address);
		};
		server.stdout.setEncoding("utf8").on("data", collect);
		server.stderr.setEncoding("utf8").on("data", collect);
	});

	const secret = readFileSync(join(folder, "secret"), "utf8");
	const createAccount = await accountMaker({ baseURL: url, database, secret });
	return {
		url,
		folder,
		stop,
		/** Creates a signed-in account; `cookie` is its session cookie. */
		createAccount,
		/** Waits for a matching line in the server's log, which may arrive later than the response. */
		async logged(pattern) {
			const signal = AbortSignal.timeout(PATIENCE_MS);
			while (!pattern.test(log)) await once(printed, "more", { signal });
		},
		/** Queries the server's database directly. */
		async rows(sql, ...args) {
			const client = createClient({ url: `file:${database}`, timeout: PATIENCE_MS });
			try {
				return (await client.execute({ sql, args })).rows;
			} finally {
				client.close();
			}
		},
		/** The number of sessions of an account. */
		async sessions(email) {
			const [row] = await this.rows(
				"select count(*) as n from session join user on user.id = session.userId where user.email = ?",
				email,
			);
			return Number(row.n);
		},
	};
}

function newFolder(t) {
	const folder = mkdtempSync(join(tmpdir(), "touchstone-e2e-"));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/**
 * The environment without the variables that configure the demo, and without those
 * that indicate a test: Better Auth checks less then.
 */
function newcomersEnvironment() {
	const env = { ...process.env, NO_COLOR: "1" };
	for (const name of Object.keys(env)) {
		if (/^(HOST|PORT|DEMO_.*|BETTER_AUTH_.*|NODE_ENV|TEST|CI|FORCE_COLOR|NODE_TEST_CONTEXT)$/.test(name))
			delete env[name];
	}
	return env;
}

/** Starts headless Chromium. */
export async function launchBrowser(t) {
	const { chromium } = require("playwright-core");
	const browser = await chromium.launch({
		executablePath: findChromium(),
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
	t.after(() => browser.close());
	return browser;
}

function findChromium() {
	if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
	for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
		for (const folder of (process.env.PATH ?? "").split(delimiter)) {
			const path = join(folder, name);
			try {
				accessSync(path, constants.X_OK);
				return path;
			} catch {
				// Not in this folder.
			}
		}
	}
	throw new Error(
		"No Chromium found. Install it (Debian: apt-get install chromium) or set CHROME_PATH to the program of Chromium or Chrome.",
	);
}

/**
 * Creates accounts in the demo's database with the demo's own configuration, like a
 * sign-up, but hashes only one password for all of them. Hashing is slow by design,
 * and would take most of the tests' time.
 */
async function accountMaker(settings) {
	const { createAuth } = await import(pathToFileURL(join(demo, "auth.mjs")));
	const { serializeSignedCookie } = await import(pathToFileURL(require.resolve("better-call")));
	const { internalAdapter, authCookies, password: hasher, secret } = await createAuth(settings).$context;
	const password = "a long password";
	const hash = await hasher.hash(password);
	return async () => {
		const details = newAccount();
		const { id } = await internalAdapter.createUser({ name: details.name, email: details.email });
		await internalAdapter.linkAccount({ userId: id, accountId: id, providerId: "credential", password: hash });
		const { token } = await internalAdapter.createSession(id);
		const { name } = authCookies.sessionToken;
		const cookie = await serializeSignedCookie(name, token, secret);
		return { ...details, password, cookie: { name, value: cookie.slice(name.length + 1) } };
	};
}

/** Waits until a condition holds, for what the browser does asynchronously. */
export async function until(condition) {
	const signal = AbortSignal.timeout(PATIENCE_MS);
	while (!(await condition())) await sleep(20, undefined, { signal });
}

let accounts = 0;

/** The details of a new account. */
export function newAccount() {
	accounts += 1;
	return {
		name: `Person ${accounts}`,
		email: `person-${accounts}@example.com`,
		password: `a long password ${accounts}`,
	};
}
