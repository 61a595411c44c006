import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { Browser, ORIGIN } from "../../../tests/support/site.js";
import { type bundle, readConfiguration } from "./bundle.js";

export type Bundle = Awaited<ReturnType<typeof bundle>>;

const SECRET = "5H0ntd4rCk1xJQPOnw8/bBaqFvGZzsTyO2ceWlR7mYE=";

interface Settings {
	folder: string;
	bundle: Bundle;
	/** Where the database is kept, so that another deployment finds it. */
	persist: string;
	compatibilityDate?: string;
	/** Replace the vars of wrangler.jsonc and the secret. */
	bindings?: Record<string, string>;
}

/** The Worker in Cloudflare's runtime, as wrangler.jsonc describes it. */
export class Deployment {
	readonly #miniflare: Miniflare;
	readonly #folder: string;
	/** What the Worker and the runtime had to say. */
	readonly log: string[] = [];
	#addresses = 0;

	constructor({ folder, bundle, persist, compatibilityDate, bindings }: Settings) {
		const { compatibility_date, compatibility_flags, d1_databases, vars } = readConfiguration(folder);
		this.#folder = folder;
		this.#miniflare = new Miniflare({
			modules: bundle.modules,
			compatibilityDate: compatibilityDate ?? compatibility_date,
			compatibilityFlags: compatibility_flags,
			bindings: { ...vars, BASE_URL: ORIGIN, BETTER_AUTH_SECRET: SECRET, ...bindings },
			d1Databases: d1_databases.map(({ binding }) => binding),
			d1Persist: persist,
			// Nothing asks for it, and it comes from the network.
			cf: false,
			structuredWorkerdLogs: true,
			handleStructuredLogs: ({ level, message }: { level: string; message: string }) =>
				void this.log.push(`${level}: ${message}`),
		});
	}

	/** What `wrangler d1 migrations apply` does. */
	async migrate(): Promise<void> {
		const [database] = readConfiguration(this.#folder).d1_databases;
		const folder = join(this.#folder, String(database?.migrations_dir));
		const DB = await this.database();
		for (const file of readdirSync(folder).sort()) {
			const statements = readFileSync(join(folder, file), "utf8").split(/;\s*$/m);
			await DB.batch(statements.filter((sql) => sql.trim() !== "").map((sql) => DB.prepare(sql)));
		}
	}

	database() {
		return this.#miniflare.getD1Database("DB");
	}

	async countSessions(): Promise<number> {
		const DB = await this.database();
		return Number(await DB.prepare("select count(*) as n from session").first("n"));
	}

	fetch = async (request: Request): Promise<Response> => {
		const answer = await this.#miniflare.dispatchFetch(request.url, {
			method: request.method,
			headers: Object.fromEntries(request.headers),
			...(request.body && { body: await request.text() }),
		});
		return answer as unknown as Response;
	};

	/** A browser at an address of its own, as Cloudflare tells it to the Worker. */
	browser(): Browser {
		this.#addresses += 1;
		const address = `192.0.2.${this.#addresses}`;
		return new Browser((request) => {
			request.headers.set("cf-connecting-ip", address);
			return this.fetch(request);
		});
	}

	dispose = (): Promise<void> => this.#miniflare.dispose();
}
