// notices.mjs [--check]: writes THIRD-PARTY-NOTICES.txt, the licences of all code that is compiled into the wasm of the
// npm package. With --check, it writes nothing, and fails if the file is not up to date.
//
// The licence texts come from the packages' own folders. If a package offers several licences, the first one in
// PREFERRED is used. The notices of the standard library were written by hand, in rust-std-notices.txt, because its
// sources are not on every machine.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = "wasm32-unknown-unknown";
const output = join(root, "THIRD-PARTY-NOTICES.txt");

/** The licences with short texts come first. The last one has the most requirements. */
const PREFERRED = ["MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "Unicode-3.0", "Apache-2.0"];

/** The possible file names of each licence. LICENSE is used if a package has only one. */
const FILES = {
	MIT: ["LICENSE-MIT", "LICENSE-MIT.txt", "LICENSE-MIT.md"],
	"Apache-2.0": ["LICENSE-APACHE", "LICENSE-APACHE.txt"],
	"Unicode-3.0": ["LICENSE-UNICODE"],
};
const ONLY = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE"];

/** It writes the glue, so the package contains parts of it, although it is compiled for the build machine. */
const GLUE = "wasm-bindgen-cli-support";

const cargo = (...args) =>
	execFileSync("cargo", args, {
		cwd: root,
		encoding: "utf8",
		maxBuffer: 1 << 28,
		stdio: ["ignore", "pipe", "inherit"],
	});

/** The features of attestation.wasm, from the Makefile. It contains everything that core.wasm contains. */
function features() {
	const list = /^attestation_features := (\S+)$/m.exec(readFileSync(join(root, "Makefile"), "utf8"))?.[1];
	if (list === undefined) throw new Error("The Makefile no longer sets attestation_features.");
	return list;
}

/** `name version` of each package that is compiled in: no build scripts, no macros, no tests. */
function compiledIn() {
	const tree = cargo(
		"tree",
		"--locked",
		"--package",
		"touchstone-webauthn",
		"--edges",
		"normal,no-proc-macro",
		"--no-default-features",
		"--features",
		features(),
		"--target",
		target,
		"--prefix",
		"none",
		"--format",
		"{p}",
	);
	const names = tree
		.split("\n")
		.map((line) => /^(\S+) v(\S+)/.exec(line))
		.filter(Boolean);
	return new Set(names.map(([, name, version]) => `${name} ${version}`));
}

function packages() {
	const wanted = compiledIn();
	const metadata = JSON.parse(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target));
	return metadata.packages
		.filter(({ name, version, source }) => source !== null && (wanted.has(`${name} ${version}`) || name === GLUE))
		.map(({ name, version, license, manifest_path }) => ({
			label: `${name} ${version}`,
			licences: chosen(license ?? "", `${name} ${version}`),
			folder: dirname(manifest_path),
		}))
		.sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** Of `(MIT OR Apache-2.0) AND Unicode-3.0`: MIT and Unicode-3.0. An old manifest writes `MIT/Apache-2.0`. */
function chosen(expression, label) {
	return expression.split(" AND ").map((term) => {
		const offered = term
			.replace(/[()]/g, "")
			.split(/ OR |\//)
			.map((id) => id.trim());
		const id = PREFERRED.find((preferred) => offered.includes(preferred));
		if (id === undefined)
			throw new Error(`${label} has the licence "${expression}", which tools/notices.mjs does not know.`);
		return id;
	});
}

function licenceText({ label, folder, licences }, id) {
	const names = [...(FILES[id] ?? []), ...(licences.length === 1 ? ONLY : [])];
	const name = names.find((candidate) => existsSync(join(folder, candidate)));
	if (name === undefined) throw new Error(`${label} has no file with the text of its licence ${id}.`);
	return readFileSync(join(folder, name), "utf8")
		.replace(/\r\n/g, "\n")
		.replace(/[ \t]+$/gm, "")
		.trim();
}

/** The text that packages share, and the lines before it. In the MIT licence, these are the copyright lines. */
function split(id, text) {
	const start = id === "MIT" ? text.indexOf("Permission is hereby granted") : 0;
	if (start === -1) throw new Error("A text of the MIT licence does not contain the permission.");
	const owners = text
		.slice(0, start)
		.split("\n")
		.map((line) => line.trim());
	return { owners: owners.filter((line) => /copyright|\(c\)|©/i.test(line)), body: text.slice(start) };
}

/** Texts that differ in line breaks alone are one. */
function sections() {
	const found = new Map();
	for (const entry of packages()) {
		for (const id of entry.licences) {
			const { owners, body } = split(id, licenceText(entry, id));
			const key = `${id} ${body.replace(/\s+/g, " ")}`;
			const section = found.get(key) ?? { id, body, users: [] };
			section.users.push([entry.label, ...owners.map((owner) => `    ${owner}`)].join("\n"));
			found.set(key, section);
		}
		const notice = readdirSync(entry.folder).find((name) => /^NOTICE/i.test(name));
		if (notice !== undefined)
			throw new Error(`${entry.label} has a ${notice}, which tools/notices.mjs does not include.`);
	}
	const order = ({ id, users }) => `${String(PREFERRED.indexOf(id)).padStart(2, "0")} ${users[0]}`;
	return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

const rule = "-".repeat(80);
const text = `${[
	"Third-party notices\n\nThe WebAssembly files of the npm package touchstone-webauthn, and the JavaScript that loads them, contain code of\nthe packages below. Each is used under the licence that follows its name.",
	...sections().map(({ id, users, body }) => `${id}\n\n${users.join("\n")}\n\n${body}`),
	readFileSync(join(root, "tools/rust-std-notices.txt"), "utf8").trim(),
].join(`\n\n${rule}\n\n`)}\n`;

if (!process.argv.includes("--check")) {
	writeFileSync(output, text);
} else if (!existsSync(output) || readFileSync(output, "utf8") !== text) {
	console.error(
		"THIRD-PARTY-NOTICES.txt does not match what Cargo.lock compiles in. Run `make notices` and commit the file.",
	);
	process.exit(1);
}
