import assert from "node:assert/strict";
import { expectedReport } from "./vectors.mjs";

/** Finds the line of JSON with this first key in the output of a program of programs/ and its runtime. */
export function reportIn(output, key = "where") {
	const line = output.split("\n").find((line) => line.trimStart().startsWith(`{"${key}"`));
	assert.ok(line, `no report in:\n${output}`);
	return JSON.parse(line);
}

/** Checks a report of programs/judge.mjs against the vector files, and that it comes from the intended runtime. */
export function expectAllVerdicts({ where, ...verdicts }, expectedWhere) {
	assert.match(where, expectedWhere);
	assert.deepEqual(verdicts, expectedReport);
}

/**
 * Checks that nothing was verified where wasm must not be compiled, and that each error says so: with the runtime's
 * reason, the condition that selected this loader, and the fix.
 */
export function expectWasmUnavailable({ accepted, failures }, reason) {
	assert.equal(accepted, 0);
	assert.ok(failures.length > 0);
	for (const failure of failures) {
		assert.match(failure, /: WASM_UNAVAILABLE: .*condition "default".*init\(\)/);
		assert.match(failure, reason);
	}
}
