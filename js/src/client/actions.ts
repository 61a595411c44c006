import type {
	AuthenticationResponseJSON,
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON,
	RegistrationResponseJSON,
} from "@simplewebauthn/browser";
import type { Session, User } from "better-auth";
import type { BetterFetch, BetterFetchOption, ClientStore } from "better-auth/client";
import type { TwoFactorRedirect } from "../better-auth/authentication/second-factor.js";
import type { Passkey, PasskeyMetadata, PasskeyPage } from "../shared/passkey.js";
import { checkSupport, createPasskey, usePasskey } from "./ceremony.js";
import { type PasskeyExtensions, withExtensions, withoutSecrets } from "./extensions.js";
import { askWith, type OfCeremony, type PasskeyReply, type PasskeyResult, refused, withWebAuthn } from "./request.js";
import { signUpPasskeyWith } from "./sign-up.js";
import { signalUnknown, syncPasskeys } from "./signal.js";
import { stepUpWith } from "./step-up.js";

export interface SignInPasskeyOptions {
	/** Offer passkeys in the page's input with `autocomplete="username webauthn"` instead of in a dialog. */
	autoFill?: boolean | undefined;
	/** Complete a sign-in that answered `twoFactorRedirect`, with `passkey` among its methods. */
	secondFactor?: boolean | undefined;
	/** WebAuthn extensions, beside those that the server asks for. */
	extensions?: PasskeyExtensions | undefined;
	returnWebAuthnResponse?: boolean | undefined;
	fetchOptions?: BetterFetchOption | undefined;
}

export interface AddPasskeyOptions {
	/** A label for the list of passkeys. */
	name?: string | undefined;
	/** Where this runs, for example `ios` or `web`; at most 64 characters. */
	platform?: string | undefined;
	deviceName?: string | undefined;
	/** Whatever the application keeps with the passkey, at most 4 KiB of JSON. */
	metadata?: PasskeyMetadata | undefined;
	authenticatorAttachment?: "platform" | "cross-platform" | undefined;
	/** Handed to the server's `registration.resolveUser` where nobody is signed in. */
	context?: string | null | undefined;
	/** Also sign in with the new passkey. */
	createSession?: boolean | undefined;
	/** Of `stepUp({ purpose: "passkey:add" })`, where the session is not fresh. */
	proof?: string | undefined;
	/** WebAuthn extensions, beside those that the server asks for. */
	extensions?: PasskeyExtensions | undefined;
	/**
	 * Let the password manager make the passkey without a dialog, where it just filled in a password. Only for who is signed
	 * in, and not with `createSession`. A browser that would show a dialog is not asked: PASSKEY_NOT_SUPPORTED.
	 */
	useAutoRegister?: boolean | undefined;
	returnWebAuthnResponse?: boolean | undefined;
	fetchOptions?: BetterFetchOption | undefined;
}

export interface PasskeyPageQuery {
	/** 1 to 100. */
	limit?: number | undefined;
	offset?: number | undefined;
	includeRevoked?: boolean | undefined;
}

export interface PasskeyClientOptions {
	/**
	 * Tell authenticators by themselves of passkeys that are gone: after one is deleted or revoked, and when the server
	 * does not know the passkey of a sign-in. Turn it off where sites with other databases use the same RP ID, each of
	 * which would have the other's passkeys removed.
	 *
	 * @default true
	 */
	autoSignal?: boolean | undefined;
}

/** Where `twoFactorRedirect` is true, a second factor is missing, and there is neither session nor user yet. */
export type SignedIn = { session: Session; user: User } & Partial<TwoFactorRedirect>;
export type AddedPasskey = Passkey & Partial<SignedIn>;

type Store = Pick<ClientStore, "notify">;
type Signal = { get(): unknown; set(value: unknown): void };

