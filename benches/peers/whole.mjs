// Compares complete ceremonies, as a server calls them: our package and @simplewebauthn/server, with the same options.
import * as peer from "../../js/node_modules/@simplewebauthn/server/esm/index.js";
import * as attesting from "../../js/node_modules/touchstone-webauthn/dist/attestation/index.js";
import * as ours from "../../js/node_modules/touchstone-webauthn/dist/index.js";
import { algorithms, anchor, authentication, forgedAuthentication, registration } from "./vectors.mjs";

const inFlight = 64;

/** For each format: a vector with a statement that leads to a root, and vectors that must be refused. */
const attestations = [
	["packed", "packed and one intermediate certificate", "packed", ["packed-by-another-key", "brings-its-own-root"]],
	["tpm", "tpm", "tpm.ES256", ["tpm-of-another-registration"]],
	["android-key", "android-key", "android-key", ["android-key-not-signed"]],
	["apple", "apple", "apple", ["apple-of-another-nonce"]],
];

export function ceremonies() {
	const signIns = algorithms.map((algorithm) => ({ algorithm, name: `${algorithm}/authentication` }));
	return [
		...signIns.map(({ algorithm, name }) => ({
			id: `authentication/${algorithm}`,
			title: `${algorithm} verifyAuthenticationResponse, one by one`,
			contestants: both((library) => authenticating(library, name, oneByOne)),
		})),
		...signIns.map(({ algorithm, name }) => ({
			id: `authentication/${algorithm}/in-flight`,
			title: `${algorithm} verifyAuthenticationResponse, ${inFlight} in flight`,
			contestants: both((library) => ({
				...authenticating(library, name, manyAtOnce),
				// Fewer calls would mostly measure the beginning and the end of a slice.
				atLeast: 4 * inFlight,
			})),
		})),
		{
			id: "registration/none",
			title: "ES256 verifyRegistrationResponse with none, one by one",
			contestants: both((library) => registering(library, "none.ES256/registration")),
		},
		...attestations.map(([format, title, name, forged]) => ({
			id: `registration/${format}`,
			title: `ES256 verifyRegistrationResponse with ${title}, trusted, one by one`,
			contestants: bothAttesting(format, `${name}/registration`, forged),
		})),
	];
}

function both(contestant) {
	return [
		{ name: "touchstone-webauthn", ...contestant(ours) },
		{ name: "@simplewebauthn/server", ...contestant(peer) },
	];
}

/** Both must verify the chain from the statement to the same root. Each has its own way to set the root. */
function bothAttesting(format, name, forged) {
	const root = anchor(name);
	peer.SettingsService.setRootCertificates({ identifier: format, certificates: [root] });
	const trust = { trustAnchors: [root], requireTrustedAttestation: true };
	const contestant = ({ verifyRegistrationResponse }, more) => {
		const options = { ...registration(name), ...more };
		const forgeries = forged.map((name) => ({ ...registration(`${name}/registration`), ...more }));
		return {
			run: (calls) => oneByOne(() => verifyRegistrationResponse(options), calls),
			async refusesForgery() {
				for (const forgery of forgeries) {
					if (!(await refuses(() => verifyRegistrationResponse(forgery)))) return false;
				}
				return true;
			},
		};
	};
	return [
		{ name: "touchstone-webauthn", ...contestant(attesting, trust) },
		{ name: "@simplewebauthn/server", ...contestant(peer) },
	];
}

function authenticating({ verifyAuthenticationResponse }, name, way) {
	const options = authentication(name);
	const forgery = forgedAuthentication(name);
	return {
		run: (calls) => way(() => verifyAuthenticationResponse(options), calls),
		refusesForgery: () => refuses(() => verifyAuthenticationResponse(forgery)),
	};
}

function registering({ verifyRegistrationResponse }, name) {
	const options = registration(name);
	// With `none` there is no signature, so another challenge stands for the forgery.
	const forgery = { ...options, expectedChallenge: "AAAA" };
	return {
		run: (calls) => oneByOne(() => verifyRegistrationResponse(options), calls),
		refusesForgery: () => refuses(() => verifyRegistrationResponse(forgery)),
	};
}

async function oneByOne(verify, calls) {
	for (let call = 0; call < calls; call++) mustBeVerified(await verify());
}

/** A server under load: when one call ends, the next begins, so that the number of calls in flight is constant. */
async function manyAtOnce(verify, calls) {
	let left = calls;
	const lane = async () => {
		while (left-- > 0) mustBeVerified(await verify());
	};
	await Promise.all(Array.from({ length: inFlight }, lane));
}

function mustBeVerified({ verified }) {
	if (!verified) throw new Error("a contestant refuses the vector");
}

async function refuses(verify) {
	try {
		return !(await verify()).verified;
	} catch {
		return true;
	}
}
