import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { passkey } from "touchstone-webauthn/better-auth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ES256, encode, RS256, SoftwareAuthenticator } from "../../support/authenticator.js";
import { CommandProject } from "../../support/command.js";
import { Browser, ORIGIN } from "../../support/site.js";

const SECRET = "kV1r7yq0c3ZJm5QGf2xW9sTbN8uHaPdE";
const COMMAND = "migrate-expo-passkey";

const AUTH = (plugins = "passkey()") => `
	import { DatabaseSync } from "node:sqlite";
	import { betterAuth } from "better-auth";
	import { passkey } from "touchstone-webauthn/better-auth";
	import { passkey as official } from "@better-auth/passkey";
	export const auth = betterAuth({
		baseURL: "${ORIGIN}",
		secret: "${SECRET}",
		database: new DatabaseSync(new URL("auth.db", import.meta.url).pathname),
		plugins: [${plugins}],
	});
	void official; void passkey;
`;

let project: CommandProject;
let database: DatabaseSync;
let userId: string;
let browser: Browser;

beforeEach(async () => {
	project = new CommandProject({ "auth.js": AUTH() });
	database = new DatabaseSync(join(project.folder, "auth.db"));
	const config = {
		baseURL: ORIGIN,
		secret: SECRET,
		database,
		emailAndPassword: { enabled: true },
		rateLimit: { enabled: false },
		plugins: [passkey()],
	};
	await (await getMigrations(config)).runMigrations();
	const auth = betterAuth(config);
	browser = new Browser((request) => auth.handler(request));
	userId = await browser.signUp("ada@example.com");
	await browser.signOut();
	makeTable("authPasskey");
});

afterEach(() => {
	database.close();
	project.remove();
});

/** The table that Better Auth creates from the schema of expo-passkey 0.3. */
function makeTable(name: string) {
	database.exec(`create table "${name}" (
		"id" text not null primary key, "userId" text not null references "user" ("id") on delete cascade,
		"credentialId" text not null unique, "publicKey" text not null, "counter" integer not null,
		"platform" text not null, "lastUsed" text not null, "status" text not null, "createdAt" text not null,
		"updatedAt" text not null, "revokedAt" text, "revokedReason" text, "metadata" text, "aaguid" text)`);
}

let rows = 0;

/** A passkey that expo-passkey stored, and the authenticator that holds it. */
function stored(columns: Record<string, string | number | null> = {}, table = "authPasskey", synced = true) {
	const authenticator = new SoftwareAuthenticator({ synced, counts: !synced, algorithm: synced ? ES256 : RS256 });
	const user = { id: encode(new TextEncoder().encode(userId)) };
	authenticator.register({ challenge: "AAAA", rp: { id: "localhost" }, user });
	const [credential] = authenticator.credentials;
	const row = {
		id: `row${String(++rows).padStart(5, "0")}`,
		userId,
		credentialId: String(credential?.id),
		publicKey: encode(credential?.coseKey ?? new Uint8Array()),
		counter: 0,
		platform: "ios",
		lastUsed: "2026-03-01T10:00:00.000Z",
		status: "active",
		createdAt: "2026-01-02T03:04:05.678Z",
		updatedAt: "2026-03-01T10:00:00.000Z",
		metadata: JSON.stringify({ deviceName: "Ada’s iPhone", appVersion: "1.2" }),
		aaguid: "EA9B8D66-4D01-1D21-3CE4-B6B48CB575D4",
		...columns,
	};
	const names = Object.keys(row);
	const sql = `insert into "${table}" (${names.map((name) => `"${name}"`)}) values (${names.map(() => "?")})`;
	database.exec("pragma foreign_keys = off");
	database.prepare(sql).run(...Object.values(row));
	return { authenticator, row };
}

const run = (...args: string[]) => project.run([COMMAND, ...args]);
const passkeys = () => database.prepare("select * from passkey order by createdAt, credentialID").all();

