import type { AuthenticationExtensionsClientOutputs } from "../core/types.js";

const FLAGS = { credProps: ["rk"], prf: ["enabled"], largeBlob: ["supported", "written"] };

/**
 * Returns only the flags of the extension results. The other results are secret: those of `prf` are keys, and those of
 * `largeBlob` contain the user's data. They must not get into a request or into a server's log.
 */
export function extensionFlags(results: unknown): AuthenticationExtensionsClientOutputs {
	const given = membersOf(results);
	const flags: AuthenticationExtensionsClientOutputs = pick(given, ["appid"]);
	for (const [extension, names] of Object.entries(FLAGS)) {
		const found = pick(membersOf(given[extension]), names);
		if (Object.keys(found).length > 0) flags[extension] = found;
	}
	return flags;
}

function membersOf(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

function pick(from: Record<string, unknown>, names: readonly string[]): Record<string, boolean> {
	return Object.fromEntries(names.flatMap((name) => (typeof from[name] === "boolean" ? [[name, from[name]]] : [])));
}
