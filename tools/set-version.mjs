// set-version.mjs VERSION DATE: writes the version into every file that names it, and dates the changelog. `make release`
// runs it, and restores the files if anything fails.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [version, date] = process.argv.slice(2);
const crate = "touchstone-webauthn";

/** Every place must be found exactly once. If a file changed its format, the release stops. */
function replace(file, pattern, replacement) {
	const path = join(root, file);
	const text = readFileSync(path, "utf8");
	const found = [...text.matchAll(new RegExp(pattern, "gm"))].length;
	if (found !== 1) {
		console.error(`${file} has ${found} places for the version or the date (${pattern}), not one.`);
		process.exit(1);
	}
	writeFileSync(path, text.replace(new RegExp(pattern, "m"), replacement));
}

replace("Cargo.toml", `^(name = "${crate}"\\nversion = )".*"$`, `$1"${version}"`);
replace("Cargo.lock", `^(name = "${crate}"\\nversion = )".*"$`, `$1"${version}"`);
replace("pkg-template/package.json", `^(\\t"version": )".*"(,)$`, `$1"${version}"$2`);
replace("CHANGELOG.md", "^## Unreleased$", `## Unreleased\n\n## ${version} - ${date}`);
