// A machine for the scripts of tools/: a PATH of its own whose apt, rustup, npm and browsers are stand-ins. They keep
// their state in files, so that a package that was installed is there for the next run.
import { spawn } from "node:child_process";
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
// Another folder of scripts, to see which tests an older version fails.
const tools = process.env.TOOLS_UNDER_TEST ?? join(root, "tools");
const standIns = join(root, "tools/tests/stand-ins");
const COMMON =
	"awk bash cat chmod cp cut dirname env grep head ln mkdir readlink rm sed sleep sort tail touch tr true uname".split(
		" ",
	);

/**
 * What a test starts from. `lists` is what apt's lists name, `server` what they name after a refresh, `installed` what is
 * there: versions by package. `without` names programs that the machine lacks.
 */
export function machine(test, { lists = {}, server = lists, installed = {}, targets = [], without = [], files = {} }) {
	const at = mkdtempSync(join(tmpdir(), "touchstone-tools-"));
	test.after(() => rmSync(at, { recursive: true, force: true }));
	for (const folder of ["bin", "state/lists", "state/server", "state/installed", "repo/tools", "repo/js"]) {
		mkdirSync(join(at, folder), { recursive: true });
	}
	cpSync(tools, join(at, "repo/tools"), {
		recursive: true,
		filter: (path) => !/\/(tests|wasm-bindgen|wasm-pack)$/.test(path),
	});
	cpSync(join(root, "Cargo.toml"), join(at, "repo/Cargo.toml"));
	for (const name of COMMON) symlinkSync(find(name), join(at, "bin", name));
	for (const name of ["apt-get", "apt-cache", "cargo", "id", "node", "npm", "rustc", "rustup", "sudo"]) {
		if (!without.includes(name)) symlinkSync(join(standIns, name), join(at, "bin", name));
	}

	const state = join(at, "state");
	const write = (path, text) => {
		mkdirSync(dirname(join(at, path)), { recursive: true });
		writeFileSync(join(at, path), text);
	};
	const packages = (folder, versions) => {
		for (const [name, version] of Object.entries(versions)) write(`state/${folder}/${name}`, version);
	};
	packages("lists", lists);
	packages("server", server);
	packages("installed", installed);
	for (const target of targets) write(`state/targets/${target}/lib/libcore-1.rlib`, "");
	write("state/own/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld", "#!/bin/sh\n");
	chmodSync(join(state, "own/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld"), 0o755);
	for (const [path, text] of Object.entries(files)) write(path, text);

	const environment = {
		PATH: join(at, "bin"),
		HOME: at,
		STATE: state,
		STAND_INS: standIns,
		SYSTEM_ROOT: join(at, "system"),
		TERM: "xterm",
	};
	const unpacked = spawn(join(standIns, "unpack"), [], { env: environment });
	const ready = new Promise((resolve) => unpacked.once("close", resolve));

	/** Runs a script of tools/. `keys` are typed at a terminal when it asks; without them there is no terminal. */
	async function run(command, { keys, env = {} } = {}) {
		await ready;
		writeFileSync(join(state, "calls"), "");
		const options = { cwd: join(at, "repo"), env: { ...environment, ...env } };
		// As make does it: stdout is read, also where a person sits at the terminal.
		const line = `${command} >"$STATE/stdout"`;
		const child =
			keys === undefined
				? spawn("bash", ["-c", `exec ${line}`], { ...options, stdio: ["ignore", "pipe", "pipe"] })
				: spawn(find("script"), ["-qec", `bash -c '${line}'`, "/dev/null"], options);
		let shown = "";
		let typed = false;
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text) => {
				shown += text;
				if (keys && !typed && shown.includes("[y/N]")) {
					typed = true;
					child.stdin.write(keys);
				}
			});
		}
		const status = await new Promise((resolve) => child.once("close", resolve));
		return { status, shown, answer: read("stdout"), calls: calls() };
	}

	const read = (name) => (existsSync(join(state, name)) ? readFileSync(join(state, name), "utf8") : "");
	const calls = () => read("calls").split("\n").filter(Boolean);
	return { at, run, write, installed: (name) => read(`installed/${name}`) };
}

/** Can a terminal be imitated here? Only util-linux's `script` takes a command like this. */
export const hasTerminal = process.platform === "linux" && find("script") !== undefined;

function find(name) {
	return process.env.PATH.split(delimiter)
		.map((folder) => join(folder, name))
		.find((path) => existsSync(path));
}
