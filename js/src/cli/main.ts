#!/usr/bin/env node
import { Console } from "node:console";
import process from "node:process";
import { parseArgs } from "node:util";
import { hasFailed, reasonOf, toJson, toText } from "./report.js";

const USAGE = `Usage: touchstone-webauthn doctor [options]
       touchstone-webauthn migrate-expo-passkey [options]

doctor checks the passkey configuration of a Better Auth project and says how to fix it.
migrate-expo-passkey copies passkeys from the table of expo-passkey into the table of this plugin.

  --config <file>  the file that exports auth (default: auth.ts or auth.js in the usual folders)
  --env <file>     a file of environment variables, loaded before the config file
  --json           print JSON

Options of doctor:

  --url <url>      also check the running site: its files under /.well-known/ and its passkey endpoint.
                   If Better Auth's path is not /api/auth, add the path to the URL.

Options of migrate-expo-passkey:

  --table <name>   the table to read (default: authPasskey)
  --write          store the passkeys; without it, only count what would be stored

Exit codes: 0 success; 1 a check failed or a passkey was not stored; 2 wrong arguments.
`;

const MIGRATE = "migrate-expo-passkey";

function parse(args: string[]) {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			config: { type: "string" },
			// Not --env-file: Node.js takes that name as its own option, at any position.
			env: { type: "string" },
			url: { type: "string" },
			table: { type: "string" },
			write: { type: "boolean" },
			json: { type: "boolean", default: false },
			help: { type: "boolean", short: "h", default: false },
		},
	});
	const command = positionals.join(" ");
	if (values.help) return { ...values, command };
	if (command !== "doctor" && command !== MIGRATE) throw new Error(`The command must be \`doctor\` or \`${MIGRATE}\`.`);
	const foreign = command === MIGRATE ? (["url"] as const) : (["table", "write"] as const);
	for (const name of foreign) if (values[name] !== undefined) throw new Error(`${command} has no option --${name}.`);
	if (values.url !== undefined && !/^https?:$/.test(URL.canParse(values.url) ? new URL(values.url).protocol : "")) {
		throw new Error("--url takes an address like https://example.com.");
	}
	return { ...values, command };
}

/** Ends the process explicitly: the project's database connections would keep it alive. */
function end(stream: NodeJS.WriteStream, text: string, code: number): void {
	stream.write(text, () => process.exit(code));
}

async function main(): Promise<void> {
	let options: ReturnType<typeof parse>;
	try {
		options = parse(process.argv.slice(2));
		if (options.env !== undefined) process.loadEnvFile(options.env);
	} catch (error) {
		return end(process.stderr, `${reasonOf(error)}\n\n${USAGE}`, 2);
	}
	if (options.help) return end(process.stdout, USAGE, 0);

	// Standard output is only for the report. Everything that the project prints goes to standard error.
	globalThis.console = new Console(process.stderr);
	// Better Auth starts when it is imported. If the start fails, a check awaits and reports it.
	process.on("unhandledRejection", () => {});

	const project = { folder: process.cwd(), config: options.config, env: process.env };
	if (options.command === MIGRATE) {
		const { describe, migrate } = await import("./migrate-expo-passkey/migrate.js");
		const outcome = await migrate({ ...project, table: options.table ?? "authPasskey", write: options.write ?? false });
		const text = options.json ? `${JSON.stringify(outcome, null, "\t")}\n` : describe(outcome);
		return end(process.stdout, text, outcome.ok ? 0 : 1);
	}
	const { diagnose } = await import("./doctor/diagnose.js");
	const checks = await diagnose({ ...project, url: options.url });
	end(process.stdout, options.json ? toJson(checks) : toText(checks), hasFailed(checks) ? 1 : 0);
}

main().catch((error: unknown) => {
	const isMissing = /Cannot find package 'better-auth'/.test(reasonOf(error));
	const advice = isMissing ? ". Fix: npm install better-auth" : "";
	end(process.stderr, `${reasonOf(error)}${advice}\n`, 1);
});
