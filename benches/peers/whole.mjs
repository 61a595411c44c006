// Whole ceremonies, as a server calls them: our package beside @simplewebauthn/server, with the same options.
import * as peer from "../../js/node_modules/@simplewebauthn/server/esm/index.js";
import * as ours from "../../js/node_modules/touchstone-webauthn/dist/index.js";
import { algorithms, authentication, forgedAuthentication, registration } from "./vectors.mjs";

const inFlight = 64;

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
				// Fewer would mostly measure how a slice begins and ends.
				atLeast: 4 * inFlight,
			})),
		})),
		{
			id: "registration/none",
			title: "ES256 verifyRegistrationResponse with none, one by one",
			contestants: both((library) => registering(library, "none.ES256/registration")),
		},
	];
}

function both(contestant) {
	return [
		{ name: "touchstone-webauthn", ...contestant(ours) },
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

/** A server under load: whenever one is done the next begins, so that there are always as many under way. */
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
