import { Metadata, type VerifyMetadataOpts } from "./metadata.js";

/** Where FIDO publishes its BLOB. */
const FIDO_METADATA = "https://mds3.fidoalliance.org/";

/** Where verified metadata are kept: a key-value store, a file, a column. */
export interface MetadataStore {
	get(): Promise<Uint8Array | null | undefined>;
	set(bytes: Uint8Array): Promise<unknown>;
}

export interface RefreshMetadataOpts extends Omit<VerifyMetadataOpts, "lastNumber"> {
	store: MetadataStore;
	/** Asks for the BLOB. Nothing is downloaded by itself. */
	fetch: (url: string) => Promise<Pick<Response, "ok" | "status" | "arrayBuffer">>;
	/** @default "https://mds3.fidoalliance.org/" */
	url?: string | undefined;
}

/**
 * The metadata of the store, as long as they are current; else those that are downloaded, verified and stored. Call it
 * from a timer or a cron trigger, and read the store for registrations.
 *
 * @throws what `fetch` throws, `Error` for another status than 200 to 299, WebAuthnError for a BLOB that is refused; the
 * store then stays as it was.
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
