// Test runners load modules in their own ways: Vitest transforms them, and Jest runs them in another realm.
import { expectAllVerdicts, reportIn } from "./report.mjs";
import { bin, run } from "./tools.mjs";

const vitest = (name, ...options) => ({
	name: `Vitest, ${name}`,
	async run({ alone: cwd }) {
		const args = [bin("vitest"), "run", "--globals", "--root", cwd, ...options, "judge.test.mjs"];
		expectAllVerdicts(reportIn(await run(process.execPath, args, { cwd })), /^Node /);
	},
});

const jest = (name, test, nodeOptions = []) => ({
	name: `Jest, ${name}`,
	async run({ alone: cwd }) {
		const config = JSON.stringify({ rootDir: cwd, testMatch: [`<rootDir>/${test}`], transform: {} });
		const args = [...nodeOptions, bin("jest"), "--config", config, "--watchman=false"];
		expectAllVerdicts(reportIn(await run(process.execPath, args, { cwd })), /^Node /);
	},
});

export const testRunners = [
	vitest("external, in processes", "--pool=forks"),
	vitest("inlined, in threads", "--pool=threads", "--config=vitest.inline.config.mjs"),
	vitest("in virtual machines", "--pool=vmThreads"),
	jest("CommonJS", "judge.test.cjs"),
	// The same test as for Vitest, because Jest's globals have the same names.
	jest("ESM", "judge.test.mjs", ["--experimental-vm-modules"]),
];
