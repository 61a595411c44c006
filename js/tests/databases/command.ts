import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Runs Better Auth's command line on golden/auth.ts as `npx auth` does. */
export async function auth(env: Record<string, string>, ...args: string[]): Promise<string> {
	const program = path("cli/node_modules/auth/dist/index.mjs");
	const { stdout } = await promisify(execFile)(
		process.execPath,
		[program, ...args, "--cwd", path("golden"), "--config", "auth.ts", "--yes"],
		{ env: { ...process.env, NO_COLOR: "1", BETTER_AUTH_TELEMETRY: "0", ...env } },
	);
	return stdout;
}
