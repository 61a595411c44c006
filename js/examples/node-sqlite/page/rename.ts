import { authClient } from "./auth-client.js";
import { find } from "./dom.js";
import { announce, checkForm, setFieldProblem, whileBusy } from "./feedback.js";
import { focusPasskey } from "./list.js";
import { ask, sentenceFor } from "./outcome.js";

/** Gives the elements of a row unique IDs, because all rows come from one template. */
export function labelRename(row: HTMLElement, id: string): void {
	const form = find(row, ".rename", HTMLFormElement);
	const input = find(form, "input", HTMLInputElement);
	const hint = find(form, ".field-hint", HTMLElement);
	input.id = find(form, "label", HTMLLabelElement).htmlFor = `name-of-${id}`;
	hint.id = `hint-for-${id}`;
	input.setAttribute("aria-describedby", hint.id);
}

/** Replaces the name in one row of the list with an input field. */
export function startRename(row: HTMLElement, id: string, name: string, refresh: () => Promise<void>): void {
	const shown = find(row, ".passkey-shown", HTMLElement);
	const actions = find(row, ".passkey-actions", HTMLElement);
	const form = find(row, ".rename", HTMLFormElement);
	const input = find(form, "input", HTMLInputElement);
	const save = find(form, "button[type=submit]", HTMLButtonElement);

	input.value = name;

	const toggle = (renaming: boolean) => {
		form.hidden = !renaming;
		shown.hidden = actions.hidden = renaming;
	};
	const cancel = () => {
		setFieldProblem(input, undefined);
		toggle(false);
		focusPasskey(id, ".rename-button");
	};
	form.onsubmit = (event) => {
		event.preventDefault();
		if (!checkForm(form)) return;
		whileBusy(save, "Saving…", async () => {
			const { error } = await ask(() => authClient.passkey.updatePasskey({ id, name: input.value.trim() }));
			if (error) {
				setFieldProblem(input, sentenceFor(error));
				input.focus();
				return;
			}
			await refresh();
			focusPasskey(id, ".rename-button");
			announce("Renamed.");
		});
	};
	form.onkeydown = (event) => {
		if (event.key === "Escape") cancel();
	};
	find(form, ".cancel", HTMLButtonElement).onclick = cancel;
	toggle(true);
	input.select();
}
