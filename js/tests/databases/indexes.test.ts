import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { enrolled, openSite } from "../support/site.js";
import { openSqlite } from "./backends.js";
import { migrations } from "./suite.js";

/** Every statement that SQLite prepares during the run. */
async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
	const { prepare } = DatabaseSync.prototype;
	const statements = new Set<string>();
	DatabaseSync.prototype.prepare = function (sql, ...more) {
		statements.add(sql);
		return prepare.call(this, sql, ...more);
	};
	await run().finally(() => {
		DatabaseSync.prototype.prepare = prepare;
	});
	return [...statements].filter((sql) => /^(select|update|delete)/i.test(sql));
}

function planOf(database: DatabaseSync, sql: string): string {
	const rows = database.prepare(`explain query plan ${sql}`).all(...Array(sql.split("?").length - 1).fill(""));
	return rows.map(({ detail }) => detail).join("; ");
}

it("every query of the ceremonies uses an index", async () => {
	const backend = openSqlite();
	const database = backend.options.database as DatabaseSync;
	await (await migrations(backend)).runMigrations();
	const site = await openSite({}, backend.options);
	const member = await enrolled(site, "ada@example.com");
	const statements = await statementsOf(async () => {
		expect(await member.browser.signIn(member.authenticator)).toMatchObject({ status: 200 });
		await member.browser.addPasskey(new SoftwareAuthenticator());
		const { body } = await member.browser.get("/passkey/list-user-passkeys");
		const [{ id }] = body as unknown as [{ id: string }];
		expect(await member.browser.post("/passkey/update-passkey", { id, name: "x" })).toMatchObject({ status: 200 });
		expect(await member.browser.post("/passkey/delete-passkey", { id })).toMatchObject({ status: 200 });
	});
	expect(statements.filter((sql) => sql.includes('"passkey"')).length).toBeGreaterThan(4);
	const scans = statements.map((sql) => [sql, planOf(database, sql)]).filter(([, plan]) => plan?.includes("SCAN"));
	expect(scans).toEqual([]);
	await backend.close();
});
