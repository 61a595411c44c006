import * as z from "zod";
import { WebAuthnError } from "../../core/errors.js";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "../../core/types.js";
import { extensionFlags } from "../../shared/extension-outputs.js";

/**
 * A credential ID has at most 1023 bytes. Other values cannot exist in the table, and some databases refuse to look
 * them up.
 */
const credentialId = z
	.string()
	.max(1364)
	.regex(/^[\w-]+$/);

/** The body limit applies to HTTP requests. This limit is for calls without HTTP. The core has finer limits. */
const encoded = z.string().max(65_536);

/** Browsers, polyfills and native modules omit an absent member or set it to null or "". */
function optional<T extends z.ZodType>(schema: T) {
	return z.preprocess((value) => (value === null || value === "" ? undefined : value), schema.optional());
}

const credential = {
	id: credentialId,
	rawId: credentialId,
	type: z.string().max(32),
	authenticatorAttachment: optional(z.string().max(32)),
	clientExtensionResults: optional(z.record(z.string(), z.unknown())).transform(extensionFlags),
};

export const registrationResponse = z.object({
	...credential,
	response: z.object({
		clientDataJSON: encoded,
		attestationObject: encoded,
		authenticatorData: optional(encoded),
		transports: optional(z.array(z.string().max(64)).max(16)),
		publicKeyAlgorithm: optional(z.number()),
		publicKey: optional(encoded),
	}),
});

export const authenticationResponse = z.object({
	...credential,
	response: z.object({
		clientDataJSON: encoded,
		authenticatorData: encoded,
		signature: encoded,
		userHandle: optional(encoded),
	}),
});

/**
 * Parses the response of `navigator.credentials.create()` in the forms that clients really send. Unknown members are
 * dropped.
 *
 * @throws WebAuthnError CREDENTIAL_MALFORMED, CREDENTIAL_TOO_LARGE
 */
export function parseRegistrationResponse(value: unknown): RegistrationResponseJSON {
	return parse(registrationResponse, value) as RegistrationResponseJSON;
}

/**
 * Parses the response of `navigator.credentials.get()` in the same way.
 *
 * @throws WebAuthnError CREDENTIAL_MALFORMED, CREDENTIAL_TOO_LARGE
 */
export function parseAuthenticationResponse(value: unknown): AuthenticationResponseJSON {
	return parse(authenticationResponse, value) as AuthenticationResponseJSON;
}

function parse(schema: z.ZodType, value: unknown): unknown {
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	// A path contains only the member names above, never the client's text.
	const field = issue?.path.map(String).join(".") || "response";
	throw new WebAuthnError(issue?.code === "too_big" ? "CREDENTIAL_TOO_LARGE" : "CREDENTIAL_MALFORMED", { field });
}
