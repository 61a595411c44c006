import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { type CborValue, concat, encodeCbor } from "./cbor.js";

/** COSE algorithm identifiers of the keys that this authenticator creates. */
export const ES256 = -7;
export const EDDSA = -8;
export const RS256 = -257;

/** The parts of the creation options that an authenticator reads. */
export interface CreationOptions {
	challenge: string;
	rp: { id?: string | undefined };
	user: { id: string };
	pubKeyCredParams?: { alg: number }[] | undefined;
	excludeCredentials?: { id: string }[] | undefined;
}

/** The parts of the request options that an authenticator reads. */
export interface RequestOptions {
	challenge: string;
	rpId?: string | undefined;
	allowCredentials?: { id: string }[] | undefined;
}

/** Ways to deviate from an honest client and authenticator. */
export interface Deviations {
	origin?: string;
	crossOrigin?: boolean;
	topOrigin?: string;
	/** The `type` of the client data. */
	type?: string;
	challenge?: string;
	rpId?: string;
	userPresent?: boolean;
	userVerified?: boolean;
	backupEligible?: boolean;
	backedUp?: boolean;
	counter?: number;
	/** The user handle of an assertion; null sends none. */
	userHandle?: string | null;
	credentialId?: string;
	/** Signs other data than the ceremony requires. */
	wrongSignature?: boolean;
	/** Outputs of authenticator extensions. */
	extensions?: Map<string, CborValue>;
	/** Bytes after the end of the authenticator data. */
	trailing?: Uint8Array;
	/** Replaces the encoded attestation object. */
	attestationObject?: Uint8Array;
}

type Signer = Pick<Credential, "algorithm" | "key">;

interface Credential {
	id: string;
	rpId: string;
	userHandle: string;
	key: KeyObject;
	coseKey: Uint8Array;
	algorithm: number;
	counter: number;
}

/** A certified attestation key. The certificates are DER, leaf first. */
export interface Attestor {
	key: KeyObject;
	certificates: Uint8Array[];
}

export interface AuthenticatorOptions {
	/** The origin of the page that runs the client. */
	origin?: string;
	algorithm?: number;
	attestation?: "none" | "packed";
	/** The signer of packed attestations; by default, each credential signs its own. */
	attestor?: Attestor | null;
	/** Whether the signature counter grows; most passkeys keep it at 0. */
	counts?: boolean;
	/** The defaults of the flags. */
	userVerified?: boolean;
	synced?: boolean;
	aaguid?: string;
}

/** A client and an authenticator in software, with real keys and signatures, and deviations on request. */
export class SoftwareAuthenticator {
	readonly credentials: Credential[] = [];
	readonly #options: Required<AuthenticatorOptions>;

