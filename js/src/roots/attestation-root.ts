/** A root certificate, and the facts to check it with. */
export interface AttestationRoot {
	/** Its name, with the year if several were issued under one name. */
	readonly name: string;
	/** Where its owner publishes it. */
	readonly source: string;
	/** The SHA-256 of its DER, in lower-case hex. Owners publish it as the fingerprint. */
	readonly sha256: string;
	/** Its last day, as an ISO date in UTC. */
	readonly expires: string;
	/** Something to know before you trust it, for example that it has expired. */
	readonly note?: string;
	/** The certificate, as PEM. */
	readonly certificate: string;
}
