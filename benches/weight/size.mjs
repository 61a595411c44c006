// `make size` measures the size of the npm package. It fails if a size is above its budget in budgets.json.
//
// esbuild bundles and minifies each entry point as for a Worker, where the wasm is a separate file. Better Auth and its
// dependencies are excluded. For the peer, everything is included.
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { bundled, entries, installed, PEER } from "./bundle.mjs";

const FUNCTIONS = [
	"generateRegistrationOptions",
	"verifyRegistrationResponse",
	"generateAuthenticationOptions",
	"verifyAuthenticationResponse",
].join(", ");

const budgets = JSON.parse(readFileSync(new URL("budgets.json", import.meta.url), "utf8")).bytes;

const wasm = ["core.wasm", "attestation.wasm"].map((file) => weigh(file, installed(file)));
const [core] = wasm;
const code = weigh("", await bundled(`export { ${FUNCTIONS} } from "touchstone-webauthn"`));
const rows = [
	...wasm,
	...(await Promise.all(entries().map(async (entry) => weigh(entry, await bundled(`export * from "${entry}"`))))),
	plus("core.wasm and the four functions", core, code),
	weigh(`${PEER}: the four functions`, await bundled(`export { ${FUNCTIONS} } from "${PEER}"`)),
];

console.log(row("bytes", { raw: "raw", gzip: "gzip", brotli: "brotli" }));
for (const { name, sizes } of rows) console.log(row(name, sizes));

const problems = rows.flatMap(({ name, sizes }) => {
	if (name.startsWith(PEER)) return [];
	if (!(name in budgets)) return [`${name} has no budget`];
	return sizes.gzip > budgets[name]
		? [`${name} has ${sizes.gzip} bytes with gzip, but its budget is ${budgets[name]}`]
		: [];
});
problems.push(
	...Object.keys(budgets)
		.filter((name) => !rows.some((row) => row.name === name))
		.map((name) => `${name} has a budget, but does not exist`),
);
if (problems.length > 0) {
	console.error(problems.map((problem) => `size: ${problem} (benches/weight/budgets.json)`).join("\n"));
	process.exit(1);
}

function weigh(name, bytes) {
	return {
		name,
		sizes: { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length },
	};
}

function plus(name, { sizes: a }, { sizes: b }) {
	return { name, sizes: { raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli } };
}

function row(name, { raw, gzip, brotli }) {
	return `  ${name.padEnd(42)}${[raw, gzip, brotli].map((cell) => String(cell).padStart(9)).join("")}`;
}
