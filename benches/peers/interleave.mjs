// Measures the contestants of one question against each other.
//
// Machines are noisy for seconds at a time. So the contestants take turns in short slices, in a different order each
// round, and only times within one round are compared.

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {(calls: number) => Promise<void> | void} run makes this number of calls, and throws if one does not verify
 * @property {() => Promise<boolean> | boolean} refusesForgery whether it refuses a signature with one changed bit
 * @property {number} [atLeast] the minimum number of calls in a slice, regardless of their time
 *
 * @typedef {object} Question
 * @property {string} id
 * @property {string} title
 * @property {Contestant[]} contestants ours first
 */

/** A verifier that accepts everything is fast. So each must accept the vector and refuse the forgery. */
export async function checkContestants({ title, contestants }) {
	for (const { name, run, refusesForgery } of contestants) {
		await run(1);
		if (!(await refusesForgery())) throw new Error(`${title}: ${name} accepts a signature with one changed bit`);
	}
}

/**
 * @param {Question} question
 * @param {{ rounds: number, sliceMs: number, warmUpMs: number }} pace
 */
export async function measure({ id, title, contestants }, { rounds, sliceMs, warmUpMs }) {
	const lanes = [];
	for (const { name, run, atLeast = 1 } of contestants) {
		lanes.push({ name, run, calls: await callsPerSlice(run, atLeast, sliceMs, warmUpMs), microseconds: [] });
	}
	for (let round = 0; round < rounds; round++) {
		for (let turn = 0; turn < lanes.length; turn++) {
			const lane = lanes[(round + turn) % lanes.length];
			lane.microseconds.push(((await elapsedMs(lane.run, lane.calls)) * 1_000) / lane.calls);
		}
	}
	const [ours] = lanes;
	return {
		id,
		title,
		contestants: lanes.map(({ name, calls, microseconds }) => ({
			name,
			median: median(microseconds),
			minimum: Math.min(...microseconds),
			timesOurs: median(microseconds.map((time, round) => time / ours.microseconds[round])),
			timesOursAtBest: Math.min(...microseconds) / Math.min(...ours.microseconds),
			callsPerRound: calls,
			rounds: microseconds,
		})),
	};
}

/** Runs until the engine had time to optimize. Takes the speed from the last, longest run. */
async function callsPerSlice(run, atLeast, sliceMs, warmUpMs) {
	let calls = atLeast;
	let spent = 0;
	for (;;) {
		const elapsed = await elapsedMs(run, calls);
		spent += elapsed;
		if (spent >= warmUpMs && elapsed >= sliceMs / 4) return Math.max(atLeast, Math.round((calls * sliceMs) / elapsed));
		if (elapsed < sliceMs) calls *= 2;
	}
}

async function elapsedMs(run, calls) {
	const start = performance.now();
	await run(calls);
	return performance.now() - start;
}

function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
