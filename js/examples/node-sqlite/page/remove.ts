import { authClient } from "./auth-client.js";
import { byId, find } from "./dom.js";
import { announce, clearProblem, showProblem, whileBusy } from "./feedback.js";
import { ask, sentenceFor } from "./outcome.js";

const dialog = byId("remove-dialog", HTMLDialogElement);
const form = byId("remove-form", HTMLFormElement);
const confirm = find(form, "button[type=submit]", HTMLButtonElement);
const problem = byId("remove-problem", HTMLElement);

/** Asks before it removes a passkey. When the dialog closes, the focus returns to the button. */
export function askToRemove(id: string, title: string, last: boolean, refresh: () => Promise<void>): void {
	byId("remove-title", HTMLElement).textContent = `Remove “${title}”?`;
	byId("remove-text", HTMLElement).textContent = last
		? "This is your only passkey. Without it, you need another way to sign in. Your device may still list it until you delete it there."
		: "You can no longer sign in with it. Your device may still list it until you delete it there.";
	clearProblem(problem);
	form.onsubmit = (event) => {
		event.preventDefault();
		whileBusy(confirm, "Removing…", () => remove(id, refresh));
	};
	dialog.showModal();
}

export function startRemove(): void {
	byId("remove-cancel", HTMLButtonElement).addEventListener("click", () => dialog.close());
}

async function remove(id: string, refresh: () => Promise<void>): Promise<void> {
	clearProblem(problem);
	const { error } = await ask(() => authClient.passkey.deletePasskey({ id }));
	if (error) {
		showProblem(problem, sentenceFor(error));
		return;
	}
	await refresh();
	dialog.close();
	// The button that opened the dialog was removed with its row.
	byId("account-title", HTMLElement).focus();
	announce("Passkey removed.");
}
