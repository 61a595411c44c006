// The size of the wasm instance after few and after many verifications. Its memory never shrinks, so leaks are visible.
import { readFileSync } from "node:fs";
import { init, verifyAuthenticationResponseSync } from "../../js/node_modules/touchstone-webauthn/dist/index.js";
// Not an export of the package: this gives access to the current instance.
import { initSync } from "../../js/node_modules/touchstone-webauthn/wasm/core-glue.js";
import { algorithms, authentication } from "./vectors.mjs";

/** @param {number[]} milestones the numbers of verifications after which to measure, ascending */
export async function wasmMemory(milestones) {
	// Creates a new instance: the benchmark has used the last one.
	init(readFileSync(new URL("../../js/node_modules/touchstone-webauthn/core.wasm", import.meta.url)));
	const options = algorithms.map((algorithm) => authentication(`${algorithm}/authentication`));
	const sizes = [];
	let done = 0;
	for (const verifications of milestones) {
		for (; done < verifications; done++) verifyAuthenticationResponseSync(options[done % options.length]);
		// If there is an instance, this returns its exports and ignores the module.
		sizes.push({ verifications, bytes: initSync({ module: undefined }).memory.buffer.byteLength });
	}
	return sizes;
}
