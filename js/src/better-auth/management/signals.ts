import { encodeBase64Url } from "../../core/base64.js";
import type { Base64URLString } from "../../core/types.js";
import type { Account } from "../ceremony/account.js";
import { resolveUserHandle, storedUserHandles } from "../ceremony/user-handle.js";
import { type PasskeyRow, READ_LIMIT } from "../storage/passkeys.js";

/**
 * What authenticators should know about an account: an argument for `PublicKeyCredential.signalAllAcceptedCredentials()`
 * and for `signalCurrentUserDetails()` alike. Spec: sctn-signal-methods.
 */
export interface PasskeySignal {
	rpId: string;
	/** The user handle that authenticators hold. */
	userId: Base64URLString;
	/** The credentials that can sign in. Authenticators hide or remove the user's others. */
	allAcceptedCredentialIds: Base64URLString[];
	name: string;
	displayName: string;
}

/** One signal for each user handle; nearly all accounts have one. */
export async function signalsOf(
	secret: string,
	rpId: string,
	{ id, name, displayName }: Omit<Account, "signedIn">,
	passkeys: readonly PasskeyRow[],
): Promise<PasskeySignal[]> {
	// There may be more than were read, and authenticators would remove them.
	if (passkeys.length >= READ_LIMIT) return [];
	const stored = storedUserHandles(passkeys);
	// With its last passkey removed an account has a handle still, which the removed ones may have had.
	const handles = stored.length > 0 ? stored : [encodeBase64Url(await resolveUserHandle(secret, id, []))];
	// A passkey whose handle the table does not know may be of any: it is in each list, where it does no harm.
	const allAcceptedCredentialIds = passkeys.filter(({ revokedAt }) => !revokedAt).map((row) => row.credentialID);
	return handles.map((userId) => ({ rpId, userId, allAcceptedCredentialIds, name, displayName }));
}
