import * as z from "zod";
import { WebAuthnError } from "../../core/errors.js";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "../../core/types.js";
import { extensionFlags } from "../../shared/extension-outputs.js";

/** A credential ID has at most 1023 bytes; more, or what no such ID can be, is not worth a query, nor fit for every database. */
const credentialId = z
	.string()
	.max(1364)
	.regex(/^[\w-]+$/);

/** The body limit bounds the whole; this is for calls that come without HTTP. The core has finer limits. */
const encoded = z.string().max(65_536);

/** Browsers, polyfills and native modules write an absent member as nothing, as null or as "". */
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
 * The response of `navigator.credentials.create()` as clients really send it; members of no meaning are left out.
 *
 * @throws WebAuthnError CREDENTIAL_MALFORMED, CREDENTIAL_TOO_LARGE
 */
export function parseRegistrationResponse(value: unknown): RegistrationResponseJSON {
	return parse(registrationResponse, value) as RegistrationResponseJSON;
}

/**
 * The response of `navigator.credentials.get()` likewise.
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
	// Paths are made of the names above, never of what the client sent.
	const field = issue?.path.map(String).join(".") || "response";
	throw new WebAuthnError(issue?.code === "too_big" ? "CREDENTIAL_TOO_LARGE" : "CREDENTIAL_MALFORMED", { field });
}
