import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "./tools.mjs";

const NAMES = ["core", "attestation"];

/** Text out of the middle of a wasm in base64, long enough to be nowhere else. */
function mark(name) {
	const base64 = readFileSync(packed(`${name}.wasm`)).toString("base64");
	return base64.slice(base64.length / 2, base64.length / 2 + 80);
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
