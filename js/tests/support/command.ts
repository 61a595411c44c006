import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** The package that `make` installed here. */
export const installed = join(modules, "touchstone-webauthn");

const SECRET = "kV1r7yq0c3ZJm5QGf2xW9sTbN8uHaPdE";

interface Report {
	ok: boolean;
	checks: { id: string; status: string; message: string; fix?: string }[];
}

/** A folder with a project that installed the package. Runs the package's command as npm would. */
export class CommandProject {
	readonly folder = mkdtempSync(join(tmpdir(), "touchstone-doctor-"));
	readonly #command: string;

	constructor(
		files: Record<string, string>,
		packages = ["better-auth", "touchstone-webauthn", "@better-auth/passkey"],
	) {
		for (const name of packages) {
			mkdirSync(dirname(join(this.folder, "node_modules", name)), { recursive: true });
			symlinkSync(join(modules, name), join(this.folder, "node_modules", name));
		}
		this.write({ "package.json": '{ "type": "module" }', ...files });
		const manifest = readFileSync(join(installed, "package.json"), "utf8");
		const { bin } = JSON.parse(manifest) as { bin: Record<string, string> };
		this.#command = join(installed, bin["touchstone-webauthn"] ?? "");
	}

	write(files: Record<string, string>): void {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(this.folder, path)), { recursive: true });
			writeFileSync(join(this.folder, path), text);
		}
	}

	/** The environment contains only these variables; the defaults are those of a production server. */
	run(args: string[], env: Record<string, string> = {}, nodeArgs: string[] = [], command = this.#command) {
		const variables = { NODE_ENV: "production", BETTER_AUTH_SECRET: SECRET, ...env };
		const { PATH = "" } = process.env;
		return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
			execFile(
				process.execPath,
				[...nodeArgs, command, ...args],
				{ cwd: this.folder, env: { PATH, ...variables } },
				(error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
			);
		});
	}

	/** The report of `doctor --json`, and its checks that are not ok. */
	async doctor(args: string[] = [], env: Record<string, string> = {}, nodeArgs: string[] = []) {
		const { code, stdout, stderr } = await this.run(["doctor", "--json", ...args], env, nodeArgs);
		if (!stdout) throw new Error(`the doctor printed nothing: ${stderr}`);
		const report = JSON.parse(stdout) as Report;
		return { code, report, stderr, wrong: report.checks.filter(({ status }) => status !== "ok") };
	}

	remove(): void {
		rmSync(this.folder, { recursive: true });
	}
}
