import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from "@simplewebauthn/browser";
import type { Session, User } from "better-auth";
import type { BetterFetchOption } from "better-auth/client";
import type { Passkey } from "../shared/passkey.js";
import { checkSupport, createPasskey } from "./ceremony.js";
import { type PasskeyExtensions, withExtensions, withoutSecrets } from "./extensions.js";
import { type Ask, type OfCeremony, type PasskeyResult, refused, withWebAuthn } from "./request.js";

export interface SignUpPasskeyOptions {
	/** What the new user is called. */
	name: string;
	/** It becomes the account's address when the link is opened that the server sends to it. */
	email?: string | undefined;
	/** Where that link leads in the end. */
	callbackURL?: string | undefined;
	/** A label for the list of passkeys. */
	passkeyName?: string | undefined;
	/** Handed to the server's `signUp.user` and to its hooks. */
	context?: string | undefined;
	/** WebAuthn extensions, beside those that the server asks for. */
	extensions?: PasskeyExtensions | undefined;
	returnWebAuthnResponse?: boolean | undefined;
	fetchOptions?: BetterFetchOption | undefined;
}

export type SignedUp = Passkey & { session: Session; user: User };

/** Makes `signUp.passkey`, which calls `signedIn` when the server has made the account. */
export function signUpPasskeyWith(ask: Ask, signedIn: () => void) {
	return async (
		options: SignUpPasskeyOptions,
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<SignedUp, RegistrationResponseJSON>> => {
		const unsupported = await checkSupport(false);
		if (unsupported) return refused(unsupported);
		const { name, email, callbackURL, passkeyName, context } = options;
		const creation = await ask<OfCeremony<PublicKeyCredentialCreationOptionsJSON>>(
			"/passkey/generate-register-options",
			{ method: "POST", body: { signUp: { name, ...(email && { email }) }, ...(context && { context }) } },
		);
		if (!creation.data) return creation;
		const { ceremonyId, ...creationOptions } = creation.data;
		const response = await createPasskey(withExtensions(creationOptions, options.extensions), false);
		if (!response.data) return response;
		const reply = await ask<SignedUp>("/passkey/verify-registration", {
			...options.fetchOptions,
			...fetchOptions,
			method: "POST",
			body: {
				response: withoutSecrets(response.data),
				ceremonyId,
				...(passkeyName && { name: passkeyName }),
				...(callbackURL && { callbackURL }),
			},
		});
		if (reply.data) signedIn();
		return withWebAuthn(reply, response.data, options.returnWebAuthnResponse);
	};
}