	constructor(options: AuthenticatorOptions = {}) {
		this.#options = {
			origin: "http://localhost:3000",
			algorithm: ES256,
			attestation: "none",
			attestor: null,
			counts: false,
			userVerified: true,
			synced: true,
			aaguid: "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4",
			...options,
		};
	}

	/** Acts as `navigator.credentials.create()`, with a result of the type `RegistrationResponseJSON`. */
	register(options: CreationOptions, deviations: Deviations = {}) {
		if (options.excludeCredentials?.some(({ id }) => this.credentials.some((credential) => credential.id === id))) {
			throw new DOMException("The authenticator holds one of the excluded credentials.", "InvalidStateError");
		}
		const credential = this.#makeCredential(options, deviations);
		const id = decode(credential.id);
		const attested = concat(
			Buffer.from(this.#options.aaguid.replaceAll("-", ""), "hex"),
			uint(id.length, 2),
			id,
			credential.coseKey,
		);
		const authenticatorData = this.#authenticatorData(credential, { attested, ...deviations });
		const clientDataJSON = this.#clientData("webauthn.create", options.challenge, deviations);
		const signer = this.#options.attestor ? { key: this.#options.attestor.key, algorithm: ES256 } : credential;
		const signature = this.#sign(signer, authenticatorData, clientDataJSON, deviations);
		const attestationObject = encodeCbor(
			new Map<string, CborValue>([
				["fmt", this.#options.attestation],
				["attStmt", this.#statement(signer, signature)],
				["authData", authenticatorData],
			]),
		);
		this.credentials.push(credential);
		return {
			...publicPart(credential.id),
			response: {
				clientDataJSON: encode(clientDataJSON),
				attestationObject: encode(deviations.attestationObject ?? attestationObject),
				transports: ["internal" as const, "hybrid" as const],
			},
		};
	}

	/** Acts as `navigator.credentials.get()`, with a result of the type `AuthenticationResponseJSON`. */
	authenticate(options: RequestOptions, deviations: Deviations = {}) {
		const credential = this.#choose(options);
		if (this.#options.counts) credential.counter += 1;
		const authenticatorData = this.#authenticatorData(credential, deviations);
		const clientDataJSON = this.#clientData("webauthn.get", options.challenge, deviations);
		const userHandle = deviations.userHandle === undefined ? credential.userHandle : deviations.userHandle;
		return {
			...publicPart(deviations.credentialId ?? credential.id),
			response: {
				clientDataJSON: encode(clientDataJSON),
				authenticatorData: encode(authenticatorData),
				signature: encode(this.#sign(credential, authenticatorData, clientDataJSON, deviations)),
				...(userHandle !== null && { userHandle }),
			},
		};
	}

	#choose({ allowCredentials, rpId }: RequestOptions): Credential {
		const allowed = allowCredentials?.length ? new Set(allowCredentials.map(({ id }) => id)) : null;
		const credential = this.credentials
			.filter(({ id, rpId: own }) => (!allowed || allowed.has(id)) && (rpId === undefined || own === rpId))
			.at(-1);
		if (!credential) throw new DOMException("No credential is available.", "NotAllowedError");
		return credential;
	}

	#makeCredential(options: CreationOptions, deviations: Deviations): Credential {
		const { algorithm, origin } = this.#options;
		const { key, coseKey } = makeKey(algorithm);
		return {
			id: deviations.credentialId ?? encode(randomBytes(32)),
			rpId: options.rp.id ?? new URL(origin).hostname,
			userHandle: options.user.id,
			key,
			coseKey,
			algorithm,
			counter: deviations.counter ?? 0,
		};
	}

	#authenticatorData(credential: Credential, deviations: Deviations & { attested?: Uint8Array }): Uint8Array {
		const { userVerified, synced } = this.#options;
		const flags =
			flag(deviations.userPresent ?? true, 0) |
			flag(deviations.userVerified ?? userVerified, 2) |
			flag(deviations.backupEligible ?? synced, 3) |
			flag(deviations.backedUp ?? synced, 4) |
			flag(deviations.attested !== undefined, 6) |
			flag(deviations.extensions !== undefined, 7);
		return concat(
			sha256(deviations.rpId ?? credential.rpId),
			Uint8Array.of(flags),
			uint(deviations.counter ?? credential.counter, 4),
			deviations.attested ?? new Uint8Array(),
			deviations.extensions ? encodeCbor(deviations.extensions) : new Uint8Array(),
			deviations.trailing ?? new Uint8Array(),
		);
	}

	#clientData(type: string, challenge: string, deviations: Deviations): Uint8Array {
		const data = {
			type: deviations.type ?? type,
			challenge: deviations.challenge ?? challenge,
			origin: deviations.origin ?? this.#options.origin,
			crossOrigin: deviations.crossOrigin ?? false,
			...(deviations.topOrigin && { topOrigin: deviations.topOrigin }),
		};
		return new TextEncoder().encode(JSON.stringify(data));
	}

	#sign(signer: Signer, authData: Uint8Array, clientData: Uint8Array, { wrongSignature }: Deviations) {
		const message = concat(authData, wrongSignature ? sha256("something else") : sha256(clientData));
		return sign(signer.algorithm === EDDSA ? null : "sha256", message, signer.key);
	}

	#statement(signer: Signer, signature: Uint8Array): Map<string, CborValue> {
		const { attestation, attestor } = this.#options;
		if (attestation === "none") return new Map();
		const statement = new Map<string, CborValue>([
			["alg", signer.algorithm],
			["sig", new Uint8Array(signature)],
		]);
		if (attestor) statement.set("x5c", attestor.certificates);
		return statement;
	}
}

function makeKey(algorithm: number): { key: KeyObject; coseKey: Uint8Array } {
	if (algorithm === RS256) {
		const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		const { n = "", e = "" } = publicKey.export({ format: "jwk" });
		return {
			key: privateKey,
			coseKey: coseKey([
				[1, 3],
				[3, RS256],
				[-1, decode(n)],
				[-2, decode(e)],
			]),
		};
	}
	if (algorithm === EDDSA) {
		const { privateKey, publicKey } = generateKeyPairSync("ed25519");
		const { x = "" } = publicKey.export({ format: "jwk" });
		return {
			key: privateKey,
			coseKey: coseKey([
				[1, 1],
				[3, EDDSA],
				[-1, 6],
				[-2, decode(x)],
			]),
		};
	}
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const { x = "", y = "" } = publicKey.export({ format: "jwk" });
	return {
		key: privateKey,
		coseKey: coseKey([
			[1, 2],
			[3, ES256],
			[-1, 1],
			[-2, decode(x)],
			[-3, decode(y)],
		]),
	};
}

function coseKey(members: [number, CborValue][]): Uint8Array {
	return encodeCbor(new Map(members));
}

function publicPart(id: string) {
	return {
		id,
		rawId: id,
		type: "public-key" as const,
		authenticatorAttachment: "platform" as const,
		clientExtensionResults: {},
	};
}

export function encode(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64url");
}

export function decode(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text, "base64url"));
}

function sha256(data: string | Uint8Array): Uint8Array {
	return new Uint8Array(createHash("sha256").update(data).digest());
}

function uint(value: number, size: number): Uint8Array {
	return Uint8Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) % 256);
}

function flag(set: boolean, bit: number): number {
	return set ? 1 << bit : 0;
}
