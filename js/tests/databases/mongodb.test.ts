import { mongodbAdapter } from "@better-auth/mongo-adapter";
import { describe } from "vitest";
import type { Backend } from "./backends.js";
import { MongoInMemory } from "./mongo-in-memory.js";
import { describeDatabase } from "./suite.js";

function open(): Backend {
	const mongo = new MongoInMemory();
	return {
		options: { database: mongodbAdapter(mongo.db) },
		// The adapter creates its indexes itself, and collections need not be created.
		migrate: async () => {},
		close: async () => {},
	};
}

describe("MongoDB's adapter, in memory", () => describeDatabase(open, { schemaless: true }));
