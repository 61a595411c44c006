import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getMigrations } from "better-auth/db/migration";
import { Miniflare } from "miniflare";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "../../../tests/support/authenticator.js";
import { ORIGIN } from "../../../tests/support/site.js";
import { createAuth } from "../src/auth.js";
import { bundle, readConfiguration, sizeOf } from "./bundle.js";
import { type Bundle, Deployment } from "./deployment.js";

const folder = fileURLToPath(new URL("..", import.meta.url));
/** The first date with all of `nodejs_compat`. With this date, a Worker cannot compile wasm, not even while it starts. */
const COMPILES_NEVER = "2024-09-23";
const INIT = "migrations/0001_init.sql";

let built: Bundle;
let persist: string;
let site: Deployment;

const deploy = (more = {}) => new Deployment({ folder, bundle: built, persist, ...more });

beforeAll(async () => {
	built = await bundle(folder);
	persist = mkdtempSync(join(tmpdir(), "touchstone-d1-"));
	site = deploy();
	await site.migrate();
});

afterAll(async () => {
	await site.dispose();
	rmSync(persist, { recursive: true });
});

/** Signs up a user, adds a passkey and signs out. */
async function enrolled(email: string) {
	const authenticator = new SoftwareAuthenticator();
	const browser = site.browser();
	const userId = await browser.signUp(email);
	expect(await browser.addPasskey(authenticator)).toMatchObject({ status: 200 });
	await browser.signOut();
	return { browser, userId, authenticator };
}

