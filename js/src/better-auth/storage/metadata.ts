import * as z from "zod";
import type { PasskeyMetadata } from "../../shared/passkey.js";

/** The limit in bytes of JSON: enough for display, and small enough for the text column of every database. */
const METADATA_LIMIT = 4096;

export const metadata = z
	.record(z.string(), z.unknown())
	.refine((value) => encodeMetadata(value) !== null, { message: "The value is not JSON, or it is larger than 4 KiB" })
	.meta({ description: "A JSON object of at most 4 KiB, stored with the passkey" });

/** Returns the JSON text for the column, or null if the value is not JSON or is too large. */
export function encodeMetadata(value: PasskeyMetadata): string | null {
	try {
		const json = JSON.stringify(value);
		return new TextEncoder().encode(json).length <= METADATA_LIMIT ? json : null;
	} catch {
		// The value is nested too deeply or, in a call on the server, has a cycle or a bigint.
		return null;
	}
}

/** Parses the column's text. Returns null if other software wrote something else into the column. */
export function decodeMetadata(text: string | null | undefined): PasskeyMetadata | null {
	try {
		const value: unknown = JSON.parse(text || "null");
		return typeof value === "object" && !Array.isArray(value) ? (value as PasskeyMetadata | null) : null;
	} catch {
		return null;
	}
}