describe(COMMAND, () => {
	it("prints what it would do, does it with --write, and finds nothing to do afterwards", async () => {
		const { row, authenticator } = stored();
		const dry = await run();
		expect(dry).toMatchObject({ code: 0, stderr: "" });
		expect(dry.stdout).toBe(
			"1 to migrate, 0 already stored, 0 in conflict; nothing was stored, use --write to store\n",
		);
		expect(passkeys()).toEqual([]);
		const old = database.prepare("select * from authPasskey").all();

		expect((await run("--write")).stdout).toBe("1 migrated, 0 already stored, 0 in conflict\n");
		expect(passkeys()).toMatchObject([
			{
				userId,
				credentialID: row.credentialId,
				publicKey: Buffer.from(authenticator.credentials[0]?.coseKey ?? []).toString("base64"),
				counter: 0,
				createdAt: row.createdAt,
				updatedAt: row.updatedAt,
				lastUsedAt: row.lastUsed,
				aaguid: "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4",
				platform: "ios",
				deviceName: "Ada’s iPhone",
				metadata: row.metadata,
				revokedAt: null,
				revokedReason: null,
				userHandle: null,
			},
		]);
		const once = passkeys();
		expect((await run("--write")).stdout).toBe("0 migrated, 1 already stored, 0 in conflict\n");
		expect(passkeys()).toEqual(once);
		expect(database.prepare("select * from authPasskey").all()).toEqual(old);
	});

	it.each([
		["synced", true, "multiDevice"],
		["bound to its device", false, "singleDevice"],
	])("a passkey that is %s signs in, and a changed backup eligibility is stored", async (_, synced, deviceType) => {
		const { authenticator } = stored({}, "authPasskey", synced);
		await run("--write");
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
		expect(passkeys()).toMatchObject([{ deviceType, backedUp: Number(synced) }]);
		await browser.signOut();
		const changed = { backupEligible: !synced, backedUp: false };
		expect(await browser.signIn(authenticator, changed)).toMatchObject({ status: 200 });
		expect(passkeys()).toMatchObject([{ deviceType: synced ? "singleDevice" : "multiDevice", backedUp: 0 }]);
	});

	it("keeps counters, even if they are text, and revocations with their reason", async () => {
		stored({ counter: "41", createdAt: "2026-01-01T00:00:00.000Z" });
		const revokedAt = "2026-02-02T00:00:00.000Z";
		stored({ status: "revoked", revokedAt, revokedReason: "automatic_inactive" });
		stored({ status: "revoked", createdAt: "2026-01-03T00:00:00.000Z" });
		expect(await run("--write")).toMatchObject({ code: 0 });
		expect(passkeys()).toMatchObject([
			{ counter: 41, revokedAt: null },
			{ revokedAt, revokedReason: "automatic_inactive" },
			{ revokedAt: "2026-03-01T10:00:00.000Z", revokedReason: null },
		]);
	});

	it("reports a passkey that was revoked in the old table after it was migrated", async () => {
		const { row } = stored();
		await run("--write");
		database.exec(`update authPasskey set status = 'revoked', revokedAt = '2026-04-01T00:00:00.000Z'`);
		const { code, stdout } = await run("--write");
		expect(code).toBe(1);
		expect(stdout).toContain(
			`conflict  ${row.credentialId}: it was revoked in expo-passkey later: revoke it here too\n`,
		);
		expect(passkeys()).toMatchObject([{ revokedAt: null }]);
	});

	it("migrates the valid rows, and reports each row that it cannot migrate", async () => {
		stored();
		const taken = stored();
		const another = await browser.copy().signUp("bob@example.com");
		database.prepare("update authPasskey set userId = ? where id = ?").run(another, taken.row.id);
		const insert = database.prepare(
			"insert into passkey (id, userId, credentialID, publicKey, counter, deviceType, backedUp) values (?, ?, ?, 'x', 0, 'singleDevice', 0)",
		);
		insert.run("one", userId, taken.row.credentialId);
		const otherKey = stored();
		insert.run("two", userId, otherKey.row.credentialId);
		const orphan = stored({ userId: "nobody" });
		const broken = stored({ publicKey: "oQEC" });
		const notBase64 = stored({ publicKey: "not*base64url" });
		const counter = stored({ counter: "many" });
		const id = stored({ credentialId: "a+b/" });
		const before = passkeys();

		const { code, stdout } = await run("--write", "--json");
		expect(code).toBe(1);
		expect(JSON.parse(stdout)).toEqual({
			ok: false,
			written: true,
			checks: [],
			migrated: 1,
			skipped: 0,
			conflicts: [
				[taken, "another user has a passkey with this credential ID"],
				[otherKey, "the stored passkey with this credential ID has another key"],
				[orphan, "the user nobody does not exist"],
				[broken, expect.stringMatching(/^its public key cannot be used: .*\(COSE_KEY_M[A-Z]+\)$/)],
				[notBase64, "its public key is not base64url"],
				[counter, "its counter is many"],
				[id, "its credential ID is not base64url"],
			].map(([{ row }, reason]) => ({ credentialId: row.credentialId, reason })),
		});
		expect(passkeys()).toHaveLength(before.length + 1);
		expect((await run()).stdout).toContain(`conflict  ${orphan.row.credentialId}: the user nobody does not exist\n`);
	});

	it("drops optional values that are invalid: times, metadata and AAGUID", async () => {
		stored({ lastUsed: "", createdAt: "yesterday", metadata: "{", aaguid: "AAAA", platform: "" });
		expect(await run("--write")).toMatchObject({ code: 0 });
		const nothing = { lastUsedAt: null, metadata: null, deviceName: null, aaguid: null, platform: null };
		expect(passkeys()).toMatchObject([{ ...nothing, createdAt: expect.stringMatching(/^\d{4}-.*Z$/) }]);
	});

	it("reads tables with many rows and with other names", async () => {
		makeTable("my_passkeys");
		database.exec("begin");
		for (let index = 0; index < 250; index++) stored({}, "my_passkeys");
		database.exec("commit");
		expect((await run("--write", "--table", "my_passkeys")).stdout).toMatch(/^250 migrated, 0 already/);
		expect(passkeys()).toHaveLength(250);
	});

	it.each([
		["a table that does not exist", ["--table", "nothing"], AUTH(), /the table nothing cannot be read.*--table <name>/],
		["the plugin of @better-auth/passkey", [], AUTH("official()"), /the passkey plugin comes from @better-auth/],
		["no file with auth", ["--config", "no.js"], AUTH(), /no\.js does not exist/],
	])("with %s stores nothing, and prints a fix", async (_, args, file, message) => {
		stored();
		project.write({ "auth.js": file });
		const { code, stdout } = await run("--write", ...args);
		expect(code).toBe(1);
		expect(stdout).toMatch(message);
		expect(passkeys()).toEqual([]);
	});

	it("asks for the new columns first if they are missing", async () => {
		stored();
		database.exec('alter table passkey drop column "revokedAt"');
		const { code, stdout } = await run("--write");
		expect(code).toBe(1);
		expect(stdout).toMatch(/the table passkey has no column revokedAt\. Fix: run npx auth migrate/);
	});

	it.each([
		["an option of the doctor", [COMMAND, "--url", "https://example.com"]],
		["no table name", [COMMAND, "--table"]],
		["its own option for the doctor", ["doctor", "--write"]],
	])("%s makes the command print the usage and exit with 2", async (_, args) => {
		const { code, stdout, stderr } = await project.run(args);
		expect([code, stdout]).toEqual([2, ""]);
		expect(stderr).toContain(`touchstone-webauthn ${COMMAND} [options]`);
	});
});
