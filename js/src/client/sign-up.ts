import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from "@simplewebauthn/browser";
import type { Session, User } from "better-auth";
import type { BetterFetchOption } from "better-auth/client";
import type { Passkey } from "../shared/passkey.js";
import { type CeremonyCallOptions, createPasskey, runCeremony } from "./ceremony.js";
import type { PasskeyResult, Send } from "./request.js";

export interface SignUpPasskeyOptions extends CeremonyCallOptions {
	/** The name of the new user. */
	name: string;
	/** The server sends a link to this address. It becomes the account's address when the link is opened. */
	email?: string | undefined;
	/** The page to which that link finally leads. */
	callbackURL?: string | undefined;
	/** A label for the list of passkeys. */
	passkeyName?: string | undefined;
	/** Passed to the server's `signUp.user` and to its hooks. */
	context?: string | undefined;
}

export type SignedUp = Passkey & { session: Session; user: User };

/** Makes `signUp.passkey`, which calls `signedIn` when the server has created the account and its session. */
export function signUpPasskeyWith(send: Send, signedIn: () => void) {
	return async (
		options: SignUpPasskeyOptions,
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<SignedUp, RegistrationResponseJSON>> => {
		const { name, email, callbackURL, passkeyName, context } = options;
		const signUp = { name, ...(email && { email }) };
		return runCeremony<PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON, SignedUp>(
			send,
			{
				options: [
					"/passkey/generate-register-options",
					{ method: "POST", body: { signUp, ...(context && { context }) } },
				],
				perform: (creationOptions) => createPasskey(creationOptions, false),
				verify: [
					"/passkey/verify-registration",
					{ ...(passkeyName && { name: passkeyName }), ...(callbackURL && { callbackURL }) },
				],
				settled: ({ data }) => data && signedIn(),
			},
			options,
			fetchOptions,
		);
	};
}
