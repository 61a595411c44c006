import type { BetterAuthClientPlugin } from "better-auth";
import { type BetterFetch, type ClientStore, useAuthQuery } from "better-auth/client";
import { atom } from "nanostores";
import type { passkey } from "../better-auth/index.js";
import { PASSKEY_ERROR_CODES } from "../shared/error-codes.js";
import type { Passkey } from "../shared/passkey.js";
import { getPasskeyActions, type PasskeyClientOptions } from "./actions.js";

export type { TwoFactorRedirect } from "../better-auth/authentication/second-factor.js";
export type { PasskeySignal } from "../better-auth/management/signals.js";
export type {
	PasskeyAuthenticationOptions,
	PasskeyExtensionsResolver,
	PasskeyOptions,
	PasskeyRegistrationOptions,
	PasskeyRegistrationUser,
} from "../better-auth/options/options.js";
export { commonAuthenticatorNames, getAuthenticatorName } from "../shared/authenticator-names.js";
export { PASSKEY_ERROR_CODES, type PasskeyError, type PasskeyErrorCode } from "../shared/error-codes.js";
export { getPasskeyActions, type PasskeyClientOptions, type PasskeyPageQuery } from "./actions.js";
export type { AddedPasskey, AddPasskeyOptions } from "./add-passkey.js";
export type { CeremonyError, CeremonyErrorCode } from "./errors.js";
export type { PasskeyExtensionOutputs, PasskeyExtensions } from "./extensions.js";
export type { PasskeyClientError, PasskeyReply, PasskeyResult } from "./request.js";
export type { SignedIn, SignInPasskeyOptions } from "./sign-in.js";
export type { SignedUp, SignUpPasskeyOptions } from "./sign-up.js";
export type { StepUpOptions, StepUpProof } from "./step-up.js";

/** After these endpoints, a list of passkeys on the page is out of date. */
const CHANGES_LIST: ReadonlySet<string> = new Set([
	"/passkey/verify-registration",
	"/passkey/verify-authentication",
	"/passkey/delete-passkey",
	"/passkey/update-passkey",
	"/passkey/revoke-passkey",
	"/passkey/admin/revoke-passkey",
	"/sign-out",
]);

/** After these endpoints, authenticators hold a passkey that cannot sign in any more. */
const REMOVES: ReadonlySet<string> = new Set(["/passkey/delete-passkey", "/passkey/revoke-passkey"]);

/**
 * The passkey calls of Better Auth's client: `signIn.passkey`, `signUp.passkey`, `passkey.addPasskey`, `passkey.stepUp`,
 * `passkey.listUserPasskeys`, `passkey.updatePasskey`, `passkey.revokePasskey`, `passkey.deletePasskey`, and the hook
 * `useListPasskeys`.
 *
 * @example
 * const authClient = createAuthClient({ plugins: [passkeyClient()] });
 * const { data, error } = await authClient.signIn.passkey();
 */
export const passkeyClient = (options: PasskeyClientOptions = {}) => {
	const $listPasskeys = atom<unknown>();
	let syncRemoved: () => unknown = () => {};
	return {
		id: "passkey",
		$InferServerPlugin: {} as ReturnType<typeof passkey>,
		getActions: ($fetch: BetterFetch, $store: ClientStore) => {
			const actions = getPasskeyActions($fetch, { $listPasskeys, $store }, options);
			if (options.autoSignal !== false) syncRemoved = actions.passkey.syncPasskeys;
			return actions;
		},
		getAtoms: ($fetch: BetterFetch) => ({
			listPasskeys: useAuthQuery<Passkey[]>($listPasskeys, "/passkey/list-user-passkeys", $fetch, { method: "GET" }),
			$listPasskeys,
		}),
		// Better Auth's client guesses the method from the arguments. These endpoints always change something.
		pathMethods: {
			"/passkey/delete-passkey": "POST",
			"/passkey/update-passkey": "POST",
			"/passkey/revoke-passkey": "POST",
			"/passkey/admin/revoke-passkey": "POST",
		},
		atomListeners: [
			{
				matcher: (path: string) => CHANGES_LIST.has(path),
				signal: "$listPasskeys",
				callback: (path: string) => {
					if (REMOVES.has(path)) void syncRemoved();
				},
			},
			{ matcher: (path: string) => path === "/passkey/verify-authentication", signal: "$sessionSignal" },
			{ matcher: (path: string) => path === "/passkey/confirm-email", signal: "$sessionSignal" },
		],
		$ERROR_CODES: PASSKEY_ERROR_CODES,
	} satisfies BetterAuthClientPlugin;
};

export type { Passkey, PasskeyMetadata, PasskeyPage } from "../shared/passkey.js";
