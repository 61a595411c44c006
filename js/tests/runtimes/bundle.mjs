import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "./tools.mjs";

const NAMES = ["core", "attestation"];

const textOf = (name) => readFileSync(packed(`${name}.wasm`)).toString("base64");

/** A part of a wasm's base64 that is unique: it is not in the other wasm either, although they share code. */
function mark(name) {
	const own = textOf(name);
	const others = NAMES.filter((other) => other !== name).map((other) => textOf(other));
	for (let at = own.length >> 1; at + 80 <= own.length; at += 80) {
		const text = own.slice(at, at + 80);
		if (own.split(text).length === 2 && !others.some((other) => other.includes(text))) return text;
	}
	throw new Error(`${name}.wasm has no text of its own`);
}

/** The loader that a bundler chose: how often each wasm is in its scripts as text, and how many are separate files. */
function wasmIn(folder) {
	const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
	const scripts = files.filter((path) => /\.[cm]?js$/.test(path)).map((path) => readFileSync(path, "utf8"));
	return {
		inText: NAMES.map((name) => scripts.join("\n").split(mark(name)).length - 1),
		files: files.filter((path) => path.endsWith(".wasm")).length,
	};
}

/** The scripts contain each wasm once. */
export const expectInlined = (folder) => assert.deepEqual(wasmIn(folder), { inText: [1, 1], files: 0 });

/** The scripts contain no wasm. Each wasm that the program needs is a separate file. */
export const expectDeployed = (folder, files = 2) => assert.deepEqual(wasmIn(folder), { inText: [0, 0], files });