export const getPasskeyActions = (
	$fetch: BetterFetch,
	{ $listPasskeys, $store }: { $listPasskeys: Signal; $store: Store },
	{ autoSignal = true }: PasskeyClientOptions = {},
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
		const unsupported = await checkSupport(autoFill && "autoFill");
		if (unsupported) return refused(unsupported);
		const request = await ask<OfCeremony<PublicKeyCredentialRequestOptionsJSON>>(
			"/passkey/generate-authenticate-options",
			options.secondFactor ? { method: "POST", body: { secondFactor: true } } : { method: "GET" },
		);
		if (!request.data) return request;
		const { ceremonyId, ...requestOptions } = request.data;
		const response = await usePasskey(withExtensions(requestOptions, options.extensions), autoFill);
		if (!response.data) return response;
		const reply = await ask<SignedIn>("/passkey/verify-authentication", {
			...options.fetchOptions,
			...fetchOptions,
			method: "POST",
			body: { response: withoutSecrets(response.data), ...(ceremonyId && { ceremonyId }) },
		});
		if (reply.data?.session) signedIn();
		else if (autoSignal && reply.error) void signalUnknown(reply.error, requestOptions.rpId, response.data.id);
		return withWebAuthn(reply, response.data, options.returnWebAuthnResponse);
	}

	async function registerPasskey(
		options: AddPasskeyOptions = {},
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<AddedPasskey, RegistrationResponseJSON>> {
		const useAutoRegister = options.useAutoRegister === true;
		const unsupported = await checkSupport(useAutoRegister && "autoRegister");
		if (unsupported) return refused(unsupported);
		const { authenticatorAttachment, name, platform, deviceName, metadata, context, createSession, proof } = options;
		const query = {
			...(authenticatorAttachment && { authenticatorAttachment }),
			...(name && { name }),
			...(context && { context }),
			...(useAutoRegister && { mediation: "conditional" }),
		};
		const creation = await ask<OfCeremony<PublicKeyCredentialCreationOptionsJSON>>(
			"/passkey/generate-register-options",
			// Addresses end up in logs, so a proof is not sent in one.
			proof ? { method: "POST", body: { ...query, proof } } : { method: "GET", query },
		);
		if (!creation.data) return creation;
		const { ceremonyId, ...creationOptions } = creation.data;
		const response = await createPasskey(withExtensions(creationOptions, options.extensions), useAutoRegister);
		if (!response.data) return response;
		const reply = await ask<AddedPasskey>("/passkey/verify-registration", {
			...options.fetchOptions,
			...fetchOptions,
			method: "POST",
			body: {
				response: withoutSecrets(response.data),
				...(ceremonyId && { ceremonyId }),
				...(name && { name }),
				...(platform && { platform }),
				...(deviceName && { deviceName }),
				...(metadata && { metadata }),
				...(createSession && { createSession }),
			},
		});
		if (reply.data) {
			refreshList();
			if (reply.data.session) $store.notify("$sessionSignal");
		}
		return withWebAuthn(reply, response.data, options.returnWebAuthnResponse);
	}

	/** One page of the list; its `nextOffset` is the `offset` of the next one. */
	function listPage(
		query: PasskeyPageQuery = {},
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyReply<PasskeyPage>> {
		const path = "/passkey/list-user-passkeys";
		return ask<PasskeyPage>(path, { ...fetchOptions, method: "GET", query: { offset: 0, ...query } });
	}

	let additions: Promise<unknown> = Promise.resolve();
	function addPasskey(...args: Parameters<typeof registerPasskey>): ReturnType<typeof registerPasskey> {
		const addition = registerPasskey(...args);
		additions = Promise.allSettled([additions, addition]);
		return addition;
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
			listPage,
			/** Prove with a passkey that the signed-in user is present, for a purpose; the session stays as it is. */
			stepUp: stepUpWith(ask),
			/**
			 * Tell the user's authenticators which passkeys the account that is signed in still has, and what it is called now:
			 * after signing in, and after its name or e-mail address was changed. It never throws.
			 */
			syncPasskeys: () => syncPasskeys(ask, () => additions),
		},
		/** Types for `typeof authClient.$Infer`; there is nothing here at run time. */
		$Infer: {} as { Passkey: Passkey },
	};
};
