import { resolve } from "node:path";
import { findConfig, openProject } from "../project.js";
import { type Check, fail, warn } from "../report.js";
import { checkBetterAuth, checkNode } from "../versions.js";
import { checkConfiguration, type KnownRelyingParty } from "./configuration.js";
import { checkDatabase } from "./database.js";
import { checkSite } from "./site.js";

export interface Request {
	folder: string;
	config?: string | undefined;
	url?: string | undefined;
	env: Record<string, string | undefined>;
}

export async function diagnose({ folder, config, url, env }: Request): Promise<Check[]> {
	const checks = [checkNode()];
	const path = config === undefined ? findConfig(folder) : resolve(folder, config);
	let relyingParty: KnownRelyingParty | null = null;
	let basePath: string | undefined;
	if (path === null) {
		const missing = url === undefined ? fail : warn;
		checks.push(
			missing("config", "there is no auth.ts or auth.js in the usual folders.", "use --config path/to/auth.ts"),
		);
	} else {
		const { auth, checks: opened } = await openProject(path);
		checks.push(...opened);
		if (auth) {
			const configuration = await checkConfiguration(auth, env);
			const { context } = configuration;
			if (context) checks.push(checkBetterAuth(context.version));
			checks.push(...configuration.checks);
			if (context) checks.push(...(await checkDatabase(auth, context, path)));
			relyingParty = configuration.relyingParty;
			const base = context?.baseURL;
			basePath = base && URL.canParse(base) ? new URL(base).pathname : auth.options.basePath;
		}
	}
	if (url !== undefined) checks.push(...(await checkSite(new URL(url), relyingParty, basePath)));
	return checks;
}
