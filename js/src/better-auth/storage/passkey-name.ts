import * as z from "zod";

/** What a person calls a passkey. Control characters have no place in it, and PostgreSQL does not store all of them. */
export const label = z
	.string()
	.trim()
	.max(255)
	.regex(/^\P{Cc}*$/u);
