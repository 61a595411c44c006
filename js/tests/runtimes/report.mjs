import assert from "node:assert/strict";
import { expectedReport } from "./vectors.mjs";

/** What a program of programs/ printed as a line of JSON with this first key, among whatever else its runtime says. */
export function reportIn(output, key = "where") {
	const line = output.split("\n").find((line) => line.trimStart().startsWith(`{"${key}"`));
	assert.ok(line, `no report in:\n${output}`);
	return JSON.parse(line);
}

/** Holds a report of programs/judge.mjs against the vector files, and that it came from where it was meant to run. */
export function expectAllVerdicts({ where, ...verdicts }, expectedWhere) {
	assert.match(where, expectedWhere);
	assert.deepEqual(verdicts, expectedReport);
}

/**
 * Holds that nothing was verified where wasm may not be compiled, and that each refusal says so: with the runtime's
 * reason, the condition that chose this way of loading, and the way out.
 */
export function expectWasmUnavailable({ accepted, failures }, reason) {
	assert.equal(accepted, 0);
	assert.ok(failures.length > 0);
	for (const failure of failures) {
		assert.match(failure, /: WASM_UNAVAILABLE: .*condition "default".*init\(\)/);
		assert.match(failure, reason);
	}
}
