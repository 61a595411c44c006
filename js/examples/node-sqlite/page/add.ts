import { authClient } from "./auth-client.js";
import { byId, find } from "./dom.js";
import { announce, clearProblem, showProblem, whileBusy } from "./feedback.js";
import { focusPasskey } from "./list.js";
import { ask, isCancelled, sentenceFor } from "./outcome.js";
import { refreshPasskeys } from "./passkeys.js";

const dialog = byId("add-dialog", HTMLDialogElement);
const form = byId("add-form", HTMLFormElement);
const name = byId("add-name", HTMLInputElement);
const proceed = find(form, "button[type=submit]", HTMLButtonElement);
const problem = byId("add-problem", HTMLElement);
const note = byId("add-note", HTMLElement);

/** Counts attempts, so that the result of an abandoned attempt is not shown in the next one. */
let latestAttempt = 0;

export function startAdd(): void {
	for (const id of ["add-passkey", "add-first-passkey"]) {
		const opener = byId(id, HTMLButtonElement);
		opener.disabled = !window.PublicKeyCredential;
		opener.addEventListener("click", () => {
			clear();
			form.reset();
			dialog.showModal();
		});
	}
	byId("add-cancel", HTMLButtonElement).addEventListener("click", () => dialog.close());
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		// If the dialog is closed, the button is usable again, even while the browser's dialog is still open.
		whileBusy(proceed, "Waiting…", () => Promise.race([add(), closing()]));
	});
}

function closing(): Promise<void> {
	return new Promise((resolve) => dialog.addEventListener("close", () => resolve(), { once: true }));
}

function clear(): void {
	clearProblem(problem);
	note.textContent = "";
}

async function add(): Promise<void> {
	clear();
	const attempt = ++latestAttempt;
	const chosen = name.value.trim();
	const { data, error } = await ask(() => authClient.passkey.addPasskey(chosen ? { name: chosen } : {}));
	if (data) {
		await refreshPasskeys();
		dialog.close();
		focusPasskey(data.id, ".rename-button");
		announce("Passkey added.");
	} else if (error && attempt === latestAttempt) {
		// The dialog stays open, so that the user can try again at once.
		if (isCancelled(error)) note.textContent = "No passkey was added. You can try again.";
		else showProblem(problem, sentenceFor(error));
	}
}
