// A machine for testing the scripts of tools/. It has its own PATH, with stand-ins for apt, rustup, npm and browsers.
// They store their state in files, so that an installed package still exists in the next run.
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
// Set it to the folder of an older version, to see which tests that version fails.
const tools = process.env.TOOLS_UNDER_TEST ?? join(root, "tools");
const standIns = join(root, "tools/tests/stand-ins");
const COMMON =
	"awk bash cat chmod cp cut dirname env grep head ln mkdir readlink rm sed sleep sort tail touch tr true uname".split(
		" ",
	);

/**
 * The machine at the start of a test. Versions by package: `lists` are in apt's lists, `server` are in the lists after a
 * refresh, and `installed` are on the machine. `without` names programs that the machine lacks.
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

	/** Runs a script of tools/. `keys` are typed at a terminal when the script asks. Without `keys`, there is no terminal. */
	async function run(command, { keys, env = {} } = {}) {
		await ready;
		writeFileSync(join(state, "calls"), "");
		const options = { cwd: join(at, "repo"), env: { ...environment, ...env } };
		// Like make, it reads stdout, even if a person sits at the terminal.
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

/** Whether a terminal can be imitated here. Only util-linux's `script` takes a command like this. */
export const hasTerminal = process.platform === "linux" && find("script") !== undefined;

function find(name) {
	return process.env.PATH.split(delimiter)
		.map((folder) => join(folder, name))
		.find((path) => existsSync(path));
}
