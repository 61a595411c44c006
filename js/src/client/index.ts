import type { BetterAuthClientPlugin } from "better-auth";
import { type BetterFetch, type ClientStore, useAuthQuery } from "better-auth/client";
import { atom } from "nanostores";
import { PASSKEY_ERROR_CODES } from "../better-auth/error-codes.js";
import type { passkey } from "../better-auth/index.js";
import type { Passkey } from "../better-auth/types.js";
import { getPasskeyActions } from "./actions.js";

export { commonAuthenticatorNames, getAuthenticatorName } from "../better-auth/authenticator-names.js";
export { PASSKEY_ERROR_CODES, type PasskeyError, type PasskeyErrorCode } from "../better-auth/error-codes.js";
export type {
	Passkey,
	PasskeyAuthenticationOptions,
	PasskeyExtensionsResolver,
	PasskeyOptions,
	PasskeyRegistrationOptions,
	PasskeyRegistrationUser,
} from "../better-auth/types.js";
export {
	type AddedPasskey,
	type AddPasskeyOptions,
	getPasskeyActions,
	type SignedIn,
	type SignInPasskeyOptions,
} from "./actions.js";
export type { PasskeyClientError, PasskeyResult } from "./ask.js";
export type { CeremonyError, CeremonyErrorCode } from "./errors.js";
export type { SignedUp, SignUpPasskeyOptions } from "./sign-up.js";

/** The endpoints after which a list of passkeys on the page is out of date. */
const CHANGES_LIST: ReadonlySet<string> = new Set([
	"/passkey/verify-registration",
	"/passkey/verify-authentication",
	"/passkey/delete-passkey",
	"/passkey/update-passkey",
	"/sign-out",
]);

/**
 * The passkey calls of Better Auth's client: `signIn.passkey`, `signUp.passkey`, `passkey.addPasskey`,
 * `passkey.listUserPasskeys`, `passkey.updatePasskey`, `passkey.deletePasskey`, and the hook `useListPasskeys`.
 *
 * @example
 * const authClient = createAuthClient({ plugins: [passkeyClient()] });
 * const { data, error } = await authClient.signIn.passkey();
 */
export const passkeyClient = () => {
	const $listPasskeys = atom<unknown>();
	return {
		id: "passkey",
		$InferServerPlugin: {} as ReturnType<typeof passkey>,
		getActions: ($fetch: BetterFetch, $store: ClientStore) => getPasskeyActions($fetch, { $listPasskeys, $store }),
		getAtoms: ($fetch: BetterFetch) => ({
			listPasskeys: useAuthQuery<Passkey[]>($listPasskeys, "/passkey/list-user-passkeys", $fetch, { method: "GET" }),
			$listPasskeys,
		}),
		// Better Auth's client guesses the method from the arguments; these two change something whatever they are given.
		pathMethods: {
			"/passkey/delete-passkey": "POST",
			"/passkey/update-passkey": "POST",
		},
		atomListeners: [
			{ matcher: (path: string) => CHANGES_LIST.has(path), signal: "$listPasskeys" },
			{ matcher: (path: string) => path === "/passkey/verify-authentication", signal: "$sessionSignal" },
			{ matcher: (path: string) => path === "/passkey/confirm-email", signal: "$sessionSignal" },
		],
		$ERROR_CODES: PASSKEY_ERROR_CODES,
	} satisfies BetterAuthClientPlugin;
};
