#!/usr/bin/env node
import { Console } from "node:console";
import process from "node:process";
import { parseArgs } from "node:util";
import { hasFailed, reasonOf, toJson, toText } from "./report.js";

const USAGE = `Usage: touchstone-webauthn doctor [options]
       touchstone-webauthn migrate-expo-passkey [options]

doctor checks the passkey configuration of a Better Auth project and says what to fix.
migrate-expo-passkey copies the passkeys of expo-passkey's table into the one of this plugin.

  --config <file>  the file that exports auth (else auth.ts or auth.js in the usual folders)
  --env <file>     variables to set before the file is imported
  --json           print JSON

Of the doctor:

  --url <url>      also look at the running site: its files under /.well-known/ and the passkey endpoints;
                   with the path of Better Auth where that is not /api/auth

Of migrate-expo-passkey:

  --table <name>   the table to read (else authPasskey)
  --write          store the passkeys; without it, only say what would be stored

Ends with 0, or with 1 if a check failed or a passkey was not stored, or with 2 if it was not called like this.
`;

const MIGRATE = "migrate-expo-passkey";

function parse(args: string[]) {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			config: { type: "string" },
			// Not --env-file: Node.js takes an option of that name for its own, wherever it stands.
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
	if (command !== "doctor" && command !== MIGRATE) throw new Error(`The command is \`doctor\` or \`${MIGRATE}\`.`);
	const foreign = command === MIGRATE ? (["url"] as const) : (["table", "write"] as const);
	for (const name of foreign) if (values[name] !== undefined) throw new Error(`${command} has no option --${name}.`);
	if (values.url !== undefined && !/^https?:$/.test(URL.canParse(values.url) ? new URL(values.url).protocol : "")) {
		throw new Error("--url takes an address like https://example.com.");
	}
	return { ...values, command };
}

/** Connections of the project's database would keep the process alive. */
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

	// Standard output is the report's alone, whatever the project prints while it loads.
	globalThis.console = new Console(process.stderr);
	// Better Auth starts by itself; that it cannot is what a check awaits and reports.
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
	const advice = isMissing ? ". Fix: npm install better-auth, which is what the doctor looks at" : "";
	end(process.stderr, `${reasonOf(error)}${advice}\n`, 1);
});
