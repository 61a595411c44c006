import { readFileSync } from "node:fs";
import type {
	AuthenticationResponseJSON,
	RegistrationResponseJSON,
	VerifiedAuthenticationResponse,
	VerifiedRegistrationResponse,
	VerifyAuthenticationResponseOpts,
} from "touchstone-webauthn";
import { WebAuthnError } from "touchstone-webauthn";
import type { VerifyAttestedRegistrationResponseOpts } from "touchstone-webauthn/attestation";
import { expect } from "vitest";

/** The vector files themselves explain these fields; `tests/common/mod.rs` reads the same ones. */
export interface Case {
	name: string;
	ceremony: "authentication" | "registration";
	expectedChallenge: string;
	expectedOrigin: string;
	expectedRPID: string;
	crossOrigin?: boolean;
	expectedTopOrigin?: string;
	requireUserVerification: boolean;
	allowedAlgorithms?: number[];
	allowCredentials?: string[];
	credential?: { id: string; publicKey: string; counter: number; backupEligible?: boolean; userHandle?: string };
	response: unknown;
	expect?: Record<string, unknown>;
	code?: string;
	field?: string;
	/** "core" for a verdict that only the core gives, because it lacks formats. */
	build?: string;
	/** PEM, or DER in base64url. */
	trustAnchors?: string[];
	requireTrustedAttestation?: boolean;
	attestationFormats?: VerifyAttestedRegistrationResponseOpts["attestationFormats"];
	aaguids?: string[];
	/** In seconds. */
	now?: number;
	tpmManufacturers?: string[] | "any";
	androidKeySecurity?: "any" | "trusted-environment";
	allowRS1?: boolean;
}

/** A trust anchor, and the vectors that it applies to. */
interface Root {
	certificate: string;
	appliesTo: string[];
}

const root = new URL("../../../", import.meta.url);

export const at = (path: string): URL => new URL(path, root);
export const read = (path: string): unknown => JSON.parse(readFileSync(at(path), "utf8"));
export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64url"));
export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** The cases of a file. If a root of the file applies to a case, the case must chain to it. */
export function cases(path: string): Case[] {
	const { cases, attestationRoots = [] } = read(path) as { cases: Case[]; attestationRoots?: Root[] };
	return cases.map((vector) => {
		const base = vector.name.split("/", 1)[0] ?? "";
		const root = attestationRoots.find(({ appliesTo }) => appliesTo.includes(base));
		if (!root) return vector;
		return {
			...vector,
			trustAnchors: [root.certificate],
			requireTrustedAttestation: true,
			// A day in 2026. The W3C's TPM has no manufacturer.
			now: 1_780_000_000,
			tpmManufacturers: ["id:00000000"],
		};
	});
}

/** The functions that both entries of the package export. The core has no attestation options, and receives none. */
export interface Verifiers {
	verifyRegistrationResponse(options: VerifyAttestedRegistrationResponseOpts): Promise<VerifiedRegistrationResponse>;
	verifyRegistrationResponseSync(options: VerifyAttestedRegistrationResponseOpts): VerifiedRegistrationResponse;
	verifyAuthenticationResponse(options: VerifyAuthenticationResponseOpts): Promise<VerifiedAuthenticationResponse>;
	verifyAuthenticationResponseSync(options: VerifyAuthenticationResponseOpts): VerifiedAuthenticationResponse;
}

const common = (vector: Case) => ({
	expectedChallenge: vector.expectedChallenge,
	expectedOrigin: vector.expectedOrigin,
	expectedRPID: vector.expectedRPID,
	allowCrossOrigin: vector.crossOrigin,
	expectedTopOrigin: vector.expectedTopOrigin,
	requireUserVerification: vector.requireUserVerification,
});

export const registrationOptions = (vector: Case): VerifyAttestedRegistrationResponseOpts => ({
	...common(vector),
	response: vector.response as RegistrationResponseJSON,
	supportedAlgorithmIDs: vector.allowedAlgorithms,
	trustAnchors: vector.trustAnchors?.map((anchor) => (anchor.includes("-----BEGIN") ? anchor : bytes(anchor))),
	requireTrustedAttestation: vector.requireTrustedAttestation,
	attestationFormats: vector.attestationFormats,
	aaguids: vector.aaguids,
	now: vector.now === undefined ? undefined : new Date(vector.now * 1000),
	tpmManufacturers: vector.tpmManufacturers,
	androidKeySecurity: vector.androidKeySecurity,
	allowRS1: vector.allowRS1,
});

const authenticationOptions = (vector: Case): VerifyAuthenticationResponseOpts => ({
	...common(vector),
	response: vector.response as AuthenticationResponseJSON,
	credential: {
		id: vector.credential?.id ?? "",
		publicKey: bytes(vector.credential?.publicKey ?? ""),
		counter: vector.credential?.counter ?? 0,
		backupEligible: vector.credential?.backupEligible,
	},
	expectedUserHandle: vector.credential?.userHandle,
	allowCredentials: vector.allowCredentials,
});

/** The outcome of a vector: its result in the terms of the vector files, or the error. Both variants must agree. */
export async function run(library: Verifiers, vector: Case): Promise<Record<string, unknown> | WebAuthnError> {
	if (vector.ceremony === "registration") {
		const options = registrationOptions(vector);
		return both(
			() => registrationOutcome(library.verifyRegistrationResponseSync(options)),
			async () => registrationOutcome(await library.verifyRegistrationResponse(options)),
		);
	}
	const options = authenticationOptions(vector);
	return both(
		() => authenticationOutcome(library.verifyAuthenticationResponseSync(options)),
		async () => authenticationOutcome(await library.verifyAuthenticationResponse(options)),
	);
}

function registrationOutcome({ registrationInfo: info }: VerifiedRegistrationResponse): Record<string, unknown> {
	return {
		fmt: info.fmt,
		attestationType: info.attestationType,
		trusted: info.attestation.trusted,
		trustPath: info.attestation.certificates.map(base64url),
		aaguid: info.aaguid,
		credentialId: info.credential.id,
		credentialPublicKey: base64url(info.credential.publicKey),
		alg: info.algorithm,
		counter: info.credential.counter,
		flags: flags(info),
	};
}

function authenticationOutcome({ authenticationInfo: info }: VerifiedAuthenticationResponse): Record<string, unknown> {
	return { credentialId: info.credentialID, counter: info.newCounter, flags: flags(info) };
}

const flags = (info: { userVerified: boolean; credentialDeviceType: string; credentialBackedUp: boolean }) => ({
	uv: info.userVerified,
	be: info.credentialDeviceType === "multiDevice",
	bs: info.credentialBackedUp,
});

async function both<T>(sync: () => T, async: () => Promise<T>): Promise<T | WebAuthnError> {
	const outcomes = [await attempt(async () => sync()), await attempt(async)];
	expect(outcomes[0]).toEqual(outcomes[1]);
	return outcomes[0] as T | WebAuthnError;
}

async function attempt<T>(verify: () => Promise<T>): Promise<T | WebAuthnError> {
	try {
		return await verify();
	} catch (error) {
		expect(error).toBeInstanceOf(WebAuthnError);
		return error as WebAuthnError;
	}
}
