import type { Message } from "../core/message.js";
import type { VerifyRegistrationResponseOpts } from "../core/registration.js";
import type { AttestationFormat } from "../core/types.js";
import { anchorText, type Metadata, modelOf } from "./metadata.js";

/** The requirements for an attestation. It is trusted only if it leads to a trust anchor. */
export interface AttestationExpectations {
	/**
	 * The trusted certificates: PEM, with one or more certificates, or DER. Each may be a root, an intermediate certificate
	 * or a leaf.
	 */
	trustAnchors?: readonly (string | Uint8Array)[] | undefined;
	/**
	 * Whether to refuse a registration if its attestation does not lead to a trust anchor.
	 * @default false
	 */
	requireTrustedAttestation?: boolean | undefined;
	/** The statement formats to accept. @default all except "android-safetynet", which must be named */
	attestationFormats?: readonly AttestationFormat[] | undefined;
	/** The AAGUIDs to accept, as UUIDs. Needs `requireTrustedAttestation`, because only then is the AAGUID proved. */
	aaguids?: readonly string[] | undefined;
	/** The time at which certificates must be valid. @default the current time */
	now?: Date | undefined;
	/**
	 * TPM manufacturers to accept in addition to the TCG's registry, as `id:` and eight hexadecimal digits; or "any".
	 * @default []
	 */
	tpmManufacturers?: readonly string[] | "any" | undefined;
	/**
	 * Where an Android key must be protected: "trusted-environment" accepts the trusted environment and StrongBox; "any"
	 * also accepts Android's software.
	 * @default "any"
	 */
	androidKeySecurity?: "any" | "trusted-environment" | undefined;
	/**
	 * Whether a TPM may sign its statement with RSA and SHA-1, as TPMs of older Windows machines do.
	 * @default false
	 */
	allowRS1?: boolean | undefined;
	/** FIDO metadata: the roots of the authenticator's model also become trust anchors, and its status may refuse it. */
	metadata?: Metadata | undefined;
	/**
	 * A model with one of these statuses in FIDO metadata is refused.
	 * @default REVOKED, USER_VERIFICATION_BYPASS, ATTESTATION_KEY_COMPROMISE, USER_KEY_REMOTE_COMPROMISE,
	 * USER_KEY_PHYSICAL_COMPROMISE
	 */
	refusedStatuses?: readonly string[] | undefined;
}

export interface VerifyAttestedRegistrationResponseOpts
	extends VerifyRegistrationResponseOpts,
		AttestationExpectations {}

/** `AttestationInput` in src/wasm/attestation.rs reads it. */
export function addAttestation(
	message: Message,
	options: AttestationExpectations & { response?: { response?: { attestationObject?: unknown } } },
): void {
	const manufacturers = options.tpmManufacturers ?? [];
	message.texts(options.attestationFormats ?? [], "attestationFormats");
	message.flag(options.requireTrustedAttestation ?? false, "requireTrustedAttestation");
	message.texts(options.aaguids ?? [], "aaguids");
	message.texts((options.trustAnchors ?? []).map(anchorText), "trustAnchors");
	message.integer(seconds(options.now ?? new Date()), "now", 0);
	message.flag(manufacturers === "any");
	message.texts(manufacturers === "any" ? [] : manufacturers, "tpmManufacturers");
	message.flag(options.androidKeySecurity === "trusted-environment");
	message.flag(options.allowRS1 ?? false, "allowRS1");
	const { metadata, refusedStatuses } = options;
	message.flag(metadata !== undefined);
	if (!metadata) return;
	const entry = metadata.entryOf(modelOf(options.response?.response?.attestationObject));
	message.texts(entry === undefined ? [] : [entry]);
	message.flag(refusedStatuses !== undefined);
	if (refusedStatuses) message.texts(refusedStatuses, "refusedStatuses");
}

function seconds(date: unknown): number {
	return date instanceof Date ? Math.floor(date.getTime() / 1000) : Number.NaN;
}
