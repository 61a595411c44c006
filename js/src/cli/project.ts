// Opens the project to check: the file that exports `auth`, and the packages that this file resolves.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import type { AuthContext, BetterAuthOptions } from "better-auth";
import { type Check, fail, ok, reasonOf } from "./report.js";

/** The part of the result of `betterAuth()` that the doctor uses. */
export interface Auth {
	options: BetterAuthOptions;
	$context: Promise<AuthContext>;
}

export interface Project {
	checks: Check[];
	/** The file, or null if there is none. Packages are resolved from here. */
	path: string | null;
	auth: Auth | null;
}

/** The folders that Better Auth's own command searches, and the file extensions of Node.js and TypeScript. */
const FOLDERS = ["", "src/", "lib/", "src/lib/", "server/", "src/server/", "app/", "utils/", "src/utils/"];
const NAMES = ["auth.ts", "auth.mts", "auth.js", "auth.mjs"];

export function findConfig(folder: string): string | null {
	const paths = FOLDERS.flatMap((prefix) => NAMES.map((name) => resolve(folder, `${prefix}${name}`)));
	return paths.find((path) => existsSync(path)) ?? null;
}

export async function openProject(path: string): Promise<Project> {
	const failed = (message: string, fix: string) => ({ checks: [fail("config", message, fix)], path, auth: null });
	if (!existsSync(path))
		return failed(`${path} does not exist.`, "name the file that exports auth: --config ./src/auth.ts");
	let module: Record<string, unknown>;
	try {
		module = await load(path);
	} catch (error) {
		return failed(`${path} cannot be imported: ${reasonOf(error)}`, howToImport(path, error));
	}
	const auth = [module.auth, module.default, ...Object.values(module)].find(isAuth) ?? null;
	if (auth) return { checks: [ok("config", path)], path, auth };
	const found = Object.keys(module).join(", ") || "nothing";
	return failed(
		`${path} exports ${found}, but not auth.`,
		"write export const auth = betterAuth({ … }); if a function creates auth, call it in a file and export the result",
	);
}

/** The URL of a package as the project resolves it, or null. */
export function resolveFrom(path: string, name: string): string | null {
	try {
		return pathToFileURL(createRequire(path).resolve(name)).href;
	} catch {
		return null;
	}
}

const isTypeScript = (path: string) => /\.[cm]?tsx?$/.test(path);
const stripsTypes = () => Boolean((process.features as { typescript?: unknown }).typescript);

async function load(path: string): Promise<Record<string, unknown>> {
	if (isTypeScript(path)) useLoaderOf(path);
	const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
	// The exports of a CommonJS file are one level deeper.
	const inner = module.default;
	const isPlain = typeof inner === "object" && inner !== null && !isAuth(inner);
	return isPlain ? { ...(inner as Record<string, unknown>), ...module } : module;
}

/** tsx supports what Node.js alone does not: paths of tsconfig.json, imports without file extensions, enums. */
function useLoaderOf(path: string): void {
	const require = createRequire(path);
	if (resolveFrom(path, "tsx/esm/api")) {
		for (const api of ["tsx/esm/api", "tsx/cjs/api"]) (require(api) as { register(): unknown }).register();
	} else if (!stripsTypes()) {
		throw new Error(`Node.js ${process.versions.node} cannot read TypeScript.`);
	}
}

function howToImport(path: string, error: unknown): string {
	const code = String((error as { code?: unknown } | null)?.code);
	const isSyntax = /TYPESCRIPT|ERR_MODULE_NOT_FOUND|ERR_UNSUPPORTED_DIR_IMPORT|ERR_UNKNOWN_FILE_EXTENSION/.test(code);
	if (isTypeScript(path) && !resolveFrom(path, "tsx/esm/api") && (isSyntax || !stripsTypes())) {
		const more = stripsTypes() ? "which supports the TypeScript of bundlers" : "or use Node.js 22.18 or later";
		return `run npm install --save-dev tsx, ${more}`;
	}
	return "make the file work when it is imported alone; use --env .env to set the variables that it needs";
}

function isAuth(value: unknown): value is Auth {
	if (typeof value !== "object" || value === null) return false;
	const { options, $context, handler } = value as Record<string, unknown>;
	return (
		typeof options === "object" &&
		options !== null &&
		typeof ($context as Promise<unknown> | undefined)?.then === "function" &&
		typeof handler === "function"
	);
}
