import type { User } from "better-auth";

/** Whose passkey is being made. */
export interface Account {
	id: string;
	name: string;
	displayName: string;
	/** Whether a session proves it; otherwise it is what the integrator's `resolveUser` said about an anonymous caller. */
	signedIn: boolean;
}

/** What authenticators show of an account. */
export function accountOf({ id, email, name }: Pick<User, "id" | "email" | "name">): Omit<Account, "signedIn"> {
	const address = email && !isPlaceholder(email) ? email : "";
	return { id, name: address || name || id, displayName: name || address || id };
}

/** Whether an address only fills its column, as those of accounts that a passkey signed up. RFC 2606: no mail can go there. */
export function isPlaceholder(email: string): boolean {
	return email.endsWith(".invalid");
}
