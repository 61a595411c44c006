// The workflow must run everything that `make check` runs, in its own jobs. This test finds missing targets.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const makefile = readFileSync(join(root, "Makefile"), "utf8");
const workflow = readFileSync(join(root, ".github/workflows/ci.yml"), "utf8");

/** The targets that a target depends on. */
const parts = (target) => makefile.match(new RegExp(`^${target}: ([a-z0-9 -]+?) ##`, "m"))?.[1].split(" ") ?? [];

test("each part of `make check` is in a job", () => {
	const collected = parts("check").flatMap((target) => (parts(target).length > 0 ? parts(target) : [target]));
	// The package is built by the targets that need it.
	const wanted = [...new Set(collected)].filter((target) => target !== "build").sort();
	const jobs = [...workflow.matchAll(/^ *targets: (.*)$/gm)].flatMap(([, targets]) => targets.split(" "));
	assert.ok(wanted.length > 10, `only ${wanted.length} targets found in the Makefile`);
	assert.deepEqual(jobs.sort(), wanted);
});
