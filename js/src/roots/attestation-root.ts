/** A root certificate, and what tells whether it is the right one. */
export interface AttestationRoot {
	/** What it is called, with the year where several were issued under one name. */
	readonly name: string;
	/** Where its owner publishes it. */
	readonly source: string;
	/** The SHA-256 of its DER, in lower-case hex: what owners publish as its fingerprint. */
	readonly sha256: string;
	/** Its last day, as an ISO date in UTC. */
	readonly expires: string;
	/** What else there is to know before trusting it, as that it has expired. */
	readonly note?: string;
	/** The certificate, as PEM. */
	readonly certificate: string;
}
