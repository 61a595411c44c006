import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import type { Session, User } from "better-auth";
import type { BetterFetchOption } from "better-auth/client";
import type { TwoFactorRedirect } from "../better-auth/authentication/second-factor.js";
import { type CeremonyCallOptions, runCeremony, usePasskey } from "./ceremony.js";
import type { PasskeyResult, Send } from "./request.js";
import { signalUnknown } from "./signal.js";

export interface SignInPasskeyOptions extends CeremonyCallOptions {
	/** Offer passkeys in the page's input with `autocomplete="username webauthn"` instead of in a dialog. */
	autoFill?: boolean | undefined;
	/** Complete a sign-in that answered `twoFactorRedirect`, with `passkey` among its methods. */
	secondFactor?: boolean | undefined;
}

/** If `twoFactorRedirect` is true, a second factor is missing, and there is no session and no user yet. */
export type SignedIn = { session: Session; user: User } & Partial<TwoFactorRedirect>;

interface Settings {
	/** Called when the server has created a session. */
	signedIn: () => void;
	/** Whether to tell authenticators of a passkey that the server does not know. */
	autoSignal: boolean;
}

/** Makes `signIn.passkey`. */
export function signInPasskeyWith(send: Send, { signedIn, autoSignal }: Settings) {
	return async (
		options: SignInPasskeyOptions = {},
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<SignedIn, AuthenticationResponseJSON>> => {
		const autoFill = options.autoFill === true;
		const request = options.secondFactor ? { method: "POST", body: { secondFactor: true } } : { method: "GET" };
		return runCeremony<PublicKeyCredentialRequestOptionsJSON, AuthenticationResponseJSON, SignedIn>(
			send,
			{
				conditional: autoFill && "autoFill",
				options: ["/passkey/generate-authenticate-options", request],
				perform: (requestOptions) => usePasskey(requestOptions, autoFill),
				verify: ["/passkey/verify-authentication"],
				settled({ data, error }, { rpId }, { id }) {
					if (data?.session) signedIn();
					else if (autoSignal && error) void signalUnknown(error, rpId, id);
				},
			},
			options,
			fetchOptions,
		);
	};
}
