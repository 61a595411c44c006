/** Stops the build with one sentence. */
export function check(condition, problem) {
	if (condition) return;
	console.error(`package: ${problem}.`);
	process.exit(1);
}
