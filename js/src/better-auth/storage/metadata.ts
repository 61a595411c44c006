import * as z from "zod";
import type { PasskeyMetadata } from "../../shared/passkey.js";

/** Bytes of JSON: enough for what a list shows, and little enough for every database's text column. */
const METADATA_LIMIT = 4096;

export const metadata = z
	.record(z.string(), z.unknown())
	.refine((value) => encodeMetadata(value) !== null, { message: "Not JSON, or more than 4 KiB of it" })
	.meta({ description: "A JSON object of at most 4 KiB, kept with the passkey" });

/** The column's form, or null for what has none. */
export function encodeMetadata(value: PasskeyMetadata): string | null {
	try {
		const json = JSON.stringify(value);
		return new TextEncoder().encode(json).length <= METADATA_LIMIT ? json : null;
	} catch {
		// Nested too deeply, or, from a call on the server, a cycle or a bigint.
		return null;
	}
}

/** What the column holds; null where others wrote something else into it. */
export function decodeMetadata(text: string | null | undefined): PasskeyMetadata | null {
	try {
		const value: unknown = JSON.parse(text || "null");
		return typeof value === "object" && !Array.isArray(value) ? (value as PasskeyMetadata | null) : null;
	} catch {
		return null;
	}
}
