import { expect, it } from "vitest";
import { satisfies } from "../../src/cli/versions.js";

it.each([
	["20.0.0", ">=20", true],
	["24.21.0", ">=20", true],
	["19.9.0", ">=20", false],
	["9.11.2", ">=20", false],
	["1.7.0", "^1.7", true],
	["1.10.3", "^1.7", true],
	["1.7.0-beta.2", "^1.7", true],
	["1.6.99", "^1.7", false],
	["2.0.0", "^1.7", false],
	["0.9.0", "^1.7", false],
	["unknown", "^1.7", false],
])("%s is in the range %s: %s", (version, range, expected) => {
	expect(satisfies(version, range)).toBe(expected);
});
