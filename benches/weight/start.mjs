// `make start` measures the time from the start of a process to its first verified sign-in, for our package and the
// peer. It fails if the ratio is below budgets.json.
//
// "Installed" imports the package from node_modules; "bundled" is one file from esbuild. An empty program measures the
// time of Node itself. All programs include that time, so it is subtracted before the comparison.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { authentication } from "../peers/vectors.mjs";
import { bundled, PEER, root } from "./bundle.mjs";

const ROUNDS = 30;
const folder = fileURLToPath(new URL("../../target/start/", import.meta.url));
const budgets = JSON.parse(readFileSync(new URL("budgets.json", import.meta.url), "utf8")).start;

mkdirSync(folder, { recursive: true });
try {
	symlinkSync(`${root}node_modules`, `${folder}node_modules`);
} catch (error) {
	if (error.code !== "EEXIST") throw error;
}

const programs = { empty: "" };
for (const [name, library] of Object.entries({ ours: "touchstone-webauthn", peer: PEER })) {
	programs[`${name}, installed`] = program(library);
	programs[`${name}, bundled`] = (
		await bundled(program(library), { platform: "node", conditions: [], external: [] })
	).toString();
}
const files = Object.entries(programs).map(([name, source]) => {
	const file = `${folder}${name.replace(", ", "-")}.mjs`;
	writeFileSync(file, source);
	return { name, file, milliseconds: [] };
});

for (let round = 0; round < ROUNDS; round++) {
	for (let turn = 0; turn < files.length; turn++) {
		const { name, file, milliseconds } = files[(round + turn) % files.length];
		const start = performance.now();
		const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
		milliseconds.push(performance.now() - start);
		if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
	}
}

const [empty, ...rest] = files;
console.log(`  Node ${process.versions.node}, medians of ${ROUNDS} rounds, ms`);
for (const { name, milliseconds } of files) {
	console.log(`  ${name.padEnd(18)}${median(milliseconds).toFixed(1).padStart(8)}`);
}
const above = (name) =>
	median(rest.find((one) => one.name === name).milliseconds.map((time, round) => time - empty.milliseconds[round]));
let failed = false;
for (const [way, atLeast] of Object.entries(budgets)) {
	const quotient = above(`peer, ${way}`) / above(`ours, ${way}`);
	console.log(
		`  ${way}: without Node itself, the peer takes ${quotient.toFixed(1)} times as long; the minimum is ${atLeast}`,
	);
	failed ||= quotient < atLeast;
}
process.exit(failed ? 1 : 0);

function program(library) {
	const { credential, ...options } = authentication("ES256/authentication");
	const { publicKey, ...rest } = credential;
	return `import { verifyAuthenticationResponse } from "${library}";
const credential = { ...${JSON.stringify(rest)}, publicKey: new Uint8Array(${JSON.stringify([...publicKey])}) };
const { verified } = await verifyAuthenticationResponse({ ...${JSON.stringify(options)}, credential });
process.exitCode = verified ? 0 : 1;
`;
}

function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
