import type { BetterFetch, BetterFetchOption, ClientStore } from "better-auth/client";
import type { Passkey, PasskeyPage } from "../shared/passkey.js";
import { addPasskeyWith } from "./add-passkey.js";
import { type PasskeyReply, sendWith } from "./request.js";
import { signInPasskeyWith } from "./sign-in.js";
import { signUpPasskeyWith } from "./sign-up.js";
import { syncPasskeys } from "./signal.js";
import { stepUpWith } from "./step-up.js";

export interface PasskeyPageQuery {
	/** 1 to 100. */
	limit?: number | undefined;
	offset?: number | undefined;
	includeRevoked?: boolean | undefined;
}

export interface PasskeyClientOptions {
	/**
	 * Tell authenticators of passkeys that are gone: after one is deleted or revoked, and when the server does not know the
	 * passkey of a sign-in. Turn it off if sites with other databases use the same RP ID: each would have the other's
	 * passkeys removed.
	 *
	 * @default true
	 */
	autoSignal?: boolean | undefined;
}

type Store = Pick<ClientStore, "notify">;
type Signal = { get(): unknown; set(value: unknown): void };

export const getPasskeyActions = (
	$fetch: BetterFetch,
	{ $listPasskeys, $store }: { $listPasskeys: Signal; $store: Store },
	{ autoSignal = true }: PasskeyClientOptions = {},
) => {
	const send = sendWith($fetch);
	const refreshList = () => $listPasskeys.set(!$listPasskeys.get());
	const signedIn = () => {
		refreshList();
		$store.notify("$sessionSignal");
	};

	const register = addPasskeyWith(send, ({ session }) => (session ? signedIn() : refreshList()));
	let additions: Promise<unknown> = Promise.resolve();
	function addPasskey(...args: Parameters<typeof register>): ReturnType<typeof register> {
		const addition = register(...args);
		additions = Promise.allSettled([additions, addition]);
		return addition;
	}

	/** One page of the list; its `nextOffset` is the `offset` of the next one. */
	function listPage(
		query: PasskeyPageQuery = {},
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyReply<PasskeyPage>> {
		const path = "/passkey/list-user-passkeys";
		return send<PasskeyPage>(path, { ...fetchOptions, method: "GET", query: { offset: 0, ...query } });
	}

	return {
		signIn: {
			/** Sign in with a passkey, chosen in the browser's dialog or, with `autoFill`, in an input of the page. */
			passkey: signInPasskeyWith(send, { signedIn, autoSignal }),
		},
		signUp: {
			/** Create an account with a passkey alone and sign in to it. The server's option `signUp` must allow it. */
			passkey: signUpPasskeyWith(send, signedIn),
		},
		passkey: {
			/** Add a passkey to the signed-in account. */
			addPasskey,
			listPage,
			/** Prove with a passkey that the signed-in user is present, for one purpose. The session does not change. */
			stepUp: stepUpWith(send),
			/**
			 * Tell the user's authenticators which passkeys the signed-in account has and what its name is. Call it after
			 * sign-in, and after the name or e-mail address changed. It never throws.
			 */
			syncPasskeys: () => syncPasskeys(send, () => additions),
		},
		/** Types for `typeof authClient.$Infer`; empty at run time. */
		$Infer: {} as { Passkey: Passkey },
	};
};
