import { encodeBase64Url } from "../core/base64.js";
import { WebAuthnError } from "../core/errors.js";
import { END, Message } from "../core/message.js";
import { core } from "./wasm.js";

/** The options for verifying a BLOB. */
export interface VerifyMetadataOpts {
	/** The trusted roots of the BLOB's certificate chain: PEM or DER. `fidoMetadataRoots` contains FIDO's roots. */
	trustAnchors: readonly (string | Uint8Array)[];
	/**
	 * The DNS name in the signer's certificate. Null accepts any name; use it only with private roots.
	 * @default "mds.fidoalliance.org"
	 */
	signer?: string | null | undefined;
	/** @default the current time */
	now?: Date | undefined;
	/** The number of the last BLOB. A BLOB with a lower number is refused. */
	lastNumber?: number | undefined;
}

/** The FIDO metadata of a model. `entry` has all members, named as in the specification. */
export interface AuthenticatorModel {
	/** The model's name. */
	description?: string | undefined;
	/** A picture, as a `data:` URL. */
	icon?: string | undefined;
	/** The reports about its security, the oldest first. */
	statusReports: readonly { status: string; effectiveDate?: string | undefined }[];
	entry: Record<string, unknown>;
}

/** The sizes of the rows in the index after the payload. `src/metadata/blob.rs` describes the bytes. */
const AAGUID_ROW = 24;
const KEY_ROW = 28;
const TAIL = 32;
const MAGIC = 0x0153_444d;

/**
 * A verified BLOB of the FIDO Metadata Service. It has 10 MB; a look-up reads one entry of it.
 *
 * @example
 * const metadata = Metadata.verify(blob, { trustAnchors: fidoMetadataRoots.map((root) => root.certificate) });
 * await store.set("metadata", metadata.toBytes()); // later: Metadata.fromBytes(bytes), which does not verify again
 */
export class Metadata {
	readonly #bytes: Uint8Array;
	readonly #aaguids: number;
	readonly #keys: number;
	readonly #end: number;
	/** The serial number. */
	readonly number: number;
	/** The day on which FIDO plans to publish the next BLOB. */
	readonly nextUpdate: Date;

