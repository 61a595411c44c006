import type { Message } from "../core/message.js";
import type { VerifyRegistrationResponseOpts } from "../core/registration.js";
import type { AttestationFormat } from "../core/types.js";
import { anchorText, type Metadata, modelOf } from "./metadata.js";

/** What is asked of an attestation. Nothing is trusted that no anchor vouches for. */
export interface AttestationExpectations {
	/**
	 * Certificates that are trusted by themselves: PEM, with one or more of them, or DER. A root, an intermediate
	 * certificate, or a leaf.
	 */
	trustAnchors?: readonly (string | Uint8Array)[] | undefined;
	/**
	 * Whether a registration is refused whose attestation leads to no anchor.
	 * @default false
	 */
	requireTrustedAttestation?: boolean | undefined;
	/** The statement formats to accept. @default all but "android-safetynet", which has to be named */
	attestationFormats?: readonly AttestationFormat[] | undefined;
	/** The authenticator models to accept, as UUIDs. Needs `requireTrustedAttestation`: only then is a model proved. */
	aaguids?: readonly string[] | undefined;
	/** When certificates have to be valid. @default the present */
	now?: Date | undefined;
	/**
	 * TPMs by manufacturers beyond those of the TCG's registry, as `id:` and eight hexadecimal digits; or by any.
	 * @default []
	 */
	tpmManufacturers?: readonly string[] | "any" | undefined;
	/**
	 * What has to vouch for an Android key: its trusted environment or StrongBox, or Android, too.
	 * @default "any"
	 */
	androidKeySecurity?: "any" | "trusted-environment" | undefined;
	/**
	 * Whether a TPM may sign its statement with RSA and SHA-1, as those of older Windows machines do.
	 * @default false
	 */
	allowRS1?: boolean | undefined;
	/** FIDO metadata: the roots of the authenticator's model are anchors, too, and its status may refuse it. */
	metadata?: Metadata | undefined;
	/**
	 * The statuses in FIDO metadata that refuse a model.
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
