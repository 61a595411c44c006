import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const UP = 0x01;
const UV = 0x04;
const AT = 0x40;

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/** The few CBOR types that a registration needs; maps keep their order. */
const cbor = {
	head(major, length) {
		if (length < 24) return Buffer.from([(major << 5) | length]);
		if (length < 256) return Buffer.from([(major << 5) | 24, length]);
		return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
	},
	int: (n) => (n < 0 ? cbor.head(1, -1 - n) : cbor.head(0, n)),
	bytes: (bytes) => Buffer.concat([cbor.head(2, bytes.length), bytes]),
	text: (text) => Buffer.concat([cbor.head(3, Buffer.byteLength(text)), Buffer.from(text)]),
	map: (...pairs) => Buffer.concat([cbor.head(5, pairs.length), ...pairs.flat()]),
};

/**
 * A software authenticator with one ES256 passkey, for cases in which a browser is
 * too slow or too well-behaved.
 */
export class SoftwareAuthenticator {
	#keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
	#id = randomBytes(32);
	#counter = 0;
	#userHandle;
	#origin;
	#aaguid;

	constructor({ origin, aaguid = "00000000-0000-0000-0000-000000000000" }) {
		this.#origin = origin;
		this.#aaguid = Buffer.from(aaguid.replaceAll("-", ""), "hex");
	}

	/** Answers registration options as a browser's RegistrationResponseJSON. */
	create(options) {
		this.#userHandle = options.user.id;
		const { x, y } = this.#keys.publicKey.export({ format: "jwk" });
		// COSE_Key: kty EC2, alg ES256, crv P-256, x, y.
		const key = cbor.map(
			[cbor.int(1), cbor.int(2)],
			[cbor.int(3), cbor.int(-7)],
			[cbor.int(-1), cbor.int(1)],
			[cbor.int(-2), cbor.bytes(Buffer.from(x, "base64url"))],
			[cbor.int(-3), cbor.bytes(Buffer.from(y, "base64url"))],
		);
		const length = Buffer.from([this.#id.length >> 8, this.#id.length & 0xff]);
		const attested = Buffer.concat([this.#aaguid, length, this.#id, key]);
		const attestationObject = cbor.map(
			[cbor.text("fmt"), cbor.text("none")],
			[cbor.text("attStmt"), cbor.map()],
			[cbor.text("authData"), cbor.bytes(this.#authenticatorData(options.rp.id, AT, attested))],
		);
		return this.#credential({
			clientDataJSON: this.#clientData("webauthn.create", options.challenge).toString("base64url"),
			attestationObject: attestationObject.toString("base64url"),
			transports: ["internal"],
		});
	}

	/** Answers sign-in options as a browser's AuthenticationResponseJSON. */
	get(options) {
		const clientData = this.#clientData("webauthn.get", options.challenge);
		const authenticatorData = this.#authenticatorData(options.rpId, 0);
		const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
		return this.#credential({
			clientDataJSON: clientData.toString("base64url"),
			authenticatorData: authenticatorData.toString("base64url"),
			signature: sign("sha256", signed, this.#keys.privateKey).toString("base64url"),
			userHandle: this.#userHandle,
		});
	}

	#credential(response) {
		const id = this.#id.toString("base64url");
		return {
			id,
			rawId: id,
			type: "public-key",
			authenticatorAttachment: "platform",
			clientExtensionResults: {},
			response,
		};
	}

	#clientData(type, challenge) {
		return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false }));
	}

	#authenticatorData(rpId, flags, attested = Buffer.alloc(0)) {
		const counter = Buffer.alloc(4);
		counter.writeUInt32BE(++this.#counter);
		return Buffer.concat([sha256(rpId), Buffer.from([UP | UV | flags]), counter, attested]);
	}
}
