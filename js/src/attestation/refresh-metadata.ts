import { Metadata, type VerifyMetadataOpts } from "./metadata.js";

/** Where FIDO publishes its BLOB. */
const FIDO_METADATA = "https://mds3.fidoalliance.org/";

/** Stores verified metadata: a key-value store, a file or a column. */
export interface MetadataStore {
	get(): Promise<Uint8Array | null | undefined>;
	set(bytes: Uint8Array): Promise<unknown>;
}

export interface RefreshMetadataOpts extends Omit<VerifyMetadataOpts, "lastNumber"> {
	store: MetadataStore;
	/** Downloads the BLOB. The library makes no requests itself. */
	fetch: (url: string) => Promise<Pick<Response, "ok" | "status" | "arrayBuffer">>;
	/** @default "https://mds3.fidoalliance.org/" */
	url?: string | undefined;
}

/**
 * Returns the metadata in the store if they are current. Otherwise downloads, verifies and stores new metadata. Call it
 * from a timer or a cron trigger, and use the stored metadata for registrations.
 *
 * @throws the error of `fetch`; `Error` for a status outside 200 to 299; WebAuthnError for a refused BLOB. The store then
 * does not change.
 */
export async function refreshMetadata(options: RefreshMetadataOpts): Promise<Metadata> {
	const { store, fetch, url = FIDO_METADATA, ...verification } = options;
	const bytes = await store.get();
	const stored = bytes ? Metadata.fromBytes(bytes) : undefined;
	if (stored?.isCurrent(options.now)) return stored;
	const response = await fetch(url);
	if (!response.ok) throw new Error(`FIDO metadata: ${url} answered ${response.status}`);
	const metadata = Metadata.verify(new Uint8Array(await response.arrayBuffer()), {
		...verification,
		lastNumber: stored?.number,
	});
	await store.set(metadata.toBytes());
	return metadata;
}
