import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasTerminal, machine } from "./machine.mjs";

const OLD = "1.85.0+dfsg3-1~deb12u3";
const NEW = "1.96.0+dfsg1-1~deb12u2";
const both = (version) => ({ "rustc-web": version, "rust-web-src": version });
const UPDATE = "apt-get update";
const INSTALL = "apt-get install rustc-web rust-web-src";
const WASM = "wasm32-unknown-unknown";

const env = (machine, options) => machine.run("tools/rust.sh env", options);

function usesDebian(result, version = "1.96.0") {
	assert.equal(result.status, 0, result.shown);
	assert.match(result.answer, new RegExp(`WASM_TOOLCHAIN=Debian\\S* rustc\\\\ ${version}`));
	assert.match(result.answer, /RUSTC_BOOTSTRAP=1/);
}

function printsTheLine(result, target = WASM) {
	assert.notEqual(result.status, 0, result.answer);
	assert.match(result.shown, new RegExp(`^ {4}rustup target add ${target}`, "m"));
	assert.deepEqual(
		result.calls.filter((call) => call.startsWith("rustup")),
		[],
	);
}

describe("a compiler for wasm, from apt", { concurrency: true }, () => {
	it("refreshes stale lists before it installs", async (test) => {
		const fresh = machine(test, { lists: both(OLD), server: both(NEW) });
		const result = await env(fresh);
		usesDebian(result);
		assert.deepEqual(result.calls, [UPDATE, INSTALL]);
	});

	it("upgrades an old package that came from stale lists", async (test) => {
		const result = await env(machine(test, { lists: both(OLD), server: both(NEW), installed: both(OLD) }));
		usesDebian(result);
		assert.deepEqual(result.calls, [UPDATE, INSTALL]);
	});

	it("upgrades an old package without a refresh, if the lists name a newer one", async (test) => {
		const result = await env(machine(test, { lists: both(NEW), installed: both(OLD) }));
		usesDebian(result);
		assert.deepEqual(result.calls, [INSTALL]);
	});

	it("refreshes empty lists", async (test) => {
		const result = await env(machine(test, { lists: {}, server: both(NEW) }));
		usesDebian(result);
		assert.deepEqual(result.calls, [UPDATE, INSTALL]);
	});

	it("refreshes lists that name a file which the server no longer has", async (test) => {
		const fresh = machine(test, {
			lists: both("1.90.0+dfsg1-1"),
			server: both(NEW),
			files: { "state/gone/rustc-web-1.90.0+dfsg1-1": "" },
		});
		const result = await env(fresh);
		usesDebian(result);
		assert.deepEqual(result.calls, [INSTALL, UPDATE, INSTALL]);
	});

	it("waits for another apt that refreshes the lists", async (test) => {
		const result = await env(machine(test, { lists: both(OLD), server: both(NEW), files: { "state/locked": "" } }));
		usesDebian(result);
		assert.deepEqual(result.calls, [UPDATE, UPDATE, INSTALL]);
	});

	it("installs nothing in a second run", async (test) => {
		const fresh = machine(test, { lists: both(OLD), server: both(NEW) });
		await env(fresh);
		const second = await env(fresh);
		usesDebian(second);
		assert.deepEqual(second.calls, []);
	});

	it("takes a compiler of exactly the version that is needed", async (test) => {
		usesDebian(await env(machine(test, { lists: both("1.88.0+dfsg1-1") })), "1.88.0");
	});

	it("installs the compiler with the sources of its own version", async (test) => {
		const result = await env(
			machine(test, { lists: both(NEW), installed: { "rustc-web": NEW, "rust-web-src": "1.90.0+dfsg1-1" } }),
		);
		usesDebian(result);
		assert.match(result.shown, /is 1\.96\.0, but the sources of its std are 1\.90\.0/);
	});

	it("refreshes lists that name a compiler and sources of two versions", async (test) => {
		const result = await env(
			machine(test, { lists: { "rustc-web": NEW, "rust-web-src": "1.90.0+dfsg1-1" }, server: both(NEW) }),
		);
		usesDebian(result);
		assert.deepEqual(result.calls, [UPDATE, INSTALL]);
	});

	it("uses sudo that needs no password", async (test) => {
		const result = await env(machine(test, { lists: both(OLD), server: both(NEW), files: { "state/user": "" } }));
		usesDebian(result);
	});

	it("leaves apt alone if the toolchain has the target", async (test) => {
		const result = await env(machine(test, { lists: both(OLD), server: both(NEW), targets: [WASM] }));
		assert.equal(result.status, 0, result.shown);
		assert.match(result.answer, /WASM_CARGO_FLAGS=''/);
		assert.doesNotMatch(result.answer, /BOOTSTRAP/);
		assert.deepEqual(result.calls, []);
	});

	it("says how long an installation takes", async (test) => {
		const result = await env(machine(test, { lists: both(NEW), files: { "state/slow": "1.5" } }));
		usesDebian(result);
		assert.match(result.shown, /apt +installs rustc-web rust-web-src \(half a minute\)\n.*apt +done, \d+ s\n/s);
	});

	it("finds a target without std in the same way", async (test) => {
		const result = await machine(test, { lists: both(OLD), server: both(NEW) }).run("tools/rust.sh env-bare");
		assert.equal(result.status, 0, result.shown);
		assert.match(result.answer, /BARE_CARGO_FLAGS=-Zbuild-std=core\\?,alloc/);
		assert.deepEqual(result.calls, [UPDATE, INSTALL]);
	});
});

