// Checks that every import in the package can be resolved, even if the package manager makes only the listed
// dependencies available.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { check } from "./check.mjs";

/** Packages that tsc names in declarations, but only Better Auth installs; and where Better Auth re-exports them. */
const BY_BETTER_AUTH = { "better-call": "better-auth", "@better-fetch/fetch": "better-auth/client" };

/** Only the command may import Node.js modules. Everything else also runs on other runtimes. */
const COMMAND = /\/dist\/cli\//;

const SPECIFIER = /\b(from |import |import\(|require\()"([^"\n]+)"/g;

/** Renames imports of packages that only Better Auth depends on, in a declaration file. */
export function byBetterAuth(text) {
	return text.replace(SPECIFIER, (whole, before, name) =>
		Object.hasOwn(BY_BETTER_AUTH, name) ? `${before}"${BY_BETTER_AUTH[name]}"` : whole,
	);
}

/** Changes every relative specifier to the CommonJS copy of the file. */
export function toCommonJs(text) {
	return text.replace(SPECIFIER, (whole, before, name) =>
		name.startsWith(".") ? `${before}"${name.replace(/\.js$/, ".cjs")}"` : whole,
	);
}

export function checkSpecifiers(path, { name, dependencies, peerDependencies, imports }) {
	const packages = new Set([name, ...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
	for (const [, , specifier] of readFileSync(path, "utf8").matchAll(SPECIFIER)) {
		const found = specifier.startsWith(".")
			? existsSync(join(dirname(path), targetOf(path, specifier)))
			: (specifier.startsWith("node:") && COMMAND.test(path)) ||
				Object.hasOwn(imports, specifier) ||
				packages.has(specifier.match(/^(@[^/]+\/)?[^/]+/)?.[0]);
		check(found, `${path} imports ${specifier}, which does not exist`);
	}
}

/** The file that a specifier refers to, or a name that never exists if the specifier is not allowed in this file. */
function targetOf(path, specifier) {
	const [file] = specifier.split("?");
	if (file.endsWith(".wasm")) return file;
	const commonJs = /\.c[jt]s$/.test(path);
	if (!file.endsWith(commonJs ? ".cjs" : ".js")) return "\0";
	return /\.d\.c?ts$/.test(path) ? file.replace(/\.(c?)js$/, ".d.$1ts") : file;
}
