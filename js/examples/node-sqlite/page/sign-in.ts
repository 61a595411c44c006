import { showAccount } from "./account.js";
import { authClient } from "./auth-client.js";
import { byId, find } from "./dom.js";
import { announce, checkForm, clearProblem, showProblem, whileBusy } from "./feedback.js";
import { type Answer, ask, isCancelled, sentenceFor } from "./outcome.js";
import { isShown } from "./views.js";

/** Challenges expire after five minutes. A page that stays open gets a new one before that. */
const AUTOFILL_RENEWAL_MS = 4 * 60_000;

const form = byId("sign-in-form", HTMLFormElement);
const email = byId("sign-in-email", HTMLInputElement);
const password = byId("sign-in-password", HTMLInputElement);
const submit = find(form, "button[type=submit]", HTMLButtonElement);
const passkeyButton = byId("passkey-sign-in", HTMLButtonElement);
const problem = byId("sign-in-problem", HTMLElement);

/** Counts passkey requests. The browser runs one at a time: a newer request ends the older one. */
let latestRequest = 0;
let renewal: ReturnType<typeof setTimeout> | undefined;

export function startSignIn(): void {
	if (!window.PublicKeyCredential) {
		passkeyButton.hidden = true;
		byId("no-passkey-support", HTMLElement).hidden = false;
	}
	passkeyButton.addEventListener("click", () => whileBusy(passkeyButton, "Waiting for your passkey…", withPasskey));
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		clearProblem(problem);
		if (checkForm(form)) whileBusy(submit, "Signing in…", withPassword);
	});
}

/** Lets the browser offer passkeys in the e-mail field. Resolves when the user chooses one. */
export async function offerAutofill(): Promise<void> {
	clearTimeout(renewal);
	const request = ++latestRequest;
	if (!(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return;
	if (request !== latestRequest) return;
	renewal = setTimeout(() => {
		if (request === latestRequest && isShown("sign-in")) offerAutofill();
	}, AUTOFILL_RENEWAL_MS);
	const answer = await ask(() => authClient.signIn.passkey({ autoFill: true }));
	// The user did not start this request. So if it ends without a choice, nothing is shown.
	if (request === latestRequest) await finish(answer, () => {});
}

async function withPasskey(): Promise<void> {
	clearTimeout(renewal);
	clearProblem(problem);
	const request = ++latestRequest;
	const answer = await ask(() => authClient.signIn.passkey());
	if (request !== latestRequest) return;
	await finish(answer, () => announce("You are not signed in: the passkey request was closed."));
}

async function finish({ error }: Answer<unknown>, cancelled: () => void): Promise<void> {
	if (!error) {
		await enter("Signed in with your passkey.");
		return;
	}
	if (isCancelled(error)) cancelled();
	else showProblem(problem, sentenceFor(error));
	// Not immediately: if no user gesture is needed, a passkey that fails would fail again and again.
	email.addEventListener("focus", offerAutofill, { once: true });
}

async function withPassword(): Promise<void> {
	const { error } = await ask(() => authClient.signIn.email({ email: email.value.trim(), password: password.value }));
	if (error) {
		showProblem(problem, sentenceFor(error));
		password.select();
		return;
	}
	await enter("Signed in.");
}

async function enter(message: string): Promise<void> {
	clearTimeout(renewal);
	latestRequest++;
	clearProblem(problem);
	form.reset();
	if (await showAccount()) announce(message);
}
