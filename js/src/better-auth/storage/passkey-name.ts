import * as z from "zod";

/** A name that a user gives to a passkey. Control characters are refused: PostgreSQL cannot store all of them. */
export const label = z
	.string()
	.trim()
	.max(255)
	.regex(/^\P{Cc}*$/u);