describe("a compiler for wasm, where apt does not help", { concurrency: true }, () => {
	it("refreshes once, installs nothing, and names both versions", async (test) => {
		const result = await env(machine(test, { lists: both(OLD), installed: both(OLD) }));
		printsTheLine(result);
		assert.deepEqual(result.calls, [UPDATE]);
		assert.match(result.shown, /rustc-web 1\.85\.0, but 1\.88 or newer is needed, also after a refresh/);
	});

	it("fails in the same way in a second run, and recovers as soon as the server has a newer one", async (test) => {
		const stuck = machine(test, { lists: both(OLD) });
		await env(stuck);
		const second = await env(stuck);
		printsTheLine(second);
		assert.deepEqual(second.calls, [UPDATE]);
		for (const name of Object.keys(both(NEW))) stuck.write(`state/server/${name}`, NEW);
		usesDebian(await env(stuck));
	});

	it("says that the two packages are of two versions", async (test) => {
		const result = await env(machine(test, { lists: { "rustc-web": NEW, "rust-web-src": "1.90.0+dfsg1-1" } }));
		printsTheLine(result);
		assert.match(result.shown, /rustc-web 1\.96\.0 but rust-web-src 1\.90\.0/);
		assert.deepEqual(result.calls, [UPDATE]);
	});

	it("goes on if the lists cannot be refreshed", async (test) => {
		const result = await env(machine(test, { lists: both(OLD), server: both(NEW), files: { "state/offline": "" } }));
		printsTheLine(result);
		assert.match(result.shown, /Failed to fetch the lists/);
		assert.deepEqual(result.calls, [UPDATE]);
	});

	it("shows apt's own reason", async (test) => {
		const held = machine(test, { lists: both(NEW), installed: both(OLD), files: { "state/held/rustc-web": "" } });
		const result = await env(held);
		printsTheLine(result);
		assert.match(result.shown, /Held packages were changed/);
		assert.deepEqual(result.calls, [INSTALL, UPDATE, INSTALL]);
	});

	it("does without apt on a machine that has none", async (test) => {
		const result = await env(machine(test, { without: ["apt-get", "apt-cache", "sudo"] }));
		printsTheLine(result);
		assert.match(result.shown, /apt +is not on this machine/);
	});

	for (const [name, options] of [
		["without sudo", { without: ["sudo"] }],
		["with a sudo that asks for a password", { files: { "state/password": "" } }],
	]) {
		it(`prints the line for apt to a user ${name}`, async (test) => {
			const files = { "state/user": "", ...options.files };
			const result = await env(machine(test, { lists: both(OLD), server: both(NEW), ...options, files }));
			printsTheLine(result);
			assert.deepEqual(result.calls, []);
			assert.match(result.shown, /sudo apt-get update && sudo apt-get install .* rustc-web rust-web-src/);
		});
	}

	it("names rustup.rs to someone without Rust", async (test) => {
		const result = await env(machine(test, { lists: both(NEW), without: ["cargo", "rustc", "rustup"] }));
		assert.notEqual(result.status, 0);
		assert.match(result.shown, /https:\/\/rustup\.rs/);
		assert.deepEqual(result.calls, []);
	});
});

describe("a person at the terminal", { concurrency: true, skip: !hasTerminal && "no util-linux script" }, () => {
	const without = ["apt-get", "apt-cache"];
	for (const [script, target] of [
		["env", WASM],
		["env-bare", "thumbv7em-none-eabihf"],
	]) {
		it(`adds ${target} after a yes`, async (test) => {
			const result = await machine(test, { without }).run(`tools/rust.sh ${script}`, { keys: "y" });
			assert.equal(result.status, 0, result.shown);
			assert.deepEqual(result.calls, [`rustup target add ${target}`]);
			assert.match(result.answer, /_CARGO_FLAGS=''/);
			assert.doesNotMatch(result.answer, /downloading/);
		});

		it(`only prints the line for ${target} after a no`, async (test) => {
			const result = await machine(test, { without }).run(`tools/rust.sh ${script}`, { keys: "n" });
			assert.match(result.shown, /\[y\/N\]/);
			printsTheLine({ ...result, shown: result.shown.replaceAll("\r", "") }, target);
		});
	}

	it("is not asked if apt helps", async (test) => {
		const result = await env(machine(test, { lists: both(OLD), server: both(NEW) }), { keys: "y" });
		usesDebian(result);
		assert.doesNotMatch(result.shown, /\[y\/N\]/);
	});

	it("is not asked in CI", async (test) => {
		const result = await env(machine(test, { without }), { keys: "y", env: { CI: "true" } });
		printsTheLine({ ...result, shown: result.shown.replaceAll("\r", "") });
		assert.doesNotMatch(result.shown, /\[y\/N\]/);
	});
});
