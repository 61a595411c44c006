import type {
	AuthenticationExtensionsClientInputs,
	AuthenticationResponseJSON,
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON,
	RegistrationResponseJSON,
} from "@simplewebauthn/browser";
import type { Session, User } from "better-auth";
import type { BetterFetch, BetterFetchOption, ClientStore } from "better-auth/client";
import type { Passkey } from "../better-auth/types.js";
import {
	askWith,
	type OfCeremony,
	type PasskeyResult,
	refused,
	withExtensions,
	withoutExtensionResults,
	withWebAuthn,
} from "./ask.js";
import { checkSupport, createPasskey, usePasskey } from "./ceremony.js";
import { signUpPasskeyWith } from "./sign-up.js";

export interface SignInPasskeyOptions {
	/** Offer passkeys in the page's input with `autocomplete="username webauthn"` instead of in a dialog. */
	autoFill?: boolean | undefined;
	/** WebAuthn extensions, beside those that the server asks for. */
	extensions?: AuthenticationExtensionsClientInputs | undefined;
	returnWebAuthnResponse?: boolean | undefined;
	fetchOptions?: BetterFetchOption | undefined;
}

export interface AddPasskeyOptions {
	/** A label for the list of passkeys. */
	name?: string | undefined;
	authenticatorAttachment?: "platform" | "cross-platform" | undefined;
	/** Handed to the server's `registration.resolveUser` where nobody is signed in. */
	context?: string | null | undefined;
	/** Also sign in with the new passkey. */
	createSession?: boolean | undefined;
	/** WebAuthn extensions, beside those that the server asks for. */
	extensions?: AuthenticationExtensionsClientInputs | undefined;
	/** Let the password manager make the passkey without a dialog, where it just filled in a password. */
	useAutoRegister?: boolean | undefined;
	returnWebAuthnResponse?: boolean | undefined;
	fetchOptions?: BetterFetchOption | undefined;
}

export type SignedIn = { session: Session; user: User };
export type AddedPasskey = Passkey & Partial<SignedIn>;

type Store = Pick<ClientStore, "notify">;
type Signal = { get(): unknown; set(value: unknown): void };

export const getPasskeyActions = (
	$fetch: BetterFetch,
	{ $listPasskeys, $store }: { $listPasskeys: Signal; $store: Store },
) => {
	const ask = askWith($fetch);
	const refreshList = () => $listPasskeys.set(!$listPasskeys.get());
	const signedIn = () => {
		refreshList();
		$store.notify("$sessionSignal");
	};

	async function signInPasskey(
		options: SignInPasskeyOptions = {},
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<SignedIn, AuthenticationResponseJSON>> {
		const autoFill = options.autoFill === true;
		const unsupported = await checkSupport(autoFill);
		if (unsupported) return refused(unsupported);
		const request = await ask<OfCeremony<PublicKeyCredentialRequestOptionsJSON>>(
			"/passkey/generate-authenticate-options",
			{
				method: "GET",
			},
		);
		if (!request.data) return request;
		const { ceremonyId, ...requestOptions } = request.data;
		const response = await usePasskey(withExtensions(requestOptions, options.extensions), autoFill);
		if (!response.data) return response;
		const reply = await ask<SignedIn>("/passkey/verify-authentication", {
			...options.fetchOptions,
			...fetchOptions,
			method: "POST",
			body: { response: withoutExtensionResults(response.data), ...(ceremonyId && { ceremonyId }) },
		});
		if (reply.data) signedIn();
		return withWebAuthn(reply, response.data, options.returnWebAuthnResponse);
	}

	async function addPasskey(
		options: AddPasskeyOptions = {},
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<AddedPasskey, RegistrationResponseJSON>> {
		const unsupported = await checkSupport(false);
		if (unsupported) return refused(unsupported);
		const { authenticatorAttachment, name, context, createSession } = options;
		const creation = await ask<OfCeremony<PublicKeyCredentialCreationOptionsJSON>>(
			"/passkey/generate-register-options",
			{
				method: "GET",
				query: {
					...(authenticatorAttachment && { authenticatorAttachment }),
					...(name && { name }),
					...(context && { context }),
				},
			},
		);
		if (!creation.data) return creation;
		const useAutoRegister = options.useAutoRegister === true;
		const { ceremonyId, ...creationOptions } = creation.data;
		const response = await createPasskey(withExtensions(creationOptions, options.extensions), useAutoRegister);
		if (!response.data) return response;
		const reply = await ask<AddedPasskey>("/passkey/verify-registration", {
			...options.fetchOptions,
			...fetchOptions,
			method: "POST",
			body: {
				response: withoutExtensionResults(response.data),
				...(ceremonyId && { ceremonyId }),
				...(name && { name }),
				...(createSession && { createSession }),
			},
		});
		if (reply.data) {
			refreshList();
			if (reply.data.session) $store.notify("$sessionSignal");
		}
		return withWebAuthn(reply, response.data, options.returnWebAuthnResponse);
	}

	return {
		signIn: {
			/** Sign in with a passkey, chosen in the browser's dialog or, with `autoFill`, in an input of the page. */
			passkey: signInPasskey,
		},
		signUp: {
			/** Make an account with a passkey alone, and sign in to it, where the server's option `signUp` allows it. */
			passkey: signUpPasskeyWith(ask, signedIn),
		},
		passkey: {
			/** Add a passkey to the account that is signed in. */
			addPasskey,
		},
		/** Types for `typeof authClient.$Infer`; there is nothing here at run time. */
		$Infer: {} as { Passkey: Passkey },
	};
};
