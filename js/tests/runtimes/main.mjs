// Installs the packed package into separate projects, and runs the shared vectors in every runtime and with every
// bundler. Prints one line per setting, with its milliseconds.
//
//   node main.mjs [--skips=N] [PATTERN]   the settings whose names match; all by default
//
// If a runtime is not available for this machine, its settings are skipped. The run fails unless exactly N are skipped.
import { availableParallelism } from "node:os";
import { betterAuth } from "./better-auth.mjs";
import { browser, closeBrowser } from "./browser.mjs";
import { bundlers } from "./bundlers.mjs";
import { frameworks } from "./frameworks.mjs";
import { layouts } from "./layouts.mjs";
import { prepare } from "./projects.mjs";
import { runtimes } from "./runtimes.mjs";
import { testRunners } from "./test-runners.mjs";
import { programs } from "./tools.mjs";
import { types } from "./types.mjs";
import { workers } from "./workers.mjs";

const skipsExpected = Number(process.argv.find((argument) => argument.startsWith("--skips="))?.slice(8) ?? 0);
const pattern = new RegExp(process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "");

// The longest settings come first, so that none of them runs alone at the end.
const settings = [frameworks, types, betterAuth, workers, browser, bundlers, testRunners, layouts, runtimes]
	.flat()
	.filter(({ name }) => pattern.test(name));

const outcomes = { ok: [], skip: [], fail: [] };

function tell(outcome, name, since, detail = "") {
	outcomes[outcome].push(name);
	const milliseconds = outcome === "skip" ? "-" : Math.round(performance.now() - since);
	console.log(`${outcome.padEnd(4)} ${String(milliseconds).padStart(6)} ms  ${name}${detail}`);
}

async function runSetting({ name, needs, run }, projects) {
	const since = performance.now();
	if (needs && !programs[needs]) return tell("skip", name, since, `: there is no ${needs} for this machine`);
	try {
		await run(projects);
		tell("ok", name, since);
	} catch (error) {
		tell("fail", name, since, `\n${String(error?.stack ?? error).replaceAll(/^/gm, "     ")}`);
	}
}

const begun = performance.now();
const projects = await prepare();
console.log(
	`     ${String(Math.round(performance.now() - begun)).padStart(6)} ms  the package, installed into its projects`,
);

const queue = settings.values();
async function runQueue() {
	for (const setting of queue) await runSetting(setting, projects);
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, runQueue));
await closeBrowser();

const { ok, skip, fail } = outcomes;
const seconds = Math.round((performance.now() - begun) / 1000);
console.log(`${ok.length} settings ok, ${fail.length} failed, ${skip.length} skipped, in ${seconds} s`);
if (settings.length === 0) console.log("No setting has such a name.");
if (fail.length > 0) console.log(`Failed: ${fail.join(", ")}`);
if (skip.length !== skipsExpected) {
	console.log(`Skipped: ${skip.join(", ") || "none"}. If that is right for this machine, say --skips=${skip.length}.`);
}
process.exitCode = settings.length > 0 && fail.length === 0 && skip.length === skipsExpected ? 0 : 1;
