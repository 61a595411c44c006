import { readFileSync } from "node:fs";
import { at } from "./tools.mjs";

const read = (name) => JSON.parse(readFileSync(at("tests/vectors", `${name}.json`), "utf8")).cases;

/** The repository's own vectors, for each entry of the package those that it has a verdict on. */
const vectors = {
	core: [...read("accepts"), ...read("rejects")],
	// What the core refuses for lack of a format is no refusal of the larger wasm.
	attestation: ["accepts", "rejects", "attestation"].flatMap(read).filter(({ build }) => build !== "core"),
};

/** The module that programs/judge.mjs imports. */
export const vectorsModule = `export const vectors = ${JSON.stringify(vectors)};\n`;

const count = (wanted) => 2 * Object.values(vectors).flat().filter(wanted).length;

/** What a run of programs/judge.mjs reports where everything works: each verdict once with a promise and once without. */
export const expectedReport = {
	accepted: count(({ code }) => !code),
	refused: count(({ code }) => code),
	wrongSignatures: count(({ code, ceremony }) => !code && ceremony === "authentication"),
	failures: [],
};
