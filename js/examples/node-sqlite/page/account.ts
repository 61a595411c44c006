import { authClient } from "./auth-client.js";
import { byId } from "./dom.js";
import { ask } from "./outcome.js";
import { clearPasskeys, refreshPasskeys } from "./passkeys.js";
import { timeElement } from "./time.js";
import { show } from "./views.js";

const session = byId("session", HTMLElement);

/** Shows the account of the current session, if there is one. */
export async function showAccount(): Promise<boolean> {
	const { data } = await ask(() => authClient.getSession());
	if (!data) return false;
	const { name, email } = data.user;
	// An account that was created with a passkey has a placeholder address.
	const hasEmail = !email.endsWith(".invalid");
	byId("session-email", HTMLElement).textContent = hasEmail ? email : name;
	byId("account-name", HTMLElement).textContent = name;
	byId("account-email", HTMLElement).textContent = hasEmail ? email : "None";
	byId("account-since", HTMLElement).replaceChildren(timeElement(new Date(data.session.createdAt)));
	session.hidden = false;
	show("account");
	await refreshPasskeys();
	return true;
}

export function leaveAccount(): void {
	session.hidden = true;
	clearPasskeys();
}
