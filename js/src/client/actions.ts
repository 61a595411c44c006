import type {
	AuthenticationExtensionsClientInputs,
	AuthenticationExtensionsClientOutputs,
	AuthenticationResponseJSON,
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON,
	RegistrationResponseJSON,
} from "@simplewebauthn/browser";
import type { Session, User } from "better-auth";
import type { BetterFetch, BetterFetchOption, ClientStore } from "better-auth/client";
import type { Passkey } from "../better-auth/types.js";
import { checkSupport, createPasskey, usePasskey } from "./ceremony.js";
import { type CeremonyError, ceremonyError } from "./errors.js";

/** What the server answered, or why nothing was asked of it. */
export interface PasskeyClientError {
	code?: string | undefined;
	message?: string | undefined;
	status: number;
	statusText: string;
}

/** What the browser returned, where `returnWebAuthnResponse` asks for it. */
interface WebAuthnPart<R> {
	webauthn?: { response: R; clientExtensionResults: AuthenticationExtensionsClientOutputs };
}

export type PasskeyResult<T, R> = ({ data: T; error: null } | { data: null; error: PasskeyClientError }) &
	WebAuthnPart<R>;

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

/**
 * The server's name for this ceremony goes back with the response, so that ceremonies of one browser, autofill beside a
 * button or two tabs, do not take each other's challenge. A server of `@better-auth/passkey` has only its cookie.
 */
type OfCeremony<Options> = Options & { ceremonyId?: string };

type Store = Pick<ClientStore, "notify">;
type Signal = { get(): unknown; set(value: unknown): void };
type Reply<T> = { data: T; error: null } | { data: null; error: PasskeyClientError };

export const getPasskeyActions = (
	$fetch: BetterFetch,
	{ $listPasskeys, $store }: { $listPasskeys: Signal; $store: Store },
) => {
	const refreshList = () => $listPasskeys.set(!$listPasskeys.get());

	/** Asks the server; a request that gets no answer is an answer too, because every call settles. */
	async function ask<T>(path: string, options: BetterFetchOption): Promise<Reply<T>> {
		try {
			return (await $fetch<T>(path, { ...options, throw: false })) as Reply<T>;
		} catch (error) {
			// `fetch` rejects with these; anything else was thrown by a hook of the application.
			const unreachable = error instanceof TypeError || error instanceof DOMException;
			return refused(ceremonyError(unreachable ? "NETWORK_ERROR" : "UNKNOWN_ERROR"));
		}
	}

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
		if (reply.data) {
			refreshList();
			$store.notify("$sessionSignal");
		}
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
		passkey: {
			/** Add a passkey to the account that is signed in. */
			addPasskey,
		},
		/** Types for `typeof authClient.$Infer`; there is nothing here at run time. */
		$Infer: {} as { Passkey: Passkey },
	};
};

function refused(error: CeremonyError): { data: null; error: PasskeyClientError } {
	return { data: null, error };
}

function withExtensions<O extends { extensions?: AuthenticationExtensionsClientInputs }>(
	options: O,
	extensions: AuthenticationExtensionsClientInputs | undefined,
): O {
	return extensions ? { ...options, extensions: { ...options.extensions, ...extensions } } : options;
}

/** Extension results stay here: some, such as those of `prf`, are secrets that the server must not see. */
function withoutExtensionResults<R extends { clientExtensionResults: unknown }>(response: R) {
	const { clientExtensionResults: _, ...rest } = response;
	return rest;
}

function withWebAuthn<T, R extends { clientExtensionResults: AuthenticationExtensionsClientOutputs }>(
	reply: Reply<T>,
	response: R,
	wanted: boolean | undefined,
): PasskeyResult<T, R> {
	if (!wanted) return reply;
	return { ...reply, webauthn: { response, clientExtensionResults: response.clientExtensionResults } };
}
