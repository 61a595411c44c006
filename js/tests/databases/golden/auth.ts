import { drizzleAdapter } from "@better-auth/drizzle-adapter";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { passkey } from "touchstone-webauthn/better-auth";
import { CUSTOM_TABLE } from "./custom-table.js";

// Better Auth's command line reads the tables from this file; its caller selects them with TABLES.
const { TABLES = "default", SQLITE } = process.env;
const isCustom = TABLES === "custom";

async function database() {
	if (TABLES === "plural drizzle") return { database: drizzleAdapter({}, { provider: "pg", usePlural: true }) };
	if (TABLES === "plural prisma") return { database: prismaAdapter({}, { provider: "mysql", usePlural: true }) };
	if (!SQLITE) return {};
	const { DatabaseSync } = await import("node:sqlite");
	return { database: new DatabaseSync(SQLITE) };
}

export const auth = betterAuth({
	baseURL: "http://localhost:3000",
	secret: "nothing is signed with this, only tables are described",
	...(await database()),
	...(isCustom && { advanced: { database: { generateId: "uuid" } } }),
	plugins: [passkey(isCustom ? { schema: CUSTOM_TABLE } : {})],
});
