// The tables that people read.

const columns = [26, 13, 13, 10, 10];

/** @param {Awaited<ReturnType<typeof import("./interleave.mjs").measure>>} answer */
export function table({ title, contestants }) {
	const rows = contestants.map(({ name, median, minimum, timesOurs, timesOursAtBest }) => [
		name,
		number(median),
		number(minimum),
		timesOurs.toFixed(2),
		timesOursAtBest.toFixed(2),
	]);
	const head = ["", "median µs", "minimum µs", "× ours", "at best"];
	return ["", title, row(head), ...rows.map(row)].join("\n");
}

export function memoryTable(sizes) {
	const rows = sizes.map(({ verifications, bytes }) => `  after ${verifications} verifications: ${bytes / 1024} KiB`);
	return ["", "Memory of the wasm instance; the three algorithms take turns", ...rows].join("\n");
}

function row([first, ...others]) {
	return `  ${[first.padEnd(columns[0]), ...others.map((cell, index) => cell.padStart(columns[index + 1]))].join("")}`.trimEnd();
}

/** Three digits: a busy machine cannot measure more precisely. */
function number(value) {
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
