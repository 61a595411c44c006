import type { DatabaseSync } from "node:sqlite";
import { describe, expect, inject, it } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { Browser, enrolled, openSite } from "../support/site.js";
import { openRedis } from "./backends.js";
import { describeDatabase, migrations, tally } from "./suite.js";

const CHALLENGE = "better-auth:verification:passkey-challenge:";

describe.skipIf(inject("servers").redis === null)("Redis as the secondary storage of SQLite", () => {
	describe("holding sessions and challenges alone", () => describeDatabase(() => openRedis()));

	describe("in addition to the database", () =>
		describeDatabase(() => {
			const backend = openRedis();
			return { ...backend, options: { ...backend.options, verification: { storeInDatabase: true } } };
		}));

	it("holds a challenge for at most five minutes, and only until it is used", async () => {
		const backend = openRedis("used");
		const { redis } = backend;
		await (await migrations(backend)).runMigrations();
		const site = await openSite({}, backend.options);
		try {
			const keys = () => redis.keys(`used:${CHALLENGE}*`);
			const { browser, authenticator } = await enrolled(site, "ada@example.com");
			expect(await keys()).toEqual([]);
			const options = await browser.requestOptions();
			const [key = "", ...others] = await keys();
			expect(others).toEqual([]);
			const { database } = backend.options;
			expect((database as DatabaseSync).prepare("select * from verification").all()).toEqual([]);
			const seconds = await redis.ttl(key.replace("used:", ""));
			expect(seconds).toBeGreaterThan(280);
			expect(seconds).toBeLessThanOrEqual(300);
			const response = authenticator.authenticate(options, { wrongSignature: true });
			expect(await browser.verifyAuthentication(response)).toMatchObject({ status: 401 });
			expect(await keys()).toEqual([]);
		} finally {
			await backend.close();
		}
	});

	it("gives 200 copies of one assertion exactly one session on two servers that share it", async () => {
		const [first, second] = [openRedis("shared"), openRedis("shared")];
		await (await migrations(first)).runMigrations();
		const { database } = first.options;
		const one = await openSite({}, first.options);
		const other = await openSite({}, { ...second.options, database });
		try {
			const { browser, userId, authenticator } = await enrolled(one, "bob@example.com", new SoftwareAuthenticator());
			const response = authenticator.authenticate(await browser.requestOptions());
			const copies = Array.from({ length: 200 }, (_, index) => {
				const copy = new Browser((request) => (index % 2 ? one : other).auth.handler(request));
				for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
				return copy;
			});
			const answers = await Promise.all(copies.map((copy) => copy.verifyAuthentication(response)));
			expect(tally(answers)).toEqual({ "200": 1, "400 CHALLENGE_NOT_FOUND": 199 });
			const { internalAdapter } = await one.auth.$context;
			expect(await internalAdapter.listSessions(userId)).toHaveLength(1);
		} finally {
			await first.close();
			await second.close();
		}
	});
});
