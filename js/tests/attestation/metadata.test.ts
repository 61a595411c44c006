import { readFileSync } from "node:fs";
import {
	Metadata,
	refreshMetadata,
	verifyRegistrationResponseSync,
	WebAuthnError,
} from "touchstone-webauthn/attestation";
import { describe, expect, it, vi } from "vitest";

const read = (name: string) =>
	JSON.parse(readFileSync(new URL(`../../../tests/vectors/${name}`, import.meta.url), "utf8"));
const vector = read("metadata.json");
const [MODEL, OTHER] = vector.models as [string, string];
const now = new Date(vector.now * 1000);
const anchors = [Uint8Array.from(Buffer.from(vector.trustAnchors[0], "base64url"))];
const options = { trustAnchors: anchors, signer: vector.signer as string, now };
const registration = read("attestation.json").cases.find(
	({ name }: { name: string }) => name === "packed/registration",
);

const codeOf = (run: () => unknown): string | undefined => {
	try {
		run();
	} catch (error) {
		if (error instanceof WebAuthnError) return error.code;
		throw error;
	}
	return undefined;
};

const verify = (metadata: Metadata, more: object = {}) =>
	verifyRegistrationResponseSync({
		response: registration.response,
		expectedChallenge: registration.expectedChallenge,
		expectedOrigin: registration.expectedOrigin,
		expectedRPID: registration.expectedRPID,
		requireUserVerification: registration.requireUserVerification,
		supportedAlgorithmIDs: registration.allowedAlgorithms,
		requireTrustedAttestation: true,
		metadata,
		now,
		...more,
	});

describe("a metadata BLOB", () => {
	it("is verified, and finds entries by AAGUID", () => {
		const metadata = Metadata.verify(vector.current, options);
		expect(metadata.number).toBe(7);
		expect(metadata.nextUpdate.toISOString()).toBe("2025-07-01T00:00:00.000Z");
		expect(metadata.find(MODEL)).toMatchObject({
			description: "Touchstone test authenticator",
			icon: "data:image/png;base64,iVBORw0KGgo=",
			statusReports: [{ status: "FIDO_CERTIFIED_L1" }],
		});
		expect(metadata.find(OTHER)?.description).toBe("Another one");
		for (const unknown of ["00000000-0000-0000-0000-000000000000", "x", "ffffffff-ffff-ffff-ffff-ffffffffffff"]) {
			expect(metadata.find(unknown)).toBeUndefined();
		}
	});

	it("is also accepted as bytes", () => {
		const bytes = new TextEncoder().encode(vector.current);
		expect(Metadata.verify(bytes, options).number).toBe(7);
	});

	it("is refused with an error code for each fault", () => {
		const refused = (blob: string, more: object) => codeOf(() => Metadata.verify(blob, { ...options, ...more }));
		expect(refused(vector.stale, {})).toBe("METADATA_EXPIRED");
		expect(refused(vector.current, { lastNumber: 8 })).toBe("METADATA_NUMBER_MISMATCH");
		expect(refused(vector.current, { lastNumber: 7 })).toBeUndefined();
		expect(refused(vector.current, { signer: undefined })).toBe("METADATA_UNTRUSTED");
		expect(refused(vector.current, { signer: null })).toBeUndefined();
		expect(refused(vector.current, { trustAnchors: [] })).toBe("POLICY_MALFORMED");
		expect(refused(vector.current, { trustAnchors: [7] })).toBe("POLICY_MALFORMED");
		expect(refused(vector.current, { now: new Date(Number.NaN) })).toBe("POLICY_MALFORMED");
		expect(refused(`${vector.current.slice(0, -3)}AAA`, {})).toBe("SIGNATURE_INVALID");
		expect(refused("", {})).toBe("METADATA_MALFORMED");
	});

	it("is stored and read back without being verified again", () => {
		const stored = Metadata.verify(vector.current, options).toBytes();
		const padded = new Uint8Array(stored.length + 7);
		padded.set(stored, 7);
		const metadata = Metadata.fromBytes(padded.subarray(7));
		expect(metadata.number).toBe(7);
		expect(metadata.find(MODEL)?.description).toBe("Touchstone test authenticator");
		expect(metadata.isCurrent(new Date("2025-07-01T23:59:59Z"))).toBe(true);
		expect(metadata.isCurrent(new Date("2025-07-02T00:00:00Z"))).toBe(false);
	});

	it("is not read from bytes that toBytes() did not write", () => {
		const stored = Metadata.verify(vector.current, options).toBytes();
		for (const bytes of [new Uint8Array(), stored.slice(1), stored.slice(0, -1), new Uint8Array(100)]) {
			expect(codeOf(() => Metadata.fromBytes(bytes))).toBe("METADATA_MALFORMED");
		}
	});
});

describe("a registration with metadata", () => {
	const current = Metadata.verify(vector.current, options);

	it("is trusted through the roots of its authenticator model", () => {
		const { attestation } = verify(current).registrationInfo;
		expect(attestation).toMatchObject({ format: "packed", type: "basic", trusted: true, aaguid: MODEL });
		expect(attestation.certificates).toHaveLength(2);
	});

	it("is refused because of its model's status, unless the caller accepts that status", () => {
		const revoked = Metadata.verify(vector.revoked, options);
		expect(codeOf(() => verify(revoked))).toBe("AUTHENTICATOR_STATUS_FORBIDDEN");
		expect(codeOf(() => verify(revoked, { requireTrustedAttestation: false }))).toBe("AUTHENTICATOR_STATUS_FORBIDDEN");
		expect(codeOf(() => verify(revoked, { refusedStatuses: [] }))).toBeUndefined();
	});
});

describe("refreshMetadata", () => {
	const storeOf = (bytes?: Uint8Array) => {
		const store = {
			bytes,
			get: async () => store.bytes,
			set: async (verified: Uint8Array) => {
				store.bytes = verified;
			},
		};
		return store;
	};
	const answer = (blob: string) => vi.fn(async (_url: string) => new Response(blob));

	it("downloads once, and again only when an update is due", async () => {
		const store = storeOf();
		const fetch = answer(vector.current);
		expect((await refreshMetadata({ ...options, store, fetch })).number).toBe(7);
		expect((await refreshMetadata({ ...options, store, fetch })).number).toBe(7);
		expect(fetch).toHaveBeenCalledTimes(1);
		expect(fetch).toHaveBeenCalledWith("https://mds3.fidoalliance.org/");
	});

	it("does not store a BLOB that is refused", async () => {
		const before = Metadata.verify(vector.revoked, options).toBytes();
		const later = new Date("2025-07-03T00:00:00Z");
		const store = storeOf(before);
		const refresh = (fetch: Parameters<typeof refreshMetadata>[0]["fetch"], at: Date) =>
			refreshMetadata({ ...options, now: at, store, fetch });
		await expect(refresh(answer(vector.current), later)).rejects.toMatchObject({ code: "METADATA_NUMBER_MISMATCH" });
		await expect(refresh(async () => new Response("", { status: 503 }), later)).rejects.toThrow("503");
		await expect(refresh(() => Promise.reject(new Error("offline")), later)).rejects.toThrow("offline");
		expect(store.bytes).toBe(before);
	});
});
