import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from "@simplewebauthn/browser";
import type { BetterFetchOption } from "better-auth/client";
import type { Passkey, PasskeyMetadata } from "../shared/passkey.js";
import { type CeremonyCallOptions, createPasskey, runCeremony } from "./ceremony.js";
import type { PasskeyResult, Send } from "./request.js";
import type { SignedIn } from "./sign-in.js";

export interface AddPasskeyOptions extends CeremonyCallOptions {
	/** A label for the list of passkeys. */
	name?: string | undefined;
	/** Where this runs, for example `ios` or `web`; at most 64 characters. */
	platform?: string | undefined;
	deviceName?: string | undefined;
	/** Data that the application keeps with the passkey, at most 4 KiB of JSON. */
	metadata?: PasskeyMetadata | undefined;
	authenticatorAttachment?: "platform" | "cross-platform" | undefined;
	/** Passed to the server's `registration.resolveUser` if no user is signed in. */
	context?: string | null | undefined;
	/** Also sign in with the new passkey. */
	createSession?: boolean | undefined;
	/** The proof of `stepUp({ purpose: "passkey:add" })`; required if the session is not fresh. */
	proof?: string | undefined;
	/**
	 * Let the password manager create the passkey without a dialog, right after it filled in a password. This needs a
	 * signed-in user and excludes `createSession`. In a browser that would show a dialog, the call fails with
	 * PASSKEY_NOT_SUPPORTED.
	 */
	useAutoRegister?: boolean | undefined;
}

export type AddedPasskey = Passkey & Partial<SignedIn>;

/** Makes `passkey.addPasskey`, which calls `added` when the server has stored the passkey. */
export function addPasskeyWith(send: Send, added: (passkey: AddedPasskey) => void) {
	return async (
		options: AddPasskeyOptions = {},
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<AddedPasskey, RegistrationResponseJSON>> => {
		const useAutoRegister = options.useAutoRegister === true;
		const { authenticatorAttachment, name, platform, deviceName, metadata, context, createSession, proof } = options;
		const query = {
			...(authenticatorAttachment && { authenticatorAttachment }),
			...(name && { name }),
			...(context && { context }),
			...(useAutoRegister && { mediation: "conditional" }),
		};
		return runCeremony<PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON, AddedPasskey>(
			send,
			{
				conditional: useAutoRegister && "autoRegister",
				options: [
					"/passkey/generate-register-options",
					// A proof is a secret, and URLs end up in logs.
					proof ? { method: "POST", body: { ...query, proof } } : { method: "GET", query },
				],
				perform: (creationOptions) => createPasskey(creationOptions, useAutoRegister),
				verify: [
					"/passkey/verify-registration",
					{
						...(name && { name }),
						...(platform && { platform }),
						...(deviceName && { deviceName }),
						...(metadata && { metadata }),
						...(createSession && { createSession }),
					},
				],
				settled: ({ data }) => data && added(data),
			},
			options,
			fetchOptions,
		);
	};
}
