import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { passkey as officialPasskey } from "@better-auth/passkey";
import type { BetterAuthPlugin } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { passkey } from "touchstone-webauthn/better-auth";
import { afterEach, describe, expect, it } from "vitest";
import { CommandProject, installed } from "../../support/command.js";

const projects: CommandProject[] = [];
afterEach(() => {
	for (const project of projects.splice(0)) project.remove();
});

function open(files: Record<string, string>, packages?: string[]) {
	const project = new CommandProject(files, packages);
	projects.push(project);
	return project;
}

/** The text of a file that exports auth with these options of the plugin and of Better Auth. */
const authFile = (options = "", more = "", plugins = `passkey({ ${options} })`) => `
	import { DatabaseSync } from "node:sqlite";
	import { betterAuth } from "better-auth";
	import { passkey } from "touchstone-webauthn/better-auth";
	import { passkey as official } from "@better-auth/passkey";
	export const auth = betterAuth({
		baseURL: "https://example.com",
		database: new DatabaseSync(new URL("auth.db", import.meta.url).pathname),
		plugins: [${plugins}],
		${more}
	});
	void official; void passkey;
`;

async function migrate(project: CommandProject, plugin: BetterAuthPlugin = passkey()) {
	const database = new DatabaseSync(join(project.folder, "auth.db"));
	await (await getMigrations({ database, plugins: [plugin] })).runMigrations();
	database.close();
}

async function openMigrated(options?: string, more?: string, plugins?: string) {
	const project = open({ "auth.js": authFile(options, more, plugins) });
	await migrate(project);
	return project;
}

describe("a project without problems", () => {
	it("gets a line for each check, and the exit code is 0", async () => {
		const project = open({ "src/lib/auth.ts": `${authFile()}\nexport type Auth = typeof auth;` });
		const database = new DatabaseSync(join(project.folder, "src/lib/auth.db"));
		await (await getMigrations({ database, plugins: [passkey()] })).runMigrations();
		database.close();
		const { code, stdout, stderr } = await project.run(["doctor"]);
		expect(stdout.split("\n")).toEqual([
			expect.stringMatching(/^ok {4}node {9}Node\.js \d+\.\d+\.\d+$/),
			`ok    config       ${join(project.folder, "src/lib/auth.ts")}`,
			expect.stringMatching(/^ok {4}better-auth {2}better-auth 1\.\d+\.\d+$/),
			"ok    plugin       passkey of touchstone-webauthn",
			"ok    secret       set",
			"ok    environment  NODE_ENV is production",
			"ok    start        Better Auth starts",
			"ok    base-url     https://example.com",
			"ok    rp-id        example.com",
			"ok    database     all tables and columns exist (kysely)",
			"10 ok, 0 warn, 0 fail",
			"",
		]);
		expect([code, stderr]).toEqual([0, ""]);
	});

	it("gets only JSON on stdout with --json, even if the project prints to it", async () => {
		const project = await openMigrated();
		project.write({ "loud.js": `console.log("loaded"); export * from "./auth.js";` });
		const { code, report, stderr } = await project.doctor(["--config", "loud.js"]);
		expect(code).toBe(0);
		expect(report.ok).toBe(true);
		expect(report.checks.map(({ status }) => status)).toEqual(Array(10).fill("ok"));
		expect(stderr).toBe("loaded\n");
	});
});

describe("the database", () => {
	it("without tables fails, and the fix names the command that creates them", async () => {
		const { code, wrong } = await open({ "auth.js": authFile() }).doctor();
		expect(code).toBe(1);
		const tables = ["user", "session", "account", "verification", "passkey"];
		expect(wrong.map(({ message }) => message).sort()).toEqual(
			tables.map((table) => `the table ${table} is missing.`).sort(),
		);
		for (const check of wrong) expect(check).toMatchObject({ id: "database", status: "fail" });
		for (const { fix } of wrong) expect(fix).toContain("npx auth migrate");
	});

	it.each([
		["its own", authFile()],
		[
			"Kysely's adapter",
			authFile().replace(
				/database: (new DatabaseSync\(.*\)),\n/,
				'database: kyselyAdapter(new Kysely({ dialect: new NodeSqliteDialect({ database: $1 }) }), { type: "sqlite" }),\n',
			),
		],
	])("of @better-auth/passkey fails until the additional columns exist (by %s)", async (name, file) => {
		const imports =
			'import { kyselyAdapter } from "@better-auth/kysely-adapter"; import { Kysely } from "kysely"; ' +
			'import { NodeSqliteDialect } from "@better-auth/kysely-adapter/node-sqlite-dialect";';
		const project = open({ "auth.js": name === "its own" ? file : `${imports}${file}` }, [
			...["better-auth", "touchstone-webauthn", "@better-auth/passkey", "@better-auth/kysely-adapter", "kysely"],
		]);
		await migrate(project, officialPasskey());
		const lacking = await project.doctor();
		expect(lacking.code).toBe(1);
		expect(lacking.wrong).toMatchObject([
			{
				id: "database",
				status: "fail",
				message:
					"the table passkey has no columns lastUsedAt, updatedAt, userHandle, " +
					"platform, deviceName, metadata, revokedAt, revokedReason.",
			},
		]);
		await migrate(project);
		expect(await project.doctor()).toMatchObject({ code: 0, wrong: [] });
	});

	it("that cannot be opened fails, and the message states the reason", async () => {
		const project = open({ "auth.js": `${authFile()}\nauth.options.database.close();` });
		await migrate(project);
		const { code, wrong } = await project.doctor();
		expect(code).toBe(1);
		expect(wrong).toMatchObject([
			{ id: "database", status: "fail", message: "the database does not answer: database is not open" },
		]);
	});

	it("in memory causes a warning", async () => {
		const { code, wrong } = await open({ "auth.js": authFile("", "database: undefined") }).doctor();
		expect(code).toBe(0);
		expect(wrong).toMatchObject([{ id: "database", status: "warn", message: expect.stringContaining("in memory") }]);
	});
});

