import { readFileSync } from "node:fs";
import { at } from "./tools.mjs";

const read = (name) => JSON.parse(readFileSync(at("tests/vectors", `${name}.json`), "utf8")).cases;

/** The repository's own vectors, for each entry of the package those to which its verdict applies. */
const vectors = {
	core: [...read("accepts"), ...read("rejects")],
	// The larger wasm does not refuse what the core refuses because it lacks a format.
	attestation: ["accepts", "rejects", "attestation"].flatMap(read).filter(({ build }) => build !== "core"),
};

/** The module that programs/judge.mjs imports. */
export const vectorsModule = `export const vectors = ${JSON.stringify(vectors)};\n`;

const count = (wanted) => 2 * Object.values(vectors).flat().filter(wanted).length;

/** The report of programs/judge.mjs if everything works: each verdict once with a promise and once without. */
export const expectedReport = {
	accepted: count(({ code }) => !code),
	refused: count(({ code }) => code),
	wrongSignatures: count(({ code, ceremony }) => !code && ceremony === "authentication"),
	failures: [],
};
