import { describe, expect, it } from "vitest";
import * as attestation from "../../src/attestation/api.js";
import * as core from "../../src/core/api.js";

// Each entry has its own file, so that each has its own documentation and its own wasm. They must stay one shape.
describe("the functions of touchstone-webauthn/attestation", () => {
	// The compiler checks that code for the one entry compiles against the other.
	const same: typeof core = attestation;
	const [ours, theirs] = [Object.entries(same), Object.entries(core)];

	it("have the names and parameters of those of touchstone-webauthn", () => {
		const shapes = (functions: typeof ours) => functions.map(([name, { length }]) => `${name}/${length}`);
		expect(shapes(ours)).toEqual(shapes(theirs));
	});

	it("are functions of their own", () => {
		expect(ours.filter(([, value], index) => value === theirs[index]?.[1])).toEqual([]);
	});
});
