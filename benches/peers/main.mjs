// `make bench` compares our package with its peers in one process. It prints a table and writes
// target/bench/peers.json.
//
// --quick runs the same code in seconds, as a smoke test. Its numbers are not measurements.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { bareSignatures } from "./bare.mjs";
import { checkContestants, measure } from "./interleave.mjs";
import { wasmMemory } from "./memory.mjs";
import { memoryTable, table } from "./table.mjs";
import { ceremonies } from "./whole.mjs";

const quick = process.argv.includes("--quick");
const unknown = process.argv.slice(2).filter((argument) => argument !== "--quick");
if (unknown.length > 0) {
	console.error(`usage: node benches/peers/main.mjs [--quick] (unknown: ${unknown.join(" ")})`);
	process.exit(2);
}

// Thirty is divisible by two and by three contestants, so each of them is equally often the first and the last.
const pace = quick
	? { rounds: 3, sliceMs: 2, warmUpMs: 20, verifications: [100, 1_000] }
	: { rounds: 30, sliceMs: 25, warmUpMs: 600, verifications: [1_000, 100_000] };

const questions = [...bareSignatures(), ...ceremonies()];
for (const question of questions) await checkContestants(question);

console.log(`Node ${process.versions.node}, V8 ${process.versions.v8}, ${cpus().length} × ${cpus()[0]?.model}`);
console.log(`Medians of ${pace.rounds} interleaved rounds of about ${pace.sliceMs} ms each.`);
console.log("× ours: the time divided by our time, as the median of all rounds. Above 1, ours is faster.");
console.log("At best: the ratio of the minima, which a busy machine changes least.");
if (quick) console.log("This is --quick: it only tests that the benchmark runs. Do not use its numbers.");

const answers = [];
for (const question of questions) {
	const answer = await measure(question, pace);
	answers.push(answer);
	console.log(table(answer));
}
const memory = await wasmMemory(pace.verifications);
console.log(memoryTable(memory));

const folder = new URL("../../target/bench/", import.meta.url);
// A smoke test writes another file, so that it does not overwrite a measurement.
const file = new URL(quick ? "peers-quick.json" : "peers.json", folder);
mkdirSync(folder, { recursive: true });
const report = {
	command: `make bench${quick ? " BENCH=--quick" : ""}`,
	node: process.versions.node,
	v8: process.versions.v8,
	arch: process.arch,
	cpu: cpus()[0]?.model,
	cpus: cpus().length,
	packages: Object.fromEntries(["touchstone-webauthn", "@simplewebauthn/server"].map((name) => [name, version(name)])),
	...pace,
	questions: answers,
	memory,
};
const short = (_, value) => (Number.isFinite(value) ? Number(value.toFixed(3)) : value);
writeFileSync(file, `${JSON.stringify(report, short, "\t")}\n`);
console.log(`\nWritten to ${fileURLToPath(file)}`);

function version(name) {
	const manifest = new URL(`../../js/node_modules/${name}/package.json`, import.meta.url);
	return JSON.parse(readFileSync(manifest, "utf8")).version;
}
