import { readFileSync } from "node:fs";
import process from "node:process";
import { type Check, fail, ok } from "./report.js";

interface Manifest {
	version: string;
	engines: { node: string };
	peerDependencies: { "better-auth": string };
}

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Manifest;

export function checkNode(version = process.versions.node): Check {
	const wanted = manifest.engines.node;
	if (satisfies(version, wanted)) return ok("node", `Node.js ${version}`);
	return fail("node", `Node.js ${version} is not in the range ${wanted}.`, `install Node.js ${wanted}`);
}

export function checkBetterAuth(version: string): Check {
	const wanted = manifest.peerDependencies["better-auth"];
	if (satisfies(version, wanted)) return ok("better-auth", `better-auth ${version}`);
	const command = `run npm install better-auth@${wanted}`;
	return fail("better-auth", `better-auth ${version} is not in the range ${wanted}.`, command);
}

/** Whether a version is in a range. Supports the two forms in our package.json: `>=20` and `^1.7`. */
export function satisfies(version: string, range: string): boolean {
	const [, operator, major = "0", minor = "0"] = /^(>=|\^)(\d+)(?:\.(\d+))?$/.exec(range) ?? [];
	const [, has = "0", hasMinor = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
	if (Number(has) === Number(major)) return Number(hasMinor) >= Number(minor);
	return operator === ">=" && Number(has) > Number(major);
}
