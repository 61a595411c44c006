import { base64URLStringToBuffer } from "@simplewebauthn/browser";
import type {
	AuthenticationExtensionsClientInputs,
	AuthenticationExtensionsClientOutputs,
	Base64URLString,
	PRFValues,
} from "../core/types.js";
import { extensionFlags } from "../shared/extension-outputs.js";

type Bytes = Base64URLString | BufferSource;

/** WebAuthn extensions to request. Bytes may be base64url text, as in the server's JSON. */
export type PasskeyExtensions = AuthenticationExtensionsClientInputs<Bytes>;

/** The outputs of the browser's extensions. Bytes are `ArrayBuffer`s, as browsers return them. */
export type PasskeyExtensionOutputs = AuthenticationExtensionsClientOutputs<ArrayBuffer>;

/** Adds the caller's extensions to those that the server requests. If both name an extension, the caller's input is used. */
export function withExtensions<O extends { extensions?: object }>(options: O, more: PasskeyExtensions | undefined): O {
	return more ? { ...options, extensions: { ...options.extensions, ...more } } : options;
}

/** Sends only flags to the server: the other outputs of extensions are secrets and data of the user. */
export function withoutSecrets<R extends { clientExtensionResults: unknown }>(response: R) {
	const { clientExtensionResults, ...rest } = response;
	const flags = extensionFlags(clientExtensionResults);
	return Object.keys(flags).length > 0 ? { ...rest, clientExtensionResults: flags } : rest;
}

/** Replaces the base64url text of JSON by the bytes that browsers expect. */
export function withBytes<O extends { extensions?: object }>(options: O): O {
	if (!options.extensions) return options;
	const { prf, largeBlob, ...others }: PasskeyExtensions = { ...options.extensions };
	const extensions = {
		...others,
		...(prf && {
			prf: {
				...prf,
				...(prf.eval && { eval: prfBytes(prf.eval) }),
				...(prf.evalByCredential && { evalByCredential: mapValues(prf.evalByCredential, prfBytes) }),
			},
		}),
		...(largeBlob && {
			largeBlob: { ...largeBlob, ...(largeBlob.write !== undefined && { write: toBytes(largeBlob.write) }) },
		}),
	};
	return { ...options, extensions };
}

function prfBytes({ first, second }: PRFValues<Bytes>): PRFValues<BufferSource> {
	return { first: toBytes(first), ...(second !== undefined && { second: toBytes(second) }) };
}

function toBytes(value: Bytes): BufferSource {
	return typeof value === "string" ? base64URLStringToBuffer(value) : value;
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
	return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
