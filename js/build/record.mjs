// The record of how each wasm was built, so that somebody else can build it again and compare: wasm/build.json.
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { check } from "./check.mjs";

/** What tools/wasm.sh noted beside a wasm that it built, and what the file is. */
export function recordOf(bytes, notes) {
	return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length, features: notes.features };
}

/** One record for all: they have to come from one compiler. */
export function buildRecord(version, files, notes) {
	const [first, ...others] = notes;
	for (const other of others) {
		for (const part of ["compiler", "standardLibrary", "wasmBindgen"]) {
			check(
				other[part] === first[part],
				`the wasm files were built with different tools: ${first[part]} and ${other[part]}. Remove target/wasm and build again`,
			);
		}
	}
	const { compiler, standardLibrary, wasmBindgen } = first;
	return { version, compiler, standardLibrary, wasmBindgen, files };
}

/** A path of the building machine in a wasm means that another machine builds other bytes. */
export function checkPaths(name, bytes, root) {
	const text = bytes.toString("latin1");
	for (const path of [
		`${root}/`,
		`${homedir()}/`,
		`${process.env.CARGO_HOME ?? "/home"}/`,
		"/root/",
		"/home/",
		"/Users/",
	]) {
		check(!text.includes(path), `${name}.wasm holds the path ${path} of this machine`);
	}
}
