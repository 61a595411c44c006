import { showAccount } from "./account.js";
import { authClient } from "./auth-client.js";
import { byId, find } from "./dom.js";
import { announce, checkForm, clearProblem, showProblem, whileBusy } from "./feedback.js";
import { ask, sentenceFor } from "./outcome.js";

const form = byId("create-account-form", HTMLFormElement);
const submit = find(form, "button[type=submit]", HTMLButtonElement);
const problem = byId("create-account-problem", HTMLElement);

export function startCreateAccount(): void {
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		clearProblem(problem);
		if (checkForm(form)) whileBusy(submit, "Creating your account…", create);
	});
}

async function create(): Promise<void> {
	const value = (id: string) => byId(id, HTMLInputElement).value;
	const { error } = await ask(() =>
		authClient.signUp.email({
			name: value("new-name").trim(),
			email: value("new-email").trim(),
			password: value("new-password"),
		}),
	);
	if (error) {
		showProblem(problem, sentenceFor(error));
		return;
	}
	form.reset();
	if (await showAccount()) announce("Your account is ready.");
}
