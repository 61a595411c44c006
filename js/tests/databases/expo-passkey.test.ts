import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { expoPasskey } from "expo-passkey/server";
import { passkey } from "touchstone-webauthn/better-auth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encode, SoftwareAuthenticator } from "../support/authenticator.js";
import { CommandProject } from "../support/command.js";
import { type Answer, Browser, ORIGIN } from "../support/site.js";

const SECRET = "kV1r7yq0c3ZJm5QGf2xW9sTbN8uHaPdE";

const AUTH = `
	import { DatabaseSync } from "node:sqlite";
	import { betterAuth } from "better-auth";
	import { passkey } from "touchstone-webauthn/better-auth";
	export const auth = betterAuth({
		baseURL: "${ORIGIN}",
		secret: "${SECRET}",
		database: new DatabaseSync(new URL("auth.db", import.meta.url).pathname),
		plugins: [passkey()],
	});
`;

describe("a database of expo-passkey", () => {
	const project = new CommandProject({ "auth.js": AUTH });
	const database = new DatabaseSync(join(project.folder, "auth.db"));
	const [synced, bound, revoked] = [
		new SoftwareAuthenticator(),
		new SoftwareAuthenticator({ synced: false, counts: true }),
		new SoftwareAuthenticator(),
	];
	let userId: string;
	let old: Browser;
	let ours: Browser;

	/** A server with one of the two plugins on this database, migrated to the plugin's schema. */
	const serve = async (plugin: NonNullable<BetterAuthOptions["plugins"]>[number]) => {
		const config = {
			baseURL: ORIGIN,
			secret: SECRET,
			database,
			emailAndPassword: { enabled: true },
			rateLimit: { enabled: false },
			logger: { disabled: true },
			plugins: [plugin],
		} satisfies BetterAuthOptions;
		await (await getMigrations(config)).runMigrations();
		const auth = betterAuth(config);
		return new Browser((request) => auth.handler(request));
	};

	const challenge = async (type: "registration" | "authentication") => {
		const userId = type === "authentication" ? "auto-discovery" : undefined;
		const { body } = await old.post("/expo-passkey/challenge", { type, userId });
		return { challenge: (body as { challenge?: string }).challenge ?? "", rpId: "localhost" };
	};

	const register = async (authenticator: SoftwareAuthenticator): Promise<Answer> => {
		const user = { id: encode(new TextEncoder().encode(userId)) };
		const options = { ...(await challenge("registration")), rp: { id: "localhost" }, user };
		const metadata = { deviceName: "Phone", biometricType: "face" };
		return old.post("/expo-passkey/register", {
			credential: authenticator.register(options),
			platform: "ios",
			metadata,
		});
	};

	beforeAll(async () => {
		const plugin = expoPasskey({ rpId: "localhost", rpName: "Example", origin: ORIGIN });
		// Its registration middleware fails with this Better Auth version; the endpoint itself also checks the session.
		old = await serve({ ...plugin, middlewares: [] } as never);
		userId = await old.signUp("ada@example.com");
		for (const authenticator of [synced, bound, revoked]) {
			expect(await register(authenticator)).toMatchObject({ status: 200, body: { success: true } });
		}
		const credential = bound.authenticate(await challenge("authentication"));
		const signedIn = await old.post("/expo-passkey/authenticate", { credential });
		expect(signedIn).toMatchObject({ status: 200, body: { user: { id: userId } } });
		const withdrawn = { credentialId: revoked.credentials[0]?.id, reason: "lost" };
		expect(await old.post("/expo-passkey/revoke", withdrawn)).toMatchObject({ status: 200 });
		ours = await serve(passkey());
		const { code, stdout } = await project.run(["migrate-expo-passkey", "--write"]);
		expect([code, stdout]).toEqual([0, "3 migrated, 0 already stored, 0 in conflict\n"]);
	});
	afterAll(() => {
		database.close();
		project.remove();
	});

	it("is migrated by migrate-expo-passkey with all its data", () => {
		const rows = database.prepare("select * from passkey order by createdAt").all();
		const common = { userId, platform: "ios", deviceName: "Phone", aaguid: "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4" };
		expect(rows).toMatchObject([
			{ ...common, credentialID: synced.credentials[0]?.id, counter: 0, revokedAt: null },
			{ ...common, credentialID: bound.credentials[0]?.id, counter: 1, revokedAt: null },
			{ ...common, credentialID: revoked.credentials[0]?.id, revokedAt: expect.any(String), revokedReason: "lost" },
		]);
		for (const { metadata } of rows) expect(JSON.parse(String(metadata))).toMatchObject({ biometricType: "face" });
	});

	it.each([
		["a synced passkey", synced, "multiDevice"],
		["a device-bound passkey", bound, "singleDevice"],
	])("has %s that signs in with our plugin", async (_, authenticator, deviceType) => {
		expect(await ours.signIn(authenticator)).toMatchObject({ status: 200, body: { user: { id: userId } } });
		const { body } = await ours.get("/passkey/list-user-passkeys");
		const credentialID = authenticator.credentials[0]?.id;
		expect(body).toContainEqual(expect.objectContaining({ credentialID, deviceType }));
	});

	it("has passkeys that cannot be registered twice", async () => {
		const credentialId = String(synced.credentials[0]?.id);
		const again = await ours.addPasskey(new SoftwareAuthenticator(), { credentialId });
		expect(again).toMatchObject({ status: 400, body: { code: "PREVIOUSLY_REGISTERED" } });
	});
});
