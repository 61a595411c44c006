// The vectors of the crate's tests, in the form that the packages and the bare verifiers take.
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { cose, decodeCredentialPublicKey } from "../../js/node_modules/@simplewebauthn/server/esm/helpers/index.js";

const read = (file) => JSON.parse(readFileSync(new URL(`../../tests/vectors/${file}`, import.meta.url), "utf8")).cases;
const cases = [...read("accepts.json"), ...read("attestation.json")];

/** The algorithms, named as in the vectors. Nearly all passkeys use the first. */
export const algorithms = ["ES256", "EdDSA", "RS256"];

/** The options, which ours and the peer take in the same form. */
export function registration(name) {
	const { expectedChallenge, expectedOrigin, expectedRPID, response } = vector(name);
	return { response, expectedChallenge, expectedOrigin, expectedRPID, requireUserVerification: true };
}

export function authentication(name) {
	const { publicKey, ...credential } = vector(name).credential;
	return { ...registration(name), credential: { ...credential, publicKey: bytes(publicKey) } };
}

/** The root, as DER, to which the attestation of a vector leads. */
export function anchor(name) {
	return bytes(vector(name).trustAnchors[0]);
}

/** The data that an authenticator signed, without its ceremony. The key is also raw, for the wasm functions. */
export function signed(algorithm) {
	const { credential, response } = authentication(`${algorithm}/authentication`);
	const { authenticatorData, clientDataJSON, signature } = response.response;
	const clientDataHash = createHash("sha256").update(bytes(clientDataJSON)).digest();
	return {
		...keyOf(algorithm, decodeCredentialPublicKey(credential.publicKey)),
		message: new Uint8Array(Buffer.concat([bytes(authenticatorData), clientDataHash])),
		signature: bytes(signature),
	};
}

function keyOf(algorithm, key) {
	const jwk = (members) => createPublicKey({ key: members, format: "jwk" });
	const text = (part) => Buffer.from(key.get(part)).toString("base64url");
	const { x, y, n, e } = cose.COSEKEYS;
	switch (algorithm) {
		case "ES256":
			return {
				raw: new Uint8Array(Buffer.concat([key.get(x), key.get(y)])),
				key: jwk({ kty: "EC", crv: "P-256", x: text(x), y: text(y) }),
			};
		case "EdDSA":
			return { raw: key.get(x), key: jwk({ kty: "OKP", crv: "Ed25519", x: text(x) }) };
		default:
			return { raw: key.get(n), key: jwk({ kty: "RSA", n: text(n), e: text(e) }) };
	}
}

/** Changes one bit in the last byte. The result still has the form of a signature. */
export function forged(signature) {
	const copy = Uint8Array.from(signature);
	copy[copy.length - 1] ^= 1;
	return copy;
}

/** The options with a forged signature. */
export function forgedAuthentication(name) {
	const options = authentication(name);
	const signature = Buffer.from(forged(bytes(options.response.response.signature))).toString("base64url");
	const response = { ...options.response, response: { ...options.response.response, signature } };
	return { ...options, response };
}

function vector(name) {
	const found = cases.find((candidate) => candidate.name === name);
	if (!found) throw new Error(`tests/vectors has no vector ${name}`);
	return found;
}

function bytes(base64url) {
	return new Uint8Array(Buffer.from(base64url, "base64url"));
}
