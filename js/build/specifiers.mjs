// Everything that a file of the package asks for is there, where a package manager gives a package no more than the
// dependencies that it lists.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { check } from "./check.mjs";

/** What tsc names by the package that declares it, and what Better Auth, which has it installed, exports again. */
const BY_BETTER_AUTH = { "better-call": "better-auth", "@better-fetch/fetch": "better-auth/client" };

/** Node.js's own modules are for the command alone: everything else runs where there are none. */
const COMMAND = /\/dist\/cli\//;

const SPECIFIER = /\b(from |import |import\(|require\()"([^"\n]+)"/g;

/** A declaration file that names no package which only Better Auth depends on. */
export function byBetterAuth(text) {
	return text.replace(SPECIFIER, (whole, before, name) =>
		Object.hasOwn(BY_BETTER_AUTH, name) ? `${before}"${BY_BETTER_AUTH[name]}"` : whole,
	);
}

/** The file with every relative specifier leading to its CommonJS twin. */
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
		check(found, `${path} asks for ${specifier}, which is not there`);
	}
}

/** The file that a specifier means in a file of this kind; the empty name where it may not stand. */
function targetOf(path, specifier) {
	const [file] = specifier.split("?");
	if (file.endsWith(".wasm")) return file;
	const commonJs = /\.c[jt]s$/.test(path);
	if (!file.endsWith(commonJs ? ".cjs" : ".js")) return "\0";
	return /\.d\.c?ts$/.test(path) ? file.replace(/\.(c?)js$/, ".d.$1ts") : file;
}
