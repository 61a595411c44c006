import { existsSync, readFileSync } from "node:fs";
import {
	type AuthenticationResponseJSON,
	type RegistrationResponseJSON,
	verifyAuthenticationResponse,
	verifyAuthenticationResponseSync,
	verifyRegistrationResponse,
	verifyRegistrationResponseSync,
	WebAuthnError,
} from "touchstone-webauthn";
import { describe, expect, it } from "vitest";

/** The fields that the vector files explain in themselves; `tests/common/mod.rs` reads the same. */
interface Case {
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
}

const root = new URL("../../../", import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const cases = (path: string): Case[] => (read(path) as { cases: Case[] }).cases;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64url"));

const common = (vector: Case) => ({
	expectedChallenge: vector.expectedChallenge,
	expectedOrigin: vector.expectedOrigin,
	expectedRPID: vector.expectedRPID,
	allowCrossOrigin: vector.crossOrigin,
	expectedTopOrigin: vector.expectedTopOrigin,
	requireUserVerification: vector.requireUserVerification,
});

const registration = (vector: Case) => ({
	...common(vector),
	response: vector.response as RegistrationResponseJSON,
	supportedAlgorithmIDs: vector.allowedAlgorithms,
});

const authentication = (vector: Case) => ({
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

/** What became of a vector: its result in the terms of the vector files, or the error. Both twins have to agree. */
async function run(vector: Case): Promise<Record<string, unknown> | WebAuthnError> {
	if (vector.ceremony === "registration") {
		return both(
			() => registrationOutcome(verifyRegistrationResponseSync(registration(vector))),
			async () => registrationOutcome(await verifyRegistrationResponse(registration(vector))),
		);
	}
	return both(
		() => authenticationOutcome(verifyAuthenticationResponseSync(authentication(vector))),
		async () => authenticationOutcome(await verifyAuthenticationResponse(authentication(vector))),
	);
}

function registrationOutcome(result: ReturnType<typeof verifyRegistrationResponseSync>): Record<string, unknown> {
	const { registrationInfo: info } = result;
	return {
		fmt: info.fmt,
		attestationType: info.attestationType,
		aaguid: info.aaguid,
		credentialId: info.credential.id,
		credentialPublicKey: Buffer.from(info.credential.publicKey).toString("base64url"),
		alg: info.algorithm,
		counter: info.credential.counter,
		flags: flags(info),
	};
}

function authenticationOutcome(result: ReturnType<typeof verifyAuthenticationResponseSync>): Record<string, unknown> {
	const { authenticationInfo: info } = result;
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

describe("the project's own vectors", () => {
	it.each(cases("tests/vectors/accepts.json"))("accepts $name", async (vector) => {
		expect(await run(vector)).not.toBeInstanceOf(WebAuthnError);
	});

	it.each(cases("tests/vectors/rejects.json"))("refuses $name", async (vector) => {
		const outcome = await run(vector);
		expect(outcome).toBeInstanceOf(WebAuthnError);
		// A vector whose response is not JSON at all reaches these functions as text, which is no credential either.
		const field = typeof vector.response === "string" ? "id" : vector.field;
		expect(outcome).toMatchObject({ code: vector.code, field });
	});
});

const folder = "../shared/conformance/";
const supported =
	/^(none\.|packed-self\.)|^(packed\.(ES256|RS256|EdDSA)|tpm|android-key|apple|fido-u2f)\S*\/authentication/;

describe.skipIf(!existsSync(new URL(folder, root)))("the W3C vectors", () => {
	it("gives the same verdicts as the crate", async () => {
		const codes = read("tests/vectors/w3c-codes.json") as Record<string, string[]>;
		const count = { accepted: 0, refused: 0, later: 0 };
		const later = new Map<string, number>();
		const vectors = ["w3c-webauthn-l3.json", "w3c-webauthn-l3-mutations.json"].flatMap((file) => cases(folder + file));
		for (const vector of vectors) {
			const [base = "", mutation] = vector.name.split("#");
			const outcome = await run(vector);
			if (!supported.test(base)) {
				count.later++;
				later.set(base, (later.get(base) ?? 0) + 1);
				expect(outcome, vector.name).toBeInstanceOf(WebAuthnError);
			} else if (mutation === undefined) {
				count.accepted++;
				const { trustPath: _, flags, ...expected } = vector.expect ?? {};
				const { up: __, ...shown } = flags as Record<string, boolean>;
				expect(outcome, vector.name).toMatchObject({ ...expected, flags: shown });
			} else {
				count.refused++;
				expect(codes[mutation], vector.name).toContain((outcome as WebAuthnError).code);
			}
		}
		const names = Array.from(later, ([base, cases]) => `${base} (${cases})`).join(", ");
		// Not console: what a test that passes says there is not shown.
		process.stderr.write(
			`W3C vectors in wasm: ${count.accepted} accepted, ${count.refused} refused as expected, ` +
				`${count.later} not yet supported: ${names}\n`,
		);
		expect(count).toEqual({ accepted: 17, refused: 278, later: 202 });
	});
});
