// Records in wasm/build.json how each wasm was built, so that anyone can build it again and compare.
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { check } from "./check.mjs";

/** The notes that tools/wasm.sh wrote for a wasm, and the hash and size of the file. */
export function recordOf(bytes, notes) {
	return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length, features: notes.features };
}

/** One record for all files. They must come from the same compiler. */
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

/** Fails if a wasm contains a path of this machine: then another machine would build different bytes. */
export function checkPaths(name, bytes, root) {
	const text = bytes.toString("latin1");
	for (const path of [
		`${root}/`,
		`${homedir()}/`,
		`${process.env.CARGO_HOME || "/home"}/`,
		"/root/",
		"/home/",
		"/Users/",
	]) {
		check(!text.includes(path), `${name}.wasm contains the path ${path} of this machine`);
	}
}