describe("the configuration", () => {
	it.each<[string, string, string, string, string]>([
		["an RP ID of another site", 'rpID: "example.org"', "", "fail start", "as the message says"],
		["an RP ID that is an address", "", 'baseURL: "https://192.0.2.1"', "fail rp-id", "localhost"],
		[
			"an RP ID that is a public suffix",
			'rpID: "vercel.app", origin: "https://mine.vercel.app"',
			'baseURL: "https://mine.vercel.app"',
			"fail start",
			"as the message says",
		],
		[
			"a related origin outside the RP ID",
			'relatedOrigins: ["https://example.co.uk"]',
			'trustedOrigins: ["https://example.co.uk"]',
			"warn related-origin",
			'wellKnown({ relatedOrigins: ["https://example.co.uk"] })',
		],
		[
			"an origin that Better Auth does not trust",
			'origin: ["https://example.com", "https://app.example.com"]',
			"",
			"warn trusted-origin",
			'trustedOrigins: ["https://app.example.com"]',
		],
		[
			"a baseURL that is not among the origins",
			'origin: "https://app.example.com", rpID: "example.com"',
			'trustedOrigins: ["https://app.example.com"]',
			"warn base-url",
			'add "https://example.com" to origin',
		],
		[
			"an origin without https",
			'origin: ["https://example.com", "http://www.example.com"]',
			'trustedOrigins: ["http://www.example.com"]',
			"fail origin",
			'origin: "https://www.example.com"',
		],
		[
			"an Android origin in the wrong format",
			'origin: ["https://example.com", "android:apk-key-hash:AA:BB"]',
			"",
			"fail android-origin",
			"androidOrigin(",
		],
	])("with %s", async (_, options, more, found, fix) => {
		const { code, wrong } = await (await openMigrated(options, more)).doctor();
		expect(wrong.map(({ id, status }) => `${status} ${id}`)).toEqual([found]);
		expect(wrong[0]?.fix).toContain(fix);
		expect(code).toBe(found.startsWith("fail") ? 1 : 0);
	});

	it.each([
		["none", "", "the passkey plugin is missing"],
		["the official one", "official()", "the passkey plugin comes from @better-auth/passkey"],
		["both", "official(), passkey()", '2 plugins share the id "passkey"'],
	])("with %s as the passkey plugin fails", async (_, plugins, message) => {
		const { code, wrong } = await (await openMigrated("", "", plugins)).doctor();
		expect(code).toBe(1);
		expect(wrong).toMatchObject([{ id: "plugin", status: "fail", message: expect.stringContaining(message) }]);
		expect(wrong[0]?.fix).toMatch(/touchstone-webauthn\/better-auth|keep only/);
	});

	it("that does not start fails with the plugin's message", async () => {
		const { code, wrong } = await (await openMigrated('rpID: "example.com"', 'baseURL: ""')).doctor();
		expect(code).toBe(1);
		expect(wrong).toMatchObject([
			{
				id: "start",
				status: "fail",
				message: expect.stringContaining('Use passkey({ origin: "https://example.com" })'),
			},
		]);
	});

	it("that accepts localhost in production, or runs outside production, causes a warning", async () => {
		const project = await openMigrated("", 'baseURL: "http://localhost:3000"');
		expect(await project.doctor()).toMatchObject({ code: 0, wrong: [{ id: "origin", status: "warn" }] });
		expect((await project.doctor([], { NODE_ENV: "development" })).wrong.map(({ id }) => id)).toEqual(["environment"]);
	});

	it("without a secret fails; with a short secret or outside production it causes a warning", async () => {
		const project = await openMigrated();
		const none = await project.doctor([], { BETTER_AUTH_SECRET: "" });
		expect(none.code).toBe(1);
		expect(none.wrong[0]).toMatchObject({ id: "secret", status: "fail", fix: expect.stringContaining("openssl") });
		const short = await project.doctor([], { BETTER_AUTH_SECRET: "short" });
		expect(short).toMatchObject({ code: 0, wrong: [{ id: "secret", status: "warn" }] });
		const development = await project.doctor([], { NODE_ENV: "" });
		expect(development).toMatchObject({ code: 0, wrong: [{ id: "environment", status: "warn" }] });
	});
});

