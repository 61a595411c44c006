import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "./tools.mjs";

const NAMES = ["core", "attestation"];

const textOf = (name) => readFileSync(packed(`${name}.wasm`)).toString("base64");

/** Text out of a wasm in base64 that is nowhere else: not in the other wasm either, which has code in common with it. */
function mark(name) {
	const own = textOf(name);
	const others = NAMES.filter((other) => other !== name).map((other) => textOf(other));
	for (let at = own.length >> 1; at + 80 <= own.length; at += 80) {
		const text = own.slice(at, at + 80);
		if (own.split(text).length === 2 && !others.some((other) => other.includes(text))) return text;
	}
	throw new Error(`${name}.wasm has no text of its own`);
}

/** Which loader a bundler picked: how often each wasm lies in its scripts as text, and how many lie beside as files. */
function wasmIn(folder) {
	const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
	const scripts = files.filter((path) => /\.[cm]?js$/.test(path)).map((path) => readFileSync(path, "utf8"));
	return {
		inText: NAMES.map((name) => scripts.join("\n").split(mark(name)).length - 1),
		files: files.filter((path) => path.endsWith(".wasm")).length,
	};
}

/** The scripts hold each wasm themselves, once. */
export const expectInlined = (folder) => assert.deepEqual(wasmIn(folder), { inText: [1, 1], files: 0 });

/** The scripts hold none: they lie beside as files, as many as the program needs. */
export const expectDeployed = (folder, files = 2) => assert.deepEqual(wasmIn(folder), { inText: [0, 0], files });
