import { describe, expect, inject, it } from "vitest";
import { addAtOnce, openSite, type Site, withPasskeysOnly } from "../support/site.js";
import { type Backend, openMariadb, openPostgres, openSqlite } from "./backends.js";
import { CUSTOM_TABLE } from "./golden/custom-table.js";
import { migrations } from "./suite.js";

const servers = inject("servers");

/** Promises that depend on conditions that the database itself must enforce for concurrent requests. */
function describeLife(open: () => Promise<Backend> | Backend) {
	async function withSite(options: Parameters<typeof openSite>[0], use: (site: Site) => Promise<void>) {
		const backend = await open();
		try {
			await (await migrations(backend)).runMigrations();
			const advanced = { ...backend.options.advanced, disableOriginCheck: false };
			await use(await openSite({ ...backend.passkey, ...options }, { ...backend.options, advanced }));
		} finally {
			await backend.close();
		}
	}

	it("two removals at once leave the user at least one of two passkeys", () =>
		withSite({}, async (site) => {
			for (let round = 0; round < 20; round++) {
				const { browser, userId, passkeyIds } = await withPasskeysOnly(site, `user${round}@example.com`, 2);
				const paths = ["delete-passkey", round % 2 ? "revoke-passkey" : "delete-passkey"];
				const answers = await Promise.all(
					paths.map((path, index) => browser.post(`/passkey/${path}`, { id: passkeyIds[index] })),
				);
				const where = [{ field: "userId", value: userId }];
				const rows = await site.db.findMany<{ revokedAt: Date | null }>({ model: "passkey", where });
				const left = rows.filter(({ revokedAt }) => revokedAt === null);
				expect(left.length).toBeGreaterThanOrEqual(1);
				const refused = answers.filter(({ status }) => status !== 200);
				expect(refused.map(({ body }) => body.code)).toEqual(left.map(() => "LAST_SIGN_IN_METHOD"));
			}
		}));

	it("ten registrations at once do not exceed maxPasskeysPerUser", () =>
		withSite({ maxPasskeysPerUser: 3 }, async (site) => {
			const browser = site.browser();
			await browser.signUp("ada@example.com");
			const answers = await addAtOnce(browser, 10);
			const stored = await site.passkeys();
			expect(stored.length).toBeLessThanOrEqual(3);
			expect(answers.filter(({ status }) => status === 200)).toHaveLength(stored.length);
		}));

	it("cleaning up revokes unused passkeys and deletes expired challenges", () =>
		withSite({ cleanup: { inactiveDays: 90 } }, async (site) => {
			const { passkeyIds, browser } = await withPasskeysOnly(site, "ada@example.com", 3);
			const old = new Date(Date.now() - 100 * 24 * 60 * 60 * 1000);
			const update = (id: string | undefined, times: object) =>
				site.db.update({ model: "passkey", where: [{ field: "id", value: id ?? "" }], update: { ...times } });
			await update(passkeyIds[0], { lastUsedAt: old });
			await update(passkeyIds[1], { createdAt: old });
			await browser.requestOptions();
			const ours = [{ field: "identifier", operator: "starts_with" as const, value: "passkey-challenge:" }];
			await site.db.updateMany({ model: "verification", where: ours, update: { expiresAt: old } });
			const result = await site.auth.api.cleanUpPasskeys();
			expect(result).toMatchObject({ revoked: 2, skipped: 0, expiredChallenges: 1 });
			expect(await browser.get("/passkey/list-user-passkeys")).toMatchObject({ body: [{ id: passkeyIds[2] }] });
		}));
}

describe("SQLite", () => describeLife(openSqlite));

describe.skipIf(servers.postgres === null)("PostgreSQL", () => {
	describe("with the names and ids of Better Auth", () => describeLife(openPostgres));

	describe("with other names and with UUIDs", () =>
		describeLife(async () => {
			const { options, ...backend } = await openPostgres();
			const advanced = { database: { generateId: "uuid" as const } };
			return { ...backend, options: { ...options, advanced }, passkey: { schema: CUSTOM_TABLE } };
		}));
});

describe.skipIf(servers.mariadb === null)("MariaDB", () => describeLife(openMariadb));
