import { vectors } from "./vectors.mjs";

/**
 * Verifies every vector through both entries, with each function and its synchronous variant, and then every sign-in
 * with one flipped bit in its signature. It uses only features that all runtimes have.
 *
 * @returns a report that can be sent as JSON; `expectedReport` of ../vectors.mjs if everything works.
 */
export async function judge(entries) {
	const report = { where: where(), accepted: 0, refused: 0, wrongSignatures: 0, failures: [] };
	const expectVerdict = async (library, entry, vector, count) => {
		const expected = vector.code ?? "accepted";
		for (const found of [await verdict(library, vector), verdictSync(library, vector)]) {
			if (found === expected) report[count]++;
			else report.failures.push(`${entry}: ${vector.name}: ${found}, not ${expected}`);
		}
	};
	for (const [entry, cases] of Object.entries(vectors)) {
		const library = entries[entry];
		for (const vector of cases) {
			await expectVerdict(library, entry, vector, vector.code ? "refused" : "accepted");
			if (vector.code || vector.ceremony === "registration") continue;
			await expectVerdict(library, entry, withWrongSignature(vector), "wrongSignatures");
		}
	}
	return report;
}

async function verdict(library, vector) {
	const verify =
		vector.ceremony === "registration" ? library.verifyRegistrationResponse : library.verifyAuthenticationResponse;
	try {
		const { verified } = await verify(optionsOf(vector));
		return verified === true ? "accepted" : "not verified";
	} catch (error) {
		return refusal(library, error);
	}
}

function verdictSync(library, vector) {
	const verify =
		vector.ceremony === "registration"
			? library.verifyRegistrationResponseSync
			: library.verifyAuthenticationResponseSync;
	try {
		const { verified } = verify(optionsOf(vector));
		return verified === true ? "accepted" : "not verified";
	} catch (error) {
		return refusal(library, error);
	}
}

const refusal = (library, error) =>
	error instanceof library.WebAuthnError ? withCause(error) : `threw ${error?.stack ?? error}`;

// The only code whose cause is the runtime, so a failing run must report its message.
const withCause = ({ code, message, cause }) => (code === "WASM_UNAVAILABLE" ? `${code}: ${message} ${cause}` : code);

const optionsOf = (vector) => ({
	...vector,
	supportedAlgorithmIDs: vector.allowedAlgorithms,
	allowCrossOrigin: vector.crossOrigin,
	expectedUserHandle: vector.credential?.userHandle,
	credential: vector.credential && { ...vector.credential, publicKey: decode(vector.credential.publicKey) },
	trustAnchors: vector.trustAnchors?.map((anchor) => (anchor.startsWith("-") ? anchor : decode(anchor))),
	now: vector.now && new Date(vector.now * 1000),
});

function withWrongSignature(vector) {
	const signature = decode(vector.response.response.signature);
	signature[signature.length - 1] ^= 1;
	const response = { ...vector.response.response, signature: encode(signature) };
	return { ...vector, response: { ...vector.response, response }, code: "SIGNATURE_INVALID" };
}

const decode = (text) =>
	Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

const encode = (bytes) =>
	btoa(String.fromCharCode(...bytes))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");

/** The runtime's own name for itself. */
function where() {
	const { Bun, Deno, EdgeRuntime, navigator, process } = globalThis;
	if (Bun) return `Bun ${Bun.version}`;
	if (Deno) return `Deno ${Deno.version.deno}`;
	if (EdgeRuntime) return "Edge Runtime";
	const node = process?.versions?.node;
	return node ? `Node ${node}` : navigator.userAgent;
}
