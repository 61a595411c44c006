import type { GenericEndpointContext } from "better-auth";
import * as z from "zod";
import type { AuthenticationExtensionsClientInputs } from "../../core/types.js";
import { configError } from "./config-error.js";
import type { PasskeyExtensionsResolver } from "./options.js";

const flag = z.boolean("true or false").optional();

const bytes = z.string("bytes as base64url text").regex(/^[\w-]*$/, "bytes as base64url text");

const values = z.strictObject({ first: bytes, second: bytes.optional() }, "{ first } or { first, second }").optional();

/**
 * The inputs that browsers understand. For anything else a browser throws an exception or, worse, ignores the input.
 * Extensions that are not listed here are passed on unchanged.
 */
const schemas = {
	registration: z.looseObject({
		credProps: flag,
		prf: z.strictObject({ eval: values }, "prf: { eval }, or prf: {} to ask whether PRF is supported").optional(),
		largeBlob: z
			.strictObject({ support: z.enum(["preferred", "required"], '"preferred" or "required"') }, "{ support }")
			.optional(),
		credentialProtectionPolicy: z
			.enum(
				["userVerificationOptional", "userVerificationOptionalWithCredentialIDList", "userVerificationRequired"],
				'"userVerificationOptional", "userVerificationOptionalWithCredentialIDList" or "userVerificationRequired"',
			)
			.optional(),
		enforceCredentialProtectionPolicy: flag,
		minPinLength: flag,
	}),
	authentication: z.looseObject({
		prf: z
			.strictObject(
				{ eval: values, evalByCredential: z.record(bytes, values).optional() },
				"{ eval, evalByCredential }",
			)
			.optional(),
		largeBlob: z.strictObject({ read: flag, write: bytes.optional() }, "{ read: true } or { write }").optional(),
	}),
};

/** A step-up uses the extensions of a sign-in. */
type Kind = keyof typeof schemas;

/** Checks the extension inputs when the plugin is created. The inputs from a function are checked on each call. */
export function parseExtensions(
	kind: Kind,
	given: PasskeyExtensionsResolver | undefined,
): PasskeyExtensionsResolver | undefined {
	if (typeof given !== "function") return check(kind, given);
	return async (args) => check(kind, await given(args));
}

function check(kind: Kind, inputs: AuthenticationExtensionsClientInputs | undefined) {
	const parsed = schemas[kind].optional().safeParse(inputs);
	if (parsed.success) return inputs;
	const [issue] = parsed.error.issues;
	const name = [`${kind}.extensions`, ...(issue?.path ?? [])].map(String).join(".");
	throw configError(`${name} is not a value that browsers accept`, issue?.message ?? "extensions: {}");
}

export async function resolveExtensions(
	ctx: GenericEndpointContext,
	extensions: PasskeyExtensionsResolver | undefined,
): Promise<AuthenticationExtensionsClientInputs | undefined> {
	return typeof extensions === "function" ? extensions({ ctx }) : extensions;
}
