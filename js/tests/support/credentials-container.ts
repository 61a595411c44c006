import { vi } from "vitest";
import { type Deviations, decode, encode, type SoftwareAuthenticator } from "./authenticator.js";

interface Descriptor {
	id: ArrayBuffer;
}

interface Request {
	mediation?: string;
	signal?: AbortSignal;
	publicKey: {
		challenge: ArrayBuffer;
		rp: { id?: string };
		user: { id: ArrayBuffer; name: string };
		excludeCredentials?: Descriptor[];
		rpId?: string;
		allowCredentials?: Descriptor[];
		extensions?: Record<string, unknown>;
	};
}

/** The part of an authenticator that a test may replace. */
export interface Behaviour {
	create?: (request: Request) => Promise<unknown>;
	get?: (request: Request) => Promise<unknown>;
	/** Whether the browser can offer passkeys in an input, and create them without a dialog. */
	conditional?: boolean;
	/** The result of `getClientExtensionResults()`. */
	extensionResults?: object;
	/** The authenticator's deviations at registration. */
	deviations?: Deviations;
	/** The browser's Signal API methods. */
	signals?: Record<string, (payload: object) => Promise<void>>;
}

/**
 * Puts an authenticator behind `navigator.credentials`, with the few browser globals that the clients use. It is for
 * tests of two clients against two servers; the end-to-end tests use real browsers.
 */
export function stubCredentials(authenticator: SoftwareAuthenticator, behaviour: Behaviour = {}) {
	const requests: Request[] = [];
	const results = behaviour.extensionResults ?? { credProps: {} };
	const create = async (request: Request) => {
		requests.push(request);
		if (behaviour.create) return behaviour.create(request);
		const { challenge, user, rp, excludeCredentials } = request.publicKey;
		const options = {
			challenge: encode(new Uint8Array(challenge)),
			rp,
			user: { id: encode(new Uint8Array(user.id)) },
			excludeCredentials: excludeCredentials?.map(toJson),
		};
		const { response, ...credential } = authenticator.register(options, behaviour.deviations);
		return publicKeyCredential(credential, results, {
			clientDataJSON: buffer(response.clientDataJSON),
			attestationObject: buffer(response.attestationObject),
			getTransports: () => response.transports,
		});
	};
	const get = async (request: Request) => {
		requests.push(request);
		if (behaviour.get) return behaviour.get(request);
		const { challenge, rpId, allowCredentials } = request.publicKey;
		const { response, ...credential } = authenticator.authenticate({
			challenge: encode(new Uint8Array(challenge)),
			rpId,
			allowCredentials: allowCredentials?.map(toJson),
		});
		return publicKeyCredential(credential, results, {
			clientDataJSON: buffer(response.clientDataJSON),
			authenticatorData: buffer(response.authenticatorData),
			signature: buffer(response.signature),
			userHandle: response.userHandle === undefined ? null : buffer(response.userHandle),
		});
	};
	const PublicKeyCredential = Object.assign(() => {}, {
		isConditionalMediationAvailable: async () => behaviour.conditional ?? true,
		getClientCapabilities: async () => ({ conditionalCreate: behaviour.conditional ?? true }),
		...behaviour.signals,
	});
	vi.stubGlobal("PublicKeyCredential", PublicKeyCredential);
	vi.stubGlobal("navigator", { credentials: { create, get }, userAgent: "test", onLine: true });
	vi.stubGlobal("location", new URL("http://localhost:3000/"));
	vi.stubGlobal("document", { querySelectorAll: () => [{}] });
	return requests;
}

function publicKeyCredential(credential: { id: string }, results: object, response: object) {
	return {
		...credential,
		rawId: buffer(credential.id),
		response,
		getClientExtensionResults: () => results,
	};
}

function toJson({ id }: Descriptor) {
	return { id: encode(new Uint8Array(id)) };
}

function buffer(text: string): ArrayBuffer {
	return decode(text).slice().buffer as ArrayBuffer;
}
