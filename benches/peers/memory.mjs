// How large the wasm instance is after few and after many verifications. Its memory never shrinks, so what leaks shows.
import { readFileSync } from "node:fs";
import { init, verifyAuthenticationResponseSync } from "../../js/node_modules/touchstone-webauthn/dist/index.js";
// Not among the package's exports: it holds the living instance.
import { initSync } from "../../js/node_modules/touchstone-webauthn/wasm/core-glue.js";
import { algorithms, authentication } from "./vectors.mjs";

/** @param {number[]} milestones after how many verifications to look, ascending */
export async function wasmMemory(milestones) {
	// A fresh instance: the one before has the whole benchmark behind it.
	init(readFileSync(new URL("../../js/node_modules/touchstone-webauthn/core.wasm", import.meta.url)));
	const options = algorithms.map((algorithm) => authentication(`${algorithm}/authentication`));
	const sizes = [];
	let done = 0;
	for (const verifications of milestones) {
		for (; done < verifications; done++) verifyAuthenticationResponseSync(options[done % options.length]);
		// With an instance there, this returns its exports and does not look at the module.
		sizes.push({ verifications, bytes: initSync({ module: undefined }).memory.buffer.byteLength });
	}
	return sizes;
}