	private constructor(bytes: Uint8Array) {
		const end = bytes.byteLength - TAIL;
		const tail = new DataView(bytes.buffer, bytes.byteOffset + Math.max(end, 0), Math.min(TAIL, bytes.byteLength));
		if (end < 0 || tail.getUint32(28, true) !== MAGIC) throw malformed();
		this.number = Number(tail.getBigUint64(0, true));
		this.nextUpdate = new Date(Number(tail.getBigUint64(8, true)) * 1000);
		this.#aaguids = tail.getUint32(16, true);
		this.#keys = this.#aaguids + tail.getUint32(20, true) * AAGUID_ROW;
		this.#end = this.#keys + tail.getUint32(24, true) * KEY_ROW;
		if (this.#end !== end) throw malformed();
		this.#bytes = bytes;
	}

	/**
	 * Verifies a downloaded BLOB: its signature, its signer, its number and its date.
	 * @throws WebAuthnError
	 */
	static verify(blob: string | Uint8Array, options: VerifyMetadataOpts): Metadata {
		const message = new Message();
		message.texts(options.trustAnchors.map(anchorText), "trustAnchors");
		const { signer = "mds.fidoalliance.org" } = options;
		message.texts(signer === null ? [] : [signer], "signer");
		message.integer(Math.floor((options.now ?? new Date()).getTime() / 1000), "now", 0);
		message.flag(options.lastNumber !== undefined);
		if (options.lastNumber !== undefined) message.integer(options.lastNumber, "lastNumber", 0);
		const bytes = typeof blob === "string" ? new TextEncoder().encode(blob) : blob;
		try {
			const [verified] = core.call<[Uint8Array]>((glue) => glue.verify_metadata(bytes, message.bytes()));
			return new Metadata(verified);
		} finally {
			// The memory of a wasm instance never shrinks, and the BLOB made it grow.
			core.renew();
		}
	}

	/**
	 * Reads the bytes from {@link toBytes}. It does not verify them again, because it trusts your store.
	 * @throws WebAuthnError METADATA_MALFORMED for other bytes
	 */
	static fromBytes(bytes: Uint8Array): Metadata {
		return new Metadata(bytes);
	}

	/** The bytes to store. */
	toBytes(): Uint8Array {
		return this.#bytes;
	}

	/** Whether the next BLOB is not due yet. It is due after the day of `nextUpdate`. */
	isCurrent(now: Date = new Date()): boolean {
		return now.getTime() < this.nextUpdate.getTime() + 86_400_000;
	}

	/**
	 * Finds a model by its AAGUID, for example to show its name and icon.
	 * @throws WebAuthnError METADATA_MALFORMED if two entries have this AAGUID
	 */
	find(aaguid: string): AuthenticatorModel | undefined {
		const json = this.entryOf({ aaguid });
		if (json === undefined) return undefined;
		const entry = JSON.parse(json) as Record<string, unknown> & {
			metadataStatement?: { description?: string; icon?: string };
			statusReports?: AuthenticatorModel["statusReports"];
		};
		const { description, icon } = entry.metadataStatement ?? {};
		return { description, icon, statusReports: entry.statusReports ?? [], entry };
	}

	/** The JSON of an entry. Finds it by the AAGUID or, if that is zeros, by the identifier of the attestation key. */
	entryOf({ aaguid, keyIdentifier = "" }: { aaguid: string; keyIdentifier?: string | undefined }): string | undefined {
		const key = bytesOf(aaguid);
		if (key?.length === 16 && key.some((byte) => byte !== 0)) {
			return this.#lookUp(key, this.#aaguids, this.#keys, AAGUID_ROW);
		}
		const identifier = bytesOf(keyIdentifier);
		return identifier?.length === 20 ? this.#lookUp(identifier, this.#keys, this.#end, KEY_ROW) : undefined;
	}

	#lookUp(key: Uint8Array, begin: number, end: number, row: number): string | undefined {
		let low = 0;
		let high = (end - begin) / row;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.#compare(key, begin + middle * row) > 0) low = middle + 1;
			else high = middle;
		}
		const place = begin + low * row;
		if (place >= end || this.#compare(key, place) !== 0) return undefined;
		if (place + row < end && this.#compare(key, place + row) === 0) throw malformed();
		const at = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + place + key.length, 8);
		const from = at.getUint32(0, true);
		return new TextDecoder().decode(this.#bytes.subarray(from, from + at.getUint32(4, true)));
	}

	#compare(key: Uint8Array, place: number): number {
		for (const [i, byte] of key.entries()) {
			const difference = byte - (this.#bytes[place + i] ?? 0);
			if (difference !== 0) return difference;
		}
		return 0;
	}
}

/** The keys to find the metadata of a registration's authenticator. They are not verified. */
export function modelOf(attestationObject: unknown): { aaguid: string; keyIdentifier: string } {
	const [text] = core.call<[string]>((glue) => glue.model_of(attestationObject));
	const [aaguid = "", keyIdentifier = ""] = text.split(END);
	return { aaguid, keyIdentifier };
}

export function anchorText(anchor: unknown): string {
	if (typeof anchor === "string") return anchor;
	if (anchor instanceof Uint8Array) return encodeBase64Url(anchor);
	throw new WebAuthnError("POLICY_MALFORMED", { field: "trustAnchors" });
}

function bytesOf(hex: string): Uint8Array | undefined {
	const digits = hex.replaceAll("-", "");
	if (!/^(?:[0-9a-f]{2})+$/i.test(digits)) return undefined;
	return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function malformed(): WebAuthnError {
	return new WebAuthnError("METADATA_MALFORMED", { field: "metadata" });
}
