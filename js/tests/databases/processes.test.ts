import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { Browser } from "../support/site.js";
import { createPostgresDatabase } from "./backends.js";
import { migrations, tally } from "./suite.js";

const PROCESSES = 4;
const USERS = 500;

interface Member {
	browser: Browser;
	userId: string;
	authenticator: SoftwareAuthenticator;
}

describe.skipIf(inject("servers").postgres === null)(`${PROCESSES} server processes on one PostgreSQL`, () => {
	let db: pg.Pool;
	const processes: ChildProcess[] = [];
	let browser: () => Browser;

	beforeAll(async () => {
		const url = String(await createPostgresDatabase());
		db = new pg.Pool({ connectionString: url, max: 4 });
		await (await migrations({ options: { database: db } })).runMigrations();
		// Records every change of a counter in the database's order.
		await db.query(`
			create table counted (n serial, passkey text, before integer, after integer);
			create function count_it() returns trigger language plpgsql as $$ begin
				insert into counted (passkey, before, after) values (new.id, old.counter, new.counter);
				return new;
			end $$;
			create trigger counted before update on passkey for each row execute function count_it();`);
		const ports = await Promise.all(Array.from({ length: PROCESSES }, () => startProcess(url, processes)));
		let requests = 0;
		// Sends each request to the next process, so that no ceremony stays in one process.
		browser = () => new Browser((request) => relay(request, Number(ports[requests++ % PROCESSES])));
	});

	afterAll(async () => {
		await Promise.all(
			processes.map((child) => {
				child.stdin?.end();
				return child.exitCode ?? once(child, "exit");
			}),
		);
		await db?.end();
	});

	const enrol = async (name: string, authenticator = new SoftwareAuthenticator()): Promise<Member> => {
		const own = browser();
		const userId = await own.signUp(`${name}@example.com`);
		expect(await own.addPasskey(authenticator)).toMatchObject({ status: 200 });
		own.cookies.clear();
		return { browser: own, userId, authenticator };
	};
	const sessions = async (userId: string) => {
		const { rows } = await db.query('select count(*)::int as n from session where "userId" = $1', [userId]);
		return Number(rows[0].n);
	};

	it.each([
		["with a counter", true],
		["without a counter", false],
	])("create exactly one session for 200 copies of one assertion %s", async (name, counts) => {
		const member = await enrol(name.replaceAll(" ", "-"), new SoftwareAuthenticator({ counts }));
		const before = await sessions(member.userId);
		const response = member.authenticator.authenticate(await member.browser.requestOptions());
		const copies = Array.from({ length: 200 }, () => member.browser.copy());
		const answers = await Promise.all(copies.map((copy) => copy.verifyAuthentication(response)));
		expect(tally(answers)).toEqual({ "200": 1, "400 CHALLENGE_NOT_FOUND": 199 });
		expect(await sessions(member.userId)).toBe(before + 1);
	});

	it("store one passkey after 20 ceremonies for one credential", async () => {
		const own = browser();
		const userId = await own.signUp("twenty@example.com");
		const credentialId = "one-credential-of-twenty-ceremonies";
		const attempts = await Promise.all(
			Array.from({ length: 20 }, async () => {
				const copy = own.copy();
				const response = new SoftwareAuthenticator().register(await copy.creationOptions(), { credentialId });
				return { copy, response };
			}),
		);
		const answers = await Promise.all(attempts.map(({ copy, response }) => copy.verifyRegistration(response)));
		expect(tally(answers)).toEqual({ "200": 1, "400 PREVIOUSLY_REGISTERED": 19 });
		const { rows } = await db.query('select * from passkey where "userId" = $1', [userId]);
		expect(rows).toHaveLength(1);
	});

	it("never decrease a counter, regardless of the order of sign-ins", async () => {
		const { browser: own, userId, authenticator } = await enrol("counting");
		const counters = Array.from({ length: 100 }, (_, index) => index + 1);
		const attempts = await Promise.all(
			shuffled(counters).map(async (counter) => {
				const copy = own.copy();
				const response = authenticator.authenticate(await copy.requestOptions(), { counter });
				return { copy, response };
			}),
		);
		const before = await sessions(userId);
		const answers = await Promise.all(attempts.map(({ copy, response }) => copy.verifyAuthentication(response)));
		const { rows } = await db.query(
			'select before, after from counted where passkey = (select id from passkey where "userId" = $1) order by n',
			[userId],
		);
		expect(rows.filter((row) => row.after <= row.before)).toEqual([]);
		expect(rows.at(-1)?.after).toBe(100);
		const refused = 100 - rows.length;
		expect(tally(answers)).toEqual({ "200": rows.length, ...(refused && { "401 AUTHENTICATION_FAILED": refused }) });
		expect(await sessions(userId)).toBe(before + rows.length);
	});

	it(`sign in ${USERS} users at once, each to their own account`, async () => {
		const members: Member[] = [];
		for (let first = 0; first < USERS; first += 50) {
			const batch = Array.from({ length: 50 }, (_, index) => enrol(`user${first + index}`));
			members.push(...(await Promise.all(batch)));
		}
		const answers = await Promise.all(members.map((member) => member.browser.signIn(member.authenticator)));
		expect(tally(answers)).toEqual({ "200": USERS });
		expect(answers.map(({ body }) => (body.user as { id: string }).id)).toEqual(members.map(({ userId }) => userId));
		const tokens = new Set(answers.map(({ body }) => (body.session as { token: string }).token));
		expect(tokens.size).toBe(USERS);
	});
});

async function startProcess(url: string, processes: ChildProcess[]): Promise<number> {
	const program = fileURLToPath(new URL("server.mjs", import.meta.url));
	const child = spawn(process.execPath, [program, url], { stdio: ["pipe", "pipe", "inherit"] });
	processes.push(child);
	const [line] = await once(child.stdout, "data");
	return Number(line);
}

async function relay(request: Request, port: number): Promise<Response> {
	const url = new URL(request.url);
	url.host = `127.0.0.1:${port}`;
	const { method, headers } = request;
	return fetch(url, { method, headers, redirect: "manual", ...(request.body && { body: await request.text() }) });
}

function shuffled<T>(items: T[]): T[] {
	return items
		.map((item) => ({ item, key: Math.random() }))
		.sort((left, right) => left.key - right.key)
		.map(({ item }) => item);
}
