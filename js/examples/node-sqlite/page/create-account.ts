import { showAccount } from "./account.js";
import { authClient } from "./auth-client.js";
import { byId, find } from "./dom.js";
import { announce, checkFields, checkForm, clearProblem, showProblem, whileBusy } from "./feedback.js";
import { type Answer, ask, isCancelled, sentenceFor } from "./outcome.js";

const form = byId("create-account-form", HTMLFormElement);
const submit = find(form, "button[type=submit]", HTMLButtonElement);
const passkeyButton = byId("passkey-create-account", HTMLButtonElement);
const name = byId("new-name", HTMLInputElement);
const problem = byId("create-account-problem", HTMLElement);

export function startCreateAccount(): void {
	passkeyButton.hidden = !window.PublicKeyCredential;
	passkeyButton.addEventListener("click", () => {
		clearProblem(problem);
		if (checkFields([name])) whileBusy(passkeyButton, "Waiting for your passkey…", withPasskey);
	});
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		clearProblem(problem);
		if (checkForm(form)) whileBusy(submit, "Creating your account…", withPassword);
	});
}

async function withPasskey(): Promise<void> {
	await finish(await ask(() => authClient.signUp.passkey({ name: name.value.trim() })));
}

async function withPassword(): Promise<void> {
	const value = (id: string) => byId(id, HTMLInputElement).value;
	await finish(
		await ask(() =>
			authClient.signUp.email({
				name: name.value.trim(),
				email: value("new-email").trim(),
				password: value("new-password"),
			}),
		),
	);
}

async function finish({ error }: Answer<unknown>): Promise<void> {
	if (error) {
		if (isCancelled(error)) announce("No account was created: the passkey request was closed.");
		else showProblem(problem, sentenceFor(error));
		return;
	}
	form.reset();
	if (await showAccount()) announce("Your account is ready.");
}
