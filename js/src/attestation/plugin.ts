import { ATTESTATION_FORMATS } from "../core/enumerations.js";
import { WebAuthnError } from "../core/errors.js";
import { Message } from "../core/message.js";
import type { VerifiedRegistrationResponse, VerifyRegistrationResponseOpts } from "../core/registration.js";
import type { AttestationConveyancePreference, AttestationFormat } from "../core/types.js";
import { verifyRegistrationResponse } from "./api.js";
import type { Metadata } from "./metadata.js";
import { type AttestationExpectations, addAttestation } from "./options.js";

/**
 * How registrations are attested: what {@link attestation} makes of its options. It brings its own
 * verifier, so that the larger wasm is loaded by those who ask for it.
 */
export interface PasskeyAttestation {
	conveyance: AttestationConveyancePreference;
	formats: readonly AttestationFormat[];
	verifyRegistrationResponse(options: VerifyRegistrationResponseOpts): Promise<VerifiedRegistrationResponse>;
}

/** What `attestation()` takes. */
export interface AttestationOptions {
	/**
	 * What clients are asked for. "enterprise" gives serial numbers, from authenticators that are made for it.
	 * @default "direct"
	 */
	conveyance?: AttestationConveyancePreference | undefined;
	/** The statement formats to accept; clients are told, too. @default all but "android-safetynet" */
	formats?: readonly AttestationFormat[] | undefined;
	/** The certificates that are trusted by themselves: PEM or DER. `touchstone-webauthn/roots` has well-known ones. */
	anchors?: readonly (string | Uint8Array)[] | undefined;
	/**
	 * FIDO metadata, whose roots are anchors for each model and whose status reports refuse: the metadata, or a function
	 * that has them, for example out of a store.
	 */
	mds?: Metadata | (() => Metadata | Promise<Metadata>) | undefined;
	/** @default as `refusedStatuses` of `verifyRegistrationResponse` */
	refusedStatuses?: AttestationExpectations["refusedStatuses"];
	/** The authenticator models to accept, as UUIDs. Needs `requireTrusted`: only then is a model proved. */
	aaguids?: readonly string[] | undefined;
	/**
	 * Whether a registration is refused whose attestation is not trusted.
	 * @default true where there are anchors, metadata or models
	 */
	requireTrusted?: boolean | undefined;
	/** Beyond the TCG's registry, as `id:` and eight hexadecimal digits; or any. @default [] */
	tpmManufacturers?: AttestationExpectations["tpmManufacturers"];
	/** @default "any" */
	androidKeySecurity?: AttestationExpectations["androidKeySecurity"];
	/** Whether a TPM may sign with RSA and SHA-1. @default false */
	allowRS1?: boolean | undefined;
}

/**
 * The option `attestation` of the passkey plugin.
 *
 * @example
 * passkey({ attestation: attestation({ anchors: appleWebAuthnRoots.map((root) => root.certificate) }) })
 *
 * @throws WebAuthnError POLICY_MALFORMED for options that could not be kept
 */
export function attestation(options: AttestationOptions = {}): PasskeyAttestation {
	const anchors = options.anchors ?? [];
	const aaguids = options.aaguids ?? [];
	const { mds } = options;
	const expectations: AttestationExpectations = {
		trustAnchors: anchors,
		aaguids,
		requireTrustedAttestation:
			options.requireTrusted ?? (mds !== undefined || anchors.length > 0 || aaguids.length > 0),
		attestationFormats: options.formats,
		tpmManufacturers: options.tpmManufacturers,
		androidKeySecurity: options.androidKeySecurity,
		allowRS1: options.allowRS1,
		refusedStatuses: options.refusedStatuses,
	};
	check(expectations, mds !== undefined);
	return {
		conveyance: options.conveyance ?? "direct",
		formats: options.formats ?? [],
		verifyRegistrationResponse: async (registration) => {
			const metadata = typeof mds === "function" ? await mds() : mds;
			return verifyRegistrationResponse({ ...registration, ...expectations, metadata });
		},
	};
}

/**
 * Mistakes show when the server starts, not with the first registration. Whether a certificate is one is for the wasm to
 * say, which is not loaded before it is needed.
 */
function check(expectations: AttestationExpectations, hasMetadata: boolean): void {
	addAttestation(new Message(), expectations);
	const { requireTrustedAttestation: required, trustAnchors = [], aaguids = [] } = expectations;
	const { attestationFormats = [], tpmManufacturers = [] } = expectations;
	if (required && trustAnchors.length === 0 && !hasMetadata) throw misuse("trustAnchors");
	if (!trustAnchors.every(looksLikeCertificate)) throw misuse("trustAnchors");
	if (aaguids.length > 0 && !required) throw misuse("requireTrustedAttestation");
	if (!aaguids.every((aaguid) => UUID.test(aaguid))) throw misuse("aaguids");
	if (!attestationFormats.every((format) => ATTESTATION_FORMATS.includes(format))) throw misuse("attestationFormats");
	if (tpmManufacturers !== "any" && !tpmManufacturers.every((id) => MANUFACTURER.test(id))) {
		throw misuse("tpmManufacturers");
	}
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const MANUFACTURER = /^id:[0-9a-f]{8}$/i;
const PEM = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/;

/** DER is a sequence, and a key and a signature alone have more than 100 bytes. */
function looksLikeCertificate(anchor: string | Uint8Array): boolean {
	return typeof anchor === "string" ? PEM.test(anchor) : anchor[0] === 0x30 && anchor.length > 100;
}

function misuse(field: string): WebAuthnError {
	return new WebAuthnError("POLICY_MALFORMED", { field });
}