describe("the deployment", () => {
	it("imports the wasm as a module and holds no copy of it", () => {
		const [script, wasm, ...others] = built.modules;
		const core = readFileSync(join(folder, "../../node_modules/touchstone-webauthn/core.wasm"));
		expect(others).toEqual([]);
		expect(wasm?.contents.equals(core)).toBe(true);
		expect(built.imports).toContain(wasm?.path);
		const base64 = core.toString("base64");
		expect(script.contents.includes(base64.slice(base64.length / 2, base64.length / 2 + 80))).toBe(false);
		const loaders = built.inputs.filter((path) => path.includes("/touchstone-webauthn/wasm/"));
		expect(loaders.map((path) => path.replace(/^.*\//, "")).sort()).toEqual(["core-glue.js", "core-workerd.js"]);
		if (wasm) process.stdout.write(`worker.js: ${sizeOf(script)}; core.wasm: ${sizeOf(wasm)}\n`);
	});

	it("has in migrations/ what Better Auth generates for its configuration", async () => {
		const empty = new Miniflare({ modules: true, script: "export default {}", d1Databases: ["DB"], cf: false });
		try {
			const DB = await empty.getD1Database("DB");
			const { options } = createAuth({ DB, BASE_URL: ORIGIN, BETTER_AUTH_SECRET: randomUUID() });
			const { compileMigrations } = await getMigrations(options);
			expect(readFileSync(join(folder, INIT), "utf8")).toBe(`${await compileMigrations()}\n`);
		} finally {
			await empty.dispose();
		}
	});

	it("generates what a plugin adds as the next migration", () => {
		const cwd = mkdtempSync(join(persist, "generate-"));
		const statements = readFileSync(join(folder, INIT), "utf8").trim().split("\n\n");
		const [before, added] = [false, true].map((is) => statements.filter((sql) => sql.includes('"passkey"') === is));
		expect(added).toHaveLength(2);
		mkdirSync(join(cwd, "migrations"));
		writeFileSync(join(cwd, INIT), String(before?.join("\n\n")));
		const generate = [join(folder, "generate-migration.mjs"), "passkeys"];
		expect(execFileSync(process.execPath, generate, { cwd, encoding: "utf8" })).toBe("migrations/0002_passkeys.sql\n");
		expect(readFileSync(join(cwd, "migrations/0002_passkeys.sql"), "utf8")).toBe(`${added?.join("\n\n")}\n`);
	});

	it("says what is missing where BASE_URL is empty", async () => {
		const misconfigured = deploy({ bindings: { BASE_URL: "" } });
		try {
			const response = await misconfigured.fetch(new Request(`${ORIGIN}/api/auth/ok`));
			expect(response.status).toBe(500);
			expect(misconfigured.log.join("\n") + (await response.text())).toMatch(/passkey: no origin is configured/);
		} finally {
			await misconfigured.dispose();
		}
	});
});

describe("on D1, which has no interactive transactions", () => {
	// A refused sign-in is logged as a warning. A statement that the database refuses would be an error.
	afterEach(() => expect(site.log.filter((line) => !line.startsWith("warn: "))).toEqual([]));

	it("a passkey is added, signs in, is listed, renamed and removed", async () => {
		const { browser, authenticator, userId } = await enrolled("ada@example.com");
		const me = () => browser.fetch(`${ORIGIN}/api/me`);
		expect((await me()).status).toBe(401);
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
		expect(await (await me()).json()).toEqual({ name: "ada" });

		const list = async () => (await browser.get("/passkey/list-user-passkeys")).body as unknown as { id: string }[];
		const [passkey, ...others] = await list();
		expect(others).toEqual([]);
		expect(passkey).toMatchObject({
			userId,
			credentialID: authenticator.credentials[0]?.id,
			backedUp: true,
			lastUsedAt: expect.any(String),
		});
		const id = passkey?.id;
		const renamed = await browser.post("/passkey/update-passkey", { id, name: "Phone" });
		expect(renamed).toMatchObject({ status: 200, body: { passkey: { id, name: "Phone" } } });
		expect(await list()).toMatchObject([{ id, name: "Phone" }]);
		expect(await browser.post("/passkey/delete-passkey", { id })).toMatchObject({ status: 200 });
		expect(await list()).toEqual([]);

		await browser.signOut();
		const refused = await browser.signIn(authenticator);
		expect(refused).toMatchObject({ status: 401, body: { code: "PASSKEY_NOT_FOUND" } });
	});

	it("an assertion that was used is refused and makes no second session", async () => {
		const { browser, authenticator } = await enrolled("bob@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		const thief = browser.copy();
		expect(await browser.verifyAuthentication(response)).toMatchObject({ status: 200 });
		const sessions = await site.countSessions();
		const refused = await thief.verifyAuthentication(response);
		expect(refused).toMatchObject({ status: 400, body: { code: "CHALLENGE_NOT_FOUND" } });
		expect(await thief.session()).toBeNull();
		expect(await site.countSessions()).toBe(sessions);
	});

	it("20 copies of one assertion at once make one session", async () => {
		const { browser, authenticator } = await enrolled("cy@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		const sessions = await site.countSessions();
		const copies = Array.from({ length: 20 }, () => browser.copy());
		const answers = await Promise.all(copies.map((copy) => copy.verifyAuthentication(response)));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(400)]);
		expect(await site.countSessions()).toBe(sessions + 1);
	});

	it("a wrong signature signs nobody in", async () => {
		const { browser, authenticator } = await enrolled("di@example.com");
		const sessions = await site.countSessions();
		const refused = await browser.signIn(authenticator, { wrongSignature: true });
		expect(refused).toMatchObject({ status: 401, body: { code: "AUTHENTICATION_FAILED" } });
		expect(await site.countSessions()).toBe(sessions);
	});

	it("a signature counter that does not grow signs nobody in", async () => {
		const { browser, authenticator } = await enrolled("ed@example.com");
		const signIn = async (counter: number) => {
			await browser.signOut();
			return (await browser.signIn(authenticator, { counter })).status;
		};
		expect(await signIn(5)).toBe(200);
		const sessions = await site.countSessions();
		expect([await signIn(5), await signIn(4)]).toEqual([401, 401]);
		expect(await site.countSessions()).toBe(sessions - 1);
		expect(await signIn(6)).toBe(200);
	});

	it("an address that tries too often is turned away, and no other", async () => {
		const attempt = { email: "nobody@example.com", password: "correct horse" };
		const [guesser, other] = [site.browser(), site.browser()];
		const statuses = [];
		for (let n = 0; n < 4; n++) statuses.push((await guesser.post("/sign-in/email", attempt)).status);
		expect(statuses).toEqual([401, 401, 401, 429]);
		expect((await other.post("/sign-in/email", attempt)).status).toBe(401);
	});

	it.each([
		["the date of wrangler.jsonc", readConfiguration(folder).compatibility_date],
		["a date at which Workers compile no wasm", COMPILES_NEVER],
	])("a passkey signs in after a restart, with %s", async (_, compatibilityDate) => {
		const { userId, authenticator } = await enrolled(`fay-${compatibilityDate}@example.com`);
		await site.dispose();
		site = deploy({ compatibilityDate });
		const answer = await site.browser().signIn(authenticator);
		expect(answer).toMatchObject({ status: 200, body: { user: { id: userId } } });
	});

	it("a Worker of the second of these dates compiles no wasm, neither during a request nor while it starts", async () => {
		const script = `
			const attempt = () => {
				try {
					return String(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
				} catch (error) {
					return error.message;
				}
			};
			const start = attempt();
			export default { fetch: () => Response.json({ start, request: attempt() }) };`;
		const runtime = new Miniflare({ modules: true, script, compatibilityDate: COMPILES_NEVER, cf: false });
		try {
			const refused = expect.stringContaining("Wasm code generation disallowed");
			const answer = await runtime.dispatchFetch(ORIGIN);
			expect(await answer.json()).toEqual({ start: refused, request: refused });
		} finally {
			await runtime.dispose();
		}
	});

	it("opening one throws, so nothing above opened any", async () => {
		const DB = await site.database();
		await expect(DB.prepare("begin").run()).rejects.toThrow(/transaction/);
		await expect(DB.prepare("savepoint one").run()).rejects.toThrow(/transaction/);
	});
});