describe("the file with auth", () => {
	it("that is not found, missing, broken or without an auth export fails with a fix", async () => {
		const project = open({
			"broken.js": 'throw new Error("DATABASE_URL is not set");',
			"factory.js": "export const createAuth = () => {};",
		});
		for (const [args, message, fix] of [
			[[], "no auth.ts or auth.js", "--config path/to/auth.ts"],
			[["--config", "no.js"], "no.js does not exist", "--config"],
			[["--config", "broken.js"], "DATABASE_URL is not set", "--env .env"],
			[["--config", "factory.js"], "exports createAuth, but not auth", "export const auth = betterAuth("],
		] as const) {
			const { code, wrong } = await project.doctor([...args]);
			expect(code).toBe(1);
			expect(wrong).toMatchObject([{ id: "config", status: "fail", message: expect.stringContaining(message) }]);
			expect(wrong[0]?.fix).toContain(fix);
		}
	});

	it("gets its variables from --env", async () => {
		const project = await openMigrated("", "secret: process.env.AUTH_KEY");
		project.write({ ".env": "AUTH_KEY=a-secret-from-a-file-0123456789abcdef\n" });
		const env = { BETTER_AUTH_SECRET: "" };
		expect(await project.doctor([], env)).toMatchObject({ code: 1 });
		expect(await project.doctor(["--env", ".env"], env)).toMatchObject({ code: 0, wrong: [] });
	});

	it("in TypeScript that Node.js cannot load asks for tsx, and is loaded with it", async () => {
		const files = {
			"auth.ts": `import { Level } from "@/level";\n${authFile()}\nexport const level: Level = Level.High;`,
			"source/level.ts": "export enum Level { Low, High }",
			"tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./source/*"] } } }',
		};
		const without = open(files);
		await migrate(without);
		const fix = "run npm install --save-dev tsx, which supports the TypeScript of bundlers";
		expect(await without.doctor()).toMatchObject({ code: 1, wrong: [{ id: "config", status: "fail", fix }] });
		const old = await without.doctor([], {}, ["--no-experimental-strip-types"]);
		expect(old.wrong).toMatchObject([
			{
				message: expect.stringContaining("cannot read TypeScript"),
				fix: "run npm install --save-dev tsx, or use Node.js 22.18 or later",
			},
		]);

		const project = open(files, ["better-auth", "touchstone-webauthn", "@better-auth/passkey", "tsx"]);
		await migrate(project);
		expect(await project.doctor()).toMatchObject({ code: 0, wrong: [] });
		expect(await project.doctor([], {}, ["--no-experimental-strip-types"])).toMatchObject({ code: 0, wrong: [] });
	});
});

it("the doctor says that Better Auth is missing if it is not installed", async () => {
	const project = open({});
	const copy = join(project.folder, "node_modules/touchstone-webauthn");
	rmSync(copy);
	cpSync(installed, copy, { recursive: true });
	const { bin } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
	rmSync(join(project.folder, "node_modules/better-auth"));
	const { code, stderr } = await project.run(["doctor"], {}, [], join(copy, bin["touchstone-webauthn"]));
	expect(code).toBe(1);
	expect(stderr).toContain("Fix: npm install better-auth");
});

it.each([
	["no command", []],
	["another command", ["nurse"]],
	["an unknown option", ["doctor", "--fix"]],
	["an address that is not a URL", ["doctor", "--url", "example.com"]],
	["an address of another kind", ["doctor", "--url", "ftp://example.com"]],
	["an env file that does not exist", ["doctor", "--env", "no.env"]],
])("%s makes the command print its usage and exit with 2", async (_, args) => {
	const { code, stdout, stderr } = await open({}).run(args);
	expect([code, stdout]).toEqual([2, ""]);
	expect(stderr).toContain("Usage: touchstone-webauthn doctor [options]");
});

it("--help prints the usage and exits with 0", async () => {
	const { code, stdout } = await open({}).run(["--help"]);
	expect(code).toBe(0);
	expect(stdout).toContain("--env <file>");
});
