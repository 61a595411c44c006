// Compares complete sign-ins through Better Auth's handler on SQLite: this plugin and `@better-auth/passkey` take turns.
// It times only the verify endpoint, not the options before it. Needs Node 24 (node:sqlite, threadCpuUsage).
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { passkey as theirs } from "../../js/node_modules/@better-auth/passkey/dist/index.mjs";
import { passkey as ours } from "../../js/node_modules/touchstone-webauthn/dist/better-auth/index.js";
import { authenticators, median } from "./common.mjs";
import { ofOtherThreads, profiled } from "./profile.mjs";
import { assertion, openSite } from "./site.mjs";

const quick = process.argv.includes("--quick");
const { rounds, batch } = quick ? { rounds: 2, batch: 3 } : { rounds: 30, batch: 20 };
const folder = fileURLToPath(new URL("../../target/bench/handler/", import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const { SoftwareAuthenticator } = await authenticators(folder);
const settings = { rpID: "localhost", rpName: "Bench", origin: "http://localhost:3000" };
const contestants = [];
for (const [name, plugin] of Object.entries({ "touchstone-webauthn": ours, "@better-auth/passkey": theirs })) {
	const authenticator = new SoftwareAuthenticator();
	const { auth } = await openSite(plugin(settings), `${folder}${contestants.length}.db`, authenticator);
	const forged = await auth.handler(await assertion(auth, authenticator, { wrongSignature: true }));
	if (forged.status === 200) throw new Error(`${name} accepts a wrong signature`);
	contestants.push({ name, auth, authenticator, microseconds: [] });
}

/** Signs in `count` times, and returns the average time of one sign-in in microseconds. */
async function signIns({ auth, authenticator }, count, measure = (run) => run()) {
	const requests = [];
	for (let i = 0; i < count; i++) requests.push(await assertion(auth, authenticator));
	return measure(async () => {
		const start = performance.now();
		for (const request of requests) {
			const { status } = await auth.handler(request);
			if (status !== 200) throw new Error(`a sign-in returned status ${status}`);
		}
		return ((performance.now() - start) * 1000) / count;
	});
}

for (const contestant of contestants) await signIns(contestant, quick ? 2 : 100);
for (let round = 0; round < rounds; round++) {
	for (const contestant of round % 2 ? contestants.toReversed() : contestants) {
		contestant.microseconds.push(await signIns(contestant, batch));
	}
}

const [first, second] = contestants;
const quotient = median(second.microseconds.map((time, round) => time / first.microseconds[round]));
console.log(`Node ${process.versions.node}, ${rounds} rounds of ${batch} sign-ins, medians`);
for (const { name, microseconds } of contestants)
	console.log(`  ${name.padEnd(24)}${median(microseconds).toFixed(0).padStart(8)} µs`);
console.log(`  sign-ins per time, as a multiple of @better-auth/passkey: ${quotient.toFixed(2)}`);

console.log("\nCPU time of a sign-in by part, µs (sampled on the main thread; other threads in total)");
const calls = quick ? 5 : 400;
for (const contestant of contestants) {
	const otherThreads = await signIns(contestant, calls, (run) => ofOtherThreads(run, calls));
	const { verification, common } = await signIns(contestant, calls, (run) => profiled(run, calls));
	contestant.split = { verification, otherThreads, common };
	const parts = [
		`plugin and verification ${verification.toFixed(0)}`,
		`other threads ${otherThreads.toFixed(0)}`,
		`Better Auth, its adapter and Node ${common.toFixed(0)}`,
	];
	console.log(`  ${contestant.name.padEnd(24)}${parts.join(", ")}`);
}
// The peer verifies signatures on another thread, ours does it on this one. So both count, with garbage collection.
const spent = ({ split }) => split.verification + split.otherThreads;
const share = spent(first) / spent(second);
console.log(`  plugin, verification and other threads, ours divided by theirs: ${share.toFixed(2)}`);
writeFileSync(
	fileURLToPath(new URL("../../target/bench/handler.json", import.meta.url)),
	`${JSON.stringify({ quotient, share, contestants: contestants.map(({ name, microseconds, split }) => ({ name, microseconds, split })) }, null, "\t")}\n`,
);
process.exit(0);
