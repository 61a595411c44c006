#!/usr/bin/env node
import { Console } from "node:console";
import process from "node:process";
import { parseArgs } from "node:util";
import { hasFailed, reasonOf, toJson, toText } from "./report.js";

const USAGE = `Usage: touchstone-webauthn doctor [options]

Checks the passkey configuration of a Better Auth project and says what to fix.

  --config <file>  the file that exports auth (else auth.ts or auth.js in the usual folders)
  --env <file>     variables to set before the file is imported
  --url <url>      also look at the running site: its files under /.well-known/ and the passkey endpoints;
                   with the path of Better Auth where that is not /api/auth
  --json           print JSON

Ends with 0, or with 1 if a check failed, or with 2 if it was not called like this.
`;

function parse(args: string[]) {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			config: { type: "string" },
			// Not --env-file: Node.js takes an option of that name for its own, wherever it stands.
			env: { type: "string" },
			url: { type: "string" },
			json: { type: "boolean", default: false },
			help: { type: "boolean", short: "h", default: false },
		},
	});
	if (values.help) return values;
	if (positionals.join(" ") !== "doctor") throw new Error("The command is `doctor`.");
	if (values.url !== undefined && !/^https?:$/.test(URL.canParse(values.url) ? new URL(values.url).protocol : "")) {
		throw new Error("--url takes an address like https://example.com.");
	}
	return values;
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

	const { diagnose } = await import("./diagnose.js");
	const checks = await diagnose({ folder: process.cwd(), config: options.config, url: options.url, env: process.env });
	end(process.stdout, options.json ? toJson(checks) : toText(checks), hasFailed(checks) ? 1 : 0);
}

main().catch((error: unknown) => {
	const isMissing = /Cannot find package 'better-auth'/.test(reasonOf(error));
	const advice = isMissing ? ". Fix: npm install better-auth, which is what the doctor looks at" : "";
	end(process.stderr, `${reasonOf(error)}${advice}\n`, 1);
});
