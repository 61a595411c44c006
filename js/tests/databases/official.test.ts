import { passkey as officialPasskey } from "@better-auth/passkey";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { passkey } from "touchstone-webauthn/better-auth";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { Browser, ORIGIN } from "../support/site.js";
import { type Backend, openMariadb, openPostgres, openSqlite } from "./backends.js";

const servers = inject("servers");
const settings = { rpID: "localhost", rpName: "Example", origin: ORIGIN };
const plugins = { official: () => officialPasskey(settings), ours: () => passkey(settings) };
const ADDED = [
	...["lastUsedAt", "updatedAt", "userHandle"],
	...["platform", "deviceName", "metadata", "revokedAt", "revokedReason"],
];

/** A server with one of the two plugins, on a database that both use alternately. */
function serve({ options }: Backend, plugin: keyof typeof plugins) {
	const config = {
		...options,
		baseURL: ORIGIN,
		secret: "one secret that both servers have, one after the other",
		emailAndPassword: { enabled: true },
		rateLimit: { enabled: false },
		plugins: [plugins[plugin]()],
	} satisfies BetterAuthOptions;
	return {
		migrations: () => getMigrations(config),
		browser: () => {
			const auth = betterAuth(config);
			return new Browser((request) => auth.handler(request));
		},
	};
}

describe.each<[string, () => Backend | Promise<Backend>, boolean]>([
	["SQLite", () => openSqlite(), true],
	["PostgreSQL", openPostgres, servers.postgres !== null],
	["MariaDB", () => openMariadb(), servers.mariadb !== null],
])("a database of @better-auth/passkey on %s", (_, open, available) => {
	describe.skipIf(!available)("after the migration to ours", () => {
		const ofOfficial = new SoftwareAuthenticator({ counts: true });
		const ofOurs = new SoftwareAuthenticator({ counts: true });
		let backend: Backend;
		let userId: string;
		let official: ReturnType<typeof serve>;
		let ours: ReturnType<typeof serve>;

		beforeAll(async () => {
			backend = await open();
			official = serve(backend, "official");
			ours = serve(backend, "ours");
			await (await official.migrations()).runMigrations();
			const browser = official.browser();
			userId = await browser.signUp("ada@example.com");
			expect(await browser.addPasskey(ofOfficial)).toMatchObject({ status: 200 });
		});
		afterAll(() => backend?.close());

		const expectSignIn = async (server: typeof ours, authenticator: SoftwareAuthenticator) => {
			const browser = server.browser();
			expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
			expect((await browser.session())?.user.id).toBe(userId);
			return browser;
		};

		it("has only the optional columns in addition", async () => {
			const { toBeCreated, toBeAdded, runMigrations } = await ours.migrations();
			expect(toBeCreated).toEqual([]);
			expect(toBeAdded.map(({ table, fields }) => [table, Object.keys(fields)])).toEqual([["passkey", ADDED]]);
			await runMigrations();
			const left = await ours.migrations();
			expect([left.toBeCreated, left.toBeAdded, left.schemaProblems]).toEqual([[], [], []]);
		});

		it("has a passkey of the official plugin that signs in, can be renamed and not registered twice", async () => {
			const browser = await expectSignIn(ours, ofOfficial);
			const { body } = await browser.get("/passkey/list-user-passkeys");
			expect(body).toMatchObject([{ userId, counter: 1, lastUsedAt: expect.any(String) }]);
			const [{ id } = { id: "" }] = body as unknown as { id: string }[];
			const renamed = await browser.post("/passkey/update-passkey", { id, name: "Phone" });
			expect(renamed).toMatchObject({ status: 200, body: { passkey: { name: "Phone" } } });
			const credentialId = String(ofOfficial.credentials[0]?.id);
			const twice = await browser.addPasskey(new SoftwareAuthenticator(), { credentialId });
			expect(twice).toMatchObject({ status: 400, body: { code: "PREVIOUSLY_REGISTERED" } });
		});

		it("has a passkey of our plugin that signs in with both plugins, which share the counter column", async () => {
			const browser = await expectSignIn(ours, ofOfficial);
			expect(await browser.addPasskey(ofOurs)).toMatchObject({ status: 200 });
			for (const server of [official, ours, official, ours]) {
				await expectSignIn(server, ofOurs);
				await expectSignIn(server, ofOfficial);
			}
			const { body } = await (await expectSignIn(ours, ofOurs)).get("/passkey/list-user-passkeys");
			const counters = (body as unknown as { counter: number }[]).map(({ counter }) => counter);
			expect(counters.sort()).toEqual([5, 6]);
		});

		it("accepts a new passkey from the official plugin, which signs in with ours", async () => {
			const browser = official.browser();
			await browser.signIn(ofOfficial);
			const another = new SoftwareAuthenticator();
			expect(await browser.addPasskey(another)).toMatchObject({ status: 200 });
			await expectSignIn(ours, another);
		});
	});
});
