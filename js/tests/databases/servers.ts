import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

/** The ports of the servers that run during the tests; null for a server that is not installed. */
export interface Servers {
	postgres: number | null;
	mariadb: number | null;
	redis: number | null;
}

declare module "vitest" {
	export interface ProvidedContext {
		servers: Servers;
	}
}

interface Program {
	/** The path of the program. `make` finds the program where Debian's package puts it, or installs the package. */
	path: string | undefined;
	/** Creates an empty database. Nothing is kept, so no write waits for the disk. */
	prepare?: (folder: string, run: (program: string, args: string[]) => void) => void;
	args: (folder: string, port: number) => string[];
}

const env = process.env;
const postgresTool = (name: string) => join(env.POSTGRES_BIN ?? "", name);

const programs: { [S in keyof Servers]: Program } = {
	postgres: {
		path: env.POSTGRES_BIN && postgresTool("postgres"),
		prepare: (folder, run) =>
			run(postgresTool("initdb"), ["-D", folder, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]),
		args: (folder, port) => [
			...["-D", folder, "-p", String(port), "-k", folder, "-h", "127.0.0.1"],
			...["-c", "fsync=off", "-c", "max_connections=100"],
		],
	},
	mariadb: {
		path: env.MARIADBD,
		prepare: (folder, run) =>
			run(env.MARIADB_INSTALL_DB ?? "", [
				...["--no-defaults", `--datadir=${folder}`, "--auth-root-authentication-method=normal", "--skip-test-db"],
			]),
		args: (folder, port) => [
			...["--no-defaults", `--datadir=${folder}`, `--port=${port}`, `--socket=${join(folder, "socket")}`],
			...["--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve"],
		],
	},
	redis: {
		path: env.REDIS_SERVER,
		args: (folder, port) => [
			...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"],
		],
	},
};

/** Starts each server as a separate process, and stops it after the last test, even if tests fail. */
export async function setup(project: TestProject) {
	const started: Started[] = [];
	const stop = () => Promise.all(started.map((server) => server.stop()));
	process.once("exit", () => {
		for (const server of started) server.abandon();
	});
	try {
		const names = Object.keys(programs) as (keyof Servers)[];
		const ports = await Promise.all(
			names.map(async (name) => {
				if (!programs[name].path) return [name, null] as const;
				const server = new Started(name, programs[name], await freePort());
				started.push(server);
				await server.ready();
				return [name, server.port] as const;
			}),
		);
		project.provide("servers", Object.fromEntries(ports) as unknown as Servers);
	} catch (error) {
		await stop();
		throw error;
	}
	return stop;
}

class Started {
	readonly port: number;
	readonly #process: ChildProcess;
	readonly #folder: string;
	readonly #ended: Promise<void>;
	#output = "";

	constructor(name: string, { path = "", prepare, args }: Program, port: number) {
		this.port = port;
		const owner = unprivilegedUser();
		this.#folder = makeFolder(name, owner);
		const data = join(this.#folder, "data");
		const options = { ...owner, cwd: this.#folder, env: { PATH: env.PATH, LC_ALL: "C" } };
		prepare?.(data, (program, programArgs) => void execFileSync(program, programArgs, { ...options, stdio: "pipe" }));
		if (!prepare) execFileSync("mkdir", [data], options);
		this.#process = spawn(path, args(data, port), { ...options, stdio: ["ignore", "pipe", "pipe"] });
		for (const stream of [this.#process.stdout, this.#process.stderr]) {
			stream?.on("data", (chunk) => {
				this.#output += chunk;
			});
		}
		this.#ended = new Promise((resolve) => this.#process.once("close", () => resolve()));
	}

	async ready(): Promise<void> {
		for (let attempt = 0; attempt < 300; attempt++) {
			if (this.#process.exitCode !== null) break;
			if (await accepts(this.port)) return;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		throw new Error(`A database server does not start:\n${this.#output}`);
	}

	async stop(): Promise<void> {
		this.#end();
		await this.#ended;
		this.#remove();
	}

	/** The same as `stop`, for exit handlers, which cannot wait. */
	abandon(): void {
		this.#end();
		this.#remove();
	}

	/** Ends the server at once, because nothing is kept. PostgreSQL passes SIGQUIT on to its processes. */
	#end(): void {
		this.#process.kill(this.#process.spawnfile.endsWith("postgres") ? "SIGQUIT" : "SIGKILL");
	}

	#remove(): void {
		rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** PostgreSQL and MariaDB refuse to run as root, so they run as `nobody`; other users run them as themselves. */
function unprivilegedUser(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync("/etc/passwd", "utf8"))?.[0].split(":") ?? [];
	return { uid: Number(uid), gid: Number(gid) };
}

/** A folder that the user owns: under target/, or in the system's temporary folder if the user cannot enter target/. */
function makeFolder(name: string, owner: { uid?: number; gid?: number }): string {
	const target = fileURLToPath(new URL("../../../target/databases", import.meta.url));
	mkdirSync(target, { recursive: true });
	const open = spawnSync("test", ["-x", target], { ...owner, cwd: "/" }).status === 0;
	const folder = mkdtempSync(join(open ? target : tmpdir(), `${name}-`));
	chmodSync(folder, 0o700);
	if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
	return folder;
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer().once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1", () => resolve(true));
		socket.once("error", () => resolve(false)).once("connect", () => socket.destroy());
	});
}
