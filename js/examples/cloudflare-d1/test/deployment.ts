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
	/** The folder of the database, so that another deployment can use it. */
	persist: string;
	compatibilityDate?: string;
	/** Replaces the vars of wrangler.jsonc and the secret. */
	bindings?: Record<string, string>;
}

/** The Worker in Cloudflare's runtime, as wrangler.jsonc describes it. */
export class Deployment {
	readonly #miniflare: Miniflare;
	readonly #folder: string;
	/** The log lines of the Worker and the runtime. */
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
			// It would be downloaded, and nothing uses it.
			cf: false,
			structuredWorkerdLogs: true,
			handleStructuredLogs: ({ level, message }: { level: string; message: string }) =>
				void this.log.push(`${level}: ${message}`),
		});
	}

	/** Does the same as `wrangler d1 migrations apply`. */
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

	/** A browser with its own IP address, in the header that Cloudflare adds. */
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
