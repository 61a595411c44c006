// The responses of the endpoints as zod schemas, for the OpenAPI description and for tests that check real responses.
// They are functions because a server that only handles sign-ins never needs them.
import * as z from "zod";
import { ATTESTATION_FORMATS, USER_VERIFICATION } from "../../core/enumerations.js";

const moment = () => z.string().meta({ format: "date-time" });
const base64url = () => z.string().regex(/^[\w-]+$/);
const extensions = () => z.record(z.string(), z.unknown());

/** The result of `toPasskey()` in storage/passkeys.ts. */
export const passkeyAnswer = () =>
	z.object({
		id: z.string(),
		name: z.string().nullish(),
		publicKey: z.string().meta({ description: "The public key as a COSE key, in standard base64" }),
		userId: z.string(),
		credentialID: base64url(),
		counter: z.int(),
		deviceType: z.enum(["singleDevice", "multiDevice"]),
		backedUp: z.boolean(),
		transports: z.string().nullish().meta({ description: "The transports, separated by commas" }),
		createdAt: moment(),
		aaguid: z.string().nullish(),
		provider: z.object({ name: z.string(), icon: z.string().optional() }).optional(),
		lastUsedAt: moment().nullish(),
		updatedAt: moment().nullish(),
		platform: z.string().nullish(),
		deviceName: z.string().nullish(),
		metadata: z.record(z.string(), z.unknown()).nullish(),
		revokedAt: moment().nullish(),
		revokedReason: z.string().nullish(),
		attestationFormat: z.enum(ATTESTATION_FORMATS).nullish(),
		attestationTrusted: z.boolean().nullish(),
	});

/** Other plugins and the application can add fields to sessions and users. */
const sessionAnswer = () =>
	z.looseObject({ id: z.string(), userId: z.string(), token: z.string(), expiresAt: moment(), createdAt: moment() });
const userAnswer = () =>
	z.looseObject({ id: z.string(), name: z.string(), email: z.string(), emailVerified: z.boolean() });

/** If the second factor is missing, there is no session yet. */
export const signedInAnswer = () =>
	z.union([
		z.object({ session: sessionAnswer(), user: userAnswer() }),
		z.object({ twoFactorRedirect: z.literal(true), twoFactorMethods: z.array(z.string()) }),
	]);

export const registeredAnswer = () =>
	passkeyAnswer().extend({
		session: sessionAnswer().optional(),
		user: userAnswer().optional(),
		twoFactorRedirect: z.literal(true).optional(),
		twoFactorMethods: z.array(z.string()).optional(),
	});

export const changedAnswer = () => z.object({ passkey: passkeyAnswer() });

export const pageAnswer = () =>
	z.object({ passkeys: z.array(passkeyAnswer()), nextOffset: z.int().nullable(), total: z.int() });

/** A page if the query has `limit` or `offset`; otherwise an array. */
export const listAnswer = () => z.union([z.array(passkeyAnswer()), pageAnswer()]);

export const proofAnswer = () => z.object({ proof: base64url(), purpose: z.string(), expiresAt: moment() });

export const signalsAnswer = () =>
	z.array(
		z.object({
			rpId: z.string(),
			userId: base64url(),
			allAcceptedCredentialIds: z.array(base64url()),
			name: z.string(),
			displayName: z.string(),
		}),
	);

export const confirmedAnswer = () => z.object({ status: z.literal(true), user: userAnswer() });

const descriptor = () =>
	z.object({ id: base64url(), type: z.literal("public-key"), transports: z.array(z.string()).optional() });

const ceremony = () => ({
	challenge: base64url(),
	timeout: z.int(),
	hints: z.array(z.enum(["security-key", "client-device", "hybrid"])).optional(),
	extensions: extensions().optional(),
	ceremonyId: base64url().meta({
		description: "Send it back with the response; if omitted, the cookie is used",
	}),
});

const userVerification = () => z.enum(USER_VERIFICATION);

/** The argument of `PublicKeyCredential.parseCreationOptionsFromJSON()`. Spec: 5.1.8. */
export const creationOptionsAnswer = () =>
	z.object({
		...ceremony(),
		rp: z.object({ id: z.string(), name: z.string() }),
		user: z.object({ id: base64url(), name: z.string(), displayName: z.string() }),
		pubKeyCredParams: z.array(z.object({ alg: z.int(), type: z.literal("public-key") })),
		excludeCredentials: z.array(descriptor()),
		authenticatorSelection: z.object({
			authenticatorAttachment: z.enum(["platform", "cross-platform"]).optional(),
			residentKey: z.enum(["required", "preferred", "discouraged"]).optional(),
			requireResidentKey: z.boolean().optional(),
			userVerification: userVerification().optional(),
		}),
		attestation: z.enum(["none", "indirect", "direct", "enterprise"]),
		attestationFormats: z.array(z.string()).optional(),
	});

/** The argument of `PublicKeyCredential.parseRequestOptionsFromJSON()`. Spec: 5.1.10. */
export const requestOptionsAnswer = () =>
	z.object({
		...ceremony(),
		rpId: z.string(),
		allowCredentials: z.array(descriptor()).optional(),
		userVerification: userVerification(),
	});

export const statusAnswer = () => z.object({ status: z.literal(true) });
