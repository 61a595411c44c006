import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundled } from "../weight/bundle.mjs";

/** Bundles and imports the software authenticator of the tests, which is TypeScript. */
export async function authenticators(folder) {
	const file = `${folder}authenticator.mjs`;
	const source = `export * from ${JSON.stringify(fileURLToPath(new URL("../../js/tests/support/authenticator.ts", import.meta.url)))}`;
	writeFileSync(file, await bundled(source, { platform: "node" }));
	return import(pathToFileURL(file).href);
}

export function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
