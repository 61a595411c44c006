import { ATTESTATION_FORMATS } from "../core/enumerations.js";
import { WebAuthnError } from "../core/errors.js";
import { Message } from "../core/message.js";
import type { VerifiedRegistrationResponse, VerifyRegistrationResponseOpts } from "../core/registration.js";
import type { AttestationConveyancePreference, AttestationFormat } from "../core/types.js";
import { verifyRegistrationResponse } from "./api.js";
import type { Metadata } from "./metadata.js";
import { type AttestationExpectations, addAttestation } from "./options.js";

/**
 * How registrations are attested: the result of {@link attestation}. It contains its own verifier, so that the larger
 * wasm is loaded only by servers that use it.
 */
export interface PasskeyAttestation {
	conveyance: AttestationConveyancePreference;
	formats: readonly AttestationFormat[];
	verifyRegistrationResponse(options: VerifyRegistrationResponseOpts): Promise<VerifiedRegistrationResponse>;
}

/** The options of `attestation()`. */
export interface AttestationOptions {
	/**
	 * The attestation to request from clients. With "enterprise", authenticators made for it send serial numbers.
	 * @default "direct"
	 */
	conveyance?: AttestationConveyancePreference | undefined;
	/** The statement formats to accept. The options also name them to clients. @default all except "android-safetynet" */
	formats?: readonly AttestationFormat[] | undefined;
	/** The trusted certificates: PEM or DER. `touchstone-webauthn/roots` contains well-known ones. */
	anchors?: readonly (string | Uint8Array)[] | undefined;
	/**
	 * FIDO metadata: the roots become trust anchors of their models, and the status reports can refuse a model. Pass the
	 * metadata, or a function that returns them, for example from a store.
	 */
	mds?: Metadata | (() => Metadata | Promise<Metadata>) | undefined;
	/** @default the default of `refusedStatuses` of `verifyRegistrationResponse` */
	refusedStatuses?: AttestationExpectations["refusedStatuses"];
	/** The AAGUIDs to accept, as UUIDs. Needs `requireTrusted`, because only then is the AAGUID proved. */
	aaguids?: readonly string[] | undefined;
	/**
	 * Whether to refuse a registration if its attestation is not trusted.
	 * @default true if `anchors`, `mds` or `aaguids` are given
	 */
	requireTrusted?: boolean | undefined;
	/** TPM manufacturers in addition to the TCG's registry: `id:` and eight hexadecimal digits; or "any". @default [] */
	tpmManufacturers?: AttestationExpectations["tpmManufacturers"];
	/** @default "any" */
	androidKeySecurity?: AttestationExpectations["androidKeySecurity"];
	/** Whether a TPM may sign with RSA and SHA-1. @default false */
	allowRS1?: boolean | undefined;
}

/**
 * Creates the value of the passkey plugin's option `attestation`.
 *
 * @example
 * passkey({ attestation: attestation({ anchors: appleWebAuthnRoots.map((root) => root.certificate) }) })
 *
 * @throws WebAuthnError POLICY_MALFORMED if the options contradict each other or have invalid values
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
 * Finds mistakes when the server starts, not at the first registration. It only checks the form of certificates: the wasm
 * parses them, and it is loaded only when it is needed.
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

/** In DER, a certificate is a sequence. Its key and its signature alone have more than 100 bytes. */
function looksLikeCertificate(anchor: string | Uint8Array): boolean {
	return typeof anchor === "string" ? PEM.test(anchor) : anchor[0] === 0x30 && anchor.length > 100;
}

function misuse(field: string): WebAuthnError {
	return new WebAuthnError("POLICY_MALFORMED", { field });
}
