// Splits CPU time between the passkey plugin with its verification, and Better Auth around it.
import { Session } from "node:inspector/promises";

const VERIFICATION =
	/touchstone-webauthn|^wasm:|@better-auth\/passkey|@simplewebauthn|@peculiar|@hexagon|@levischuck|asn1js|pvtsutils|pvutils|reflect-metadata|tsyringe|tslib/;
const COMMON = /node_modules\//;

/** CPU time of the other threads (cryptography, garbage) in microseconds, for each of the `count` calls of `run`. */
export async function ofOtherThreads(run, count) {
	const before = { all: process.cpuUsage(), thread: process.threadCpuUsage() };
	await run();
	return Math.max(0, sum(process.cpuUsage(before.all)) - sum(process.threadCpuUsage(before.thread))) / count;
}

/** CPU time of this thread in microseconds, for each of the `count` calls of `run`. The profiler has its own thread. */
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

/** Node's functions count for their caller. Functions without a known caller are common. Idle time does not count. */
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
