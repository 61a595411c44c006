import type { User } from "better-auth";

/** The account for which a passkey is created. */
export interface Account {
	id: string;
	name: string;
	displayName: string;
	/** Whether a session proves the account. If false, `resolveUser` named it for a caller without a session. */
	signedIn: boolean;
}

/** The names that authenticators show for an account. */
export function accountOf({ id, email, name }: Pick<User, "id" | "email" | "name">): Omit<Account, "signedIn"> {
	const address = email && !isPlaceholder(email) ? email : "";
	return { id, name: address || name || id, displayName: name || address || id };
}

/** Whether an address is a placeholder, as after a passkey sign-up. RFC 2606: `.invalid` cannot receive e-mail. */
export function isPlaceholder(email: string): boolean {
	return email.endsWith(".invalid");
}
