import type { GenericEndpointContext } from "better-auth";
import * as z from "zod";
import { encodeBase64 } from "../../core/base64.js";
import { WebAuthnError } from "../../core/errors.js";
import type { VerifiedRegistrationResponse } from "../../core/registration.js";
import type { RegistrationResponseJSON } from "../../core/types.js";
import type { RegistrationChallenge } from "../ceremony/challenge.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { afterwards } from "../reporting/events.js";
import { refuse } from "../reporting/refusals.js";
import { encodeMetadata, metadata } from "../storage/metadata.js";
import { label } from "../storage/passkey-name.js";
import { countByUser, insert, type PasskeyRow, remove } from "../storage/passkeys.js";
import { joinTransports } from "../storage/transports.js";

/** The client's description of a passkey, which helps people to recognize it. */
const description = {
	name: label.optional(),
	platform: label.max(64).optional(),
	deviceName: label.optional(),
	metadata: metadata.optional(),
};

export const registrationBody = z.object({
	/** Parsed only after the challenge is consumed: one challenge allows one attempt, even with a malformed response. */
	response: z.unknown().optional(),
	...description,
	createSession: z.boolean().optional(),
	/** Where the link that confirms the e-mail address of a sign-up leads. Better Auth checks it like its own URLs. */
	callbackURL: z.string().max(2048).optional(),
	ceremonyId: z.unknown().optional(),
});

type Description = z.infer<z.ZodObject<typeof description>>;

/** A registration that is verified but not stored yet. */
export interface Verified {
	response: RegistrationResponseJSON;
	verification: VerifiedRegistrationResponse;
}

/**
 * Stores the passkey of a verified registration.
 *
 * @throws `APIError` PREVIOUSLY_REGISTERED, TOO_MANY_PASSKEYS, or FAILED_TO_VERIFY_REGISTRATION if a value is too long
 * for its column
 */
export async function storePasskey(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	{ userHandle }: RegistrationChallenge,
	{ response, verification }: Verified,
	{ userId, ...given }: { userId: string } & Description,
): Promise<PasskeyRow> {
	const about = { ceremony: "registration", userId } as const;
	const { credential, aaguid, credentialDeviceType, credentialBackedUp, attestation } = verification.registrationInfo;
	const passkey = await insert(ctx.context.adapter, {
		...described(given),
		userId,
		credentialID: credential.id,
		publicKey: encodeBase64(credential.publicKey),
		counter: credential.counter,
		deviceType: credentialDeviceType,
		backedUp: credentialBackedUp,
		transports: joinTransports(response.response.transports),
		createdAt: new Date(),
		aaguid,
		userHandle,
		...(options.attestation && {
			attestationFormat: attestation.format,
			attestationTrusted: attestation.trusted,
		}),
	}).catch(async (error: unknown) => {
		if (!(error instanceof WebAuthnError)) throw error;
		const { code, field } = error;
		const reason = { code, field };
		const refusal = { status: "PAYLOAD_TOO_LARGE", code: "FAILED_TO_VERIFY_REGISTRATION", reason } as const;
		throw await refuse(ctx, { ...about, ...refusal });
	});
	if (!passkey) {
		throw await refuse(ctx, { ...about, status: "BAD_REQUEST", code: "PREVIOUSLY_REGISTERED" });
	}
	await orUndo(ctx, passkey, () => requireRoom(ctx, options, userId));
	return passkey;
}

/** Removes the passkey if a later step of its registration fails: the client is told that nothing was registered. */
export async function orUndo<T>(ctx: GenericEndpointContext, passkey: PasskeyRow, step: () => Promise<T>): Promise<T> {
	try {
		return await step();
	} catch (error) {
		await afterwards(ctx, "a registration failed and its passkey could not be removed", () =>
			remove(ctx.context.adapter, passkey),
		);
		throw error;
	}
}

/** Counts after the passkey is stored. Concurrent registrations therefore cannot exceed the limit. */
async function requireRoom(ctx: GenericEndpointContext, options: ResolvedOptions, userId: string): Promise<void> {
	if ((await countByUser(ctx.context.adapter, userId)) <= options.maxPasskeysPerUser) return;
	const refusal = { ceremony: "registration", status: "CONFLICT", code: "TOO_MANY_PASSKEYS" } as const;
	throw await refuse(ctx, { ...refusal, userId });
}

function described({ name, platform, deviceName, metadata }: Description) {
	return {
		name,
		...(platform && { platform }),
		...(deviceName && { deviceName }),
		...(metadata && { metadata: encodeMetadata(metadata) }),
	};
}
