// Who spends the CPU time of something: the passkey plugin with its verification, or Better Auth around it.
import { Session } from "node:inspector/promises";

const VERIFICATION =
	/touchstone-webauthn|^wasm:|@better-auth\/passkey|@simplewebauthn|@peculiar|@hexagon|@levischuck|asn1js|pvtsutils|pvutils|reflect-metadata|tsyringe|tslib/;
const COMMON = /node_modules\//;

/** Microseconds that other threads than this one work for each of `count` calls that `run` makes: cryptography, garbage. */
export async function ofOtherThreads(run, count) {
	const before = { all: process.cpuUsage(), thread: process.threadCpuUsage() };
	await run();
	return Math.max(0, sum(process.cpuUsage(before.all)) - sum(process.threadCpuUsage(before.thread))) / count;
}

/** Microseconds of this thread for each of `count` calls that `run` makes. The profiler has a thread of its own. */
export async function profiled(run, count) {
	const session = new Session();
	session.connect();
	await session.post("Profiler.enable");
	await session.post("Profiler.setSamplingInterval", { interval: 50 });
	await session.post("Profiler.start");
	await run();
	const { profile } = await session.post("Profiler.stop");
	session.disconnect();

	const spent = { verification: 0, common: 0 };
	const owners = ownersOf(profile.nodes);
	profile.samples.forEach((id, at) => {
		const owner = owners.get(id);
		if (owner) spent[owner] += profile.timeDeltas[at];
	});
	return { verification: spent.verification / count, common: spent.common / count };
}

/** A function of Node belongs to whoever called it; what runs for nobody is common, and what does not run is nobody's. */
function ownersOf(nodes) {
	const owners = new Map();
	const visit = (node, inherited) => {
		const { functionName, url } = node.callFrame;
		const own = VERIFICATION.test(url) ? "verification" : COMMON.test(url) ? "common" : inherited;
		owners.set(node.id, functionName === "(idle)" || functionName === "(program)" ? null : own);
		for (const child of node.children ?? []) visit(byId.get(child), own);
	};
	const byId = new Map(nodes.map((node) => [node.id, node]));
	visit(nodes[0], "common");
	return owners;
}

function sum({ user, system }) {
	return user + system;
}
