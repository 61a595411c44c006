import { after, before, test } from "node:test";
import { launchBrowser, startDemo } from "./support.mjs";
import { visit } from "./visitor.mjs";

/**
 * Starts one demo server and one browser for all tests of a file. Returns
 * `scenario`, which defines a test with its own visitor. Afterwards, the visitor's
 * page must have reported only the failed requests that the test expects.
 */
export function browserSuite() {
	let demo;
	let browser;
	const t = closer();
	before(async () => {
		[demo, browser] = await Promise.all([startDemo(t), launchBrowser(t)]);
	});
	after(t.close);
	return function scenario(name, run, { failures = 0 } = {}) {
		test(name, async () => {
			const visitor = await visit(browser, demo);
			try {
				await run(visitor, demo);
				visitor.assertNoComplaints({ failures });
			} finally {
				await visitor.close();
			}
		});
	};
}

/** Collects what must be closed after a file's tests, and closes it in reverse order. */
export function closer() {
	const closing = [];
	return {
		after: (close) => closing.unshift(close),
		async close() {
			for (const close of closing) await close();
		},
	};
}
