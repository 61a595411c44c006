import { describe, expect, inject, it } from "vitest";
import { encode, SoftwareAuthenticator } from "../support/authenticator.js";
import { expectRefusal } from "../support/refusal.js";
import { openSite } from "../support/site.js";
import { openMariadb, openPostgres, openSqlite } from "./backends.js";
import { CUSTOM_TABLE } from "./golden/custom-table.js";
import { describeDatabase, migrations, TOO_LARGE } from "./suite.js";

const servers = inject("servers");

describe("SQLite", () => describeDatabase(openSqlite));

describe.skipIf(servers.postgres === null)("PostgreSQL", () => {
	describe("with the names and ids of Better Auth", () => describeDatabase(openPostgres));

	describe("with other names and with UUIDs", () =>
		describeDatabase(async () => {
			const { options, ...backend } = await openPostgres();
			const advanced = { database: { generateId: "uuid" as const } };
			return { ...backend, options: { ...options, advanced }, passkey: { schema: CUSTOM_TABLE } };
		}));
});

describe.skipIf(servers.mariadb === null)("MariaDB", () => {
	// The unique column of Better Auth's migration has 255 characters, which encode at most 191 bytes.
	describeDatabase(openMariadb, { longestCredentialId: 191 });

	it("does not store a truncated credential ID if its SQL mode truncates instead of refusing", async () => {
		const backend = await openMariadb("");
		try {
			await (await migrations(backend)).runMigrations();
			const site = await openSite({}, backend.options);
			const browser = site.browser();
			await browser.signUp("ada@example.com");
			const credentialId = encode(crypto.getRandomValues(new Uint8Array(192)));
			const add = () => browser.addPasskey(new SoftwareAuthenticator(), { credentialId });
			await expectRefusal(site, add, TOO_LARGE);
			expect(await site.passkeys()).toEqual([]);
		} finally {
			await backend.close();
		}
	});
});

it("only the databases in DATABASES_MISSING were skipped", () => {
	const missing = Object.entries(servers).filter(([, port]) => port === null);
	const expected = process.env.DATABASES_MISSING?.split(",").filter(Boolean) ?? [];
	expect(missing.map(([name]) => name)).toEqual(expected);
});
