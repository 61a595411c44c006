import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

interface Build {
	version: string;
	compiler: string;
	standardLibrary: string;
	wasmBindgen: string;
	files: Record<string, { sha256: string; bytes: number; features: string[] }>;
}

const folder = dirname(createRequire(import.meta.url).resolve("touchstone-webauthn/package.json"));
const packed = (path: string) => readFileSync(join(folder, path));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const build = JSON.parse(packed("wasm/build.json").toString()) as Build;

describe("wasm/build.json", () => {
	it("names the versions of the package, the compiler and wasm-bindgen", () => {
		const { version } = JSON.parse(packed("package.json").toString()) as { version: string };
		expect(build.version).toBe(version);
		expect(build.compiler).toMatch(/^rustc \d+\.\d+\.\d+/);
		expect(build.standardLibrary).toMatch(/^(built from source|as installed)$/);
		expect(build.wasmBindgen).toMatch(/^\d+\.\d+\.\d+$/);
	});

	it("lists every wasm", () => {
		expect(Object.keys(build.files)).toEqual(["core.wasm", "attestation.wasm"]);
		expect(build.files["core.wasm"]?.features).toEqual(["wasm"]);
		expect(build.files["attestation.wasm"]?.features).toContain("attestation");
	});

	it.each(Object.entries(build.files))("contains the SHA-256 of %s and of its base64 copies", (name, record) => {
		const wasm = packed(name);
		expect(wasm.length).toBe(record.bytes);
		expect(sha256(wasm)).toBe(record.sha256);
		for (const ending of ["js", "cjs"]) {
			const text = packed(`wasm/${name.replace(".wasm", "")}-base64.${ending}`).toString();
			const base64 = /"([A-Za-z0-9+/=]{1000,})"/.exec(text)?.[1] ?? "";
			expect(sha256(Buffer.from(base64, "base64"))).toBe(record.sha256);
		}
	});
});

describe("THIRD-PARTY-NOTICES.txt", () => {
	const notices = packed("THIRD-PARTY-NOTICES.txt").toString();

	it("equals the file in the repository, which the crate also contains", () => {
		// Vitest runs in js/.
		expect(readFileSync(new URL("../../../THIRD-PARTY-NOTICES.txt", import.meta.url), "utf8")).toBe(notices);
	});

	it.each(["ed25519-dalek", "curve25519-dalek", "subtle"])("lists %s with its required licence notice", (name) => {
		const section = notices.split(/^-{80}$/m).find((text) => new RegExp(`^${name} \\d`, "m").test(text));
		expect(section?.trim()).toMatch(/^BSD-3-Clause\n/);
		expect(section).toMatch(/Redistributions in binary form must reproduce the above copyright\s+notice/);
	});

	it("lists wasm-bindgen, whose glue is in the package, and the standard library", () => {
		expect(notices).toMatch(/^wasm-bindgen-cli-support \d/m);
		expect(notices).toContain("The Rust standard library (MIT)");
	});
});
