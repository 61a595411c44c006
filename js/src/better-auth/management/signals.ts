import { encodeBase64Url } from "../../core/base64.js";
import type { Base64URLString } from "../../core/types.js";
import type { Account } from "../ceremony/account.js";
import { resolveUserHandle, storedUserHandles } from "../ceremony/user-handle.js";
import { type PasskeyRow, READ_LIMIT } from "../storage/passkeys.js";

/**
 * What authenticators should know about an account. It is a valid argument for both
 * `PublicKeyCredential.signalAllAcceptedCredentials()` and `signalCurrentUserDetails()`. Spec: sctn-signal-methods.
 */
export interface PasskeySignal {
	rpId: string;
	/** The user handle that authenticators store. */
	userId: Base64URLString;
	/** The credentials that can sign in. Authenticators hide or remove the user's other credentials. */
	allAcceptedCredentialIds: Base64URLString[];
	name: string;
	displayName: string;
}

/** Returns one signal for each user handle. Nearly all accounts have one handle. */
export async function signalsOf(
	secret: string,
	rpId: string,
	{ id, name, displayName }: Omit<Account, "signedIn">,
	passkeys: readonly PasskeyRow[],
): Promise<PasskeySignal[]> {
	// There may be more passkeys than were read. Authenticators would remove those.
	if (passkeys.length >= READ_LIMIT) return [];
	const stored = storedUserHandles(passkeys);
	// An account without passkeys still has a derived handle. Its removed passkeys may have it.
	const handles = stored.length > 0 ? stored : [encodeBase64Url(await resolveUserHandle(secret, id, []))];
	// A passkey without a stored handle may have any of the handles. It is in every list, where it does no harm.
	const allAcceptedCredentialIds = passkeys.filter(({ revokedAt }) => !revokedAt).map((row) => row.credentialID);
	return handles.map((userId) => ({ rpId, userId, allAcceptedCredentialIds, name, displayName }));
}
