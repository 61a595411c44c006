import { byId, find, icon } from "./dom.js";

const status = byId("status", HTMLElement);
let hideTimer: ReturnType<typeof setTimeout> | undefined;

// After the user's next action, the last message is outdated, and it may cover something.
for (const type of ["pointerdown", "keydown"]) {
	document.addEventListener(type, () => status.classList.remove("shown"), { passive: true });
}

/** Shows a message for a short time. Screen readers read it when they are idle. */
export function announce(message: string): void {
	clearTimeout(hideTimer);
	status.textContent = message;
	status.classList.add("shown");
	hideTimer = setTimeout(() => status.classList.remove("shown"), 6_000);
}

/** Shows a problem until the next attempt. The box is an ARIA alert. */
export function showProblem(box: HTMLElement, sentence: string): void {
	const text = document.createElement("span");
	text.textContent = sentence;
	box.replaceChildren(icon("alert"), text);
	box.hidden = false;
}

export function clearProblem(box: HTMLElement): void {
	box.hidden = true;
	box.replaceChildren();
}

/**
 * Marks a button as busy while `work` runs. The button stays focusable, so that
 * keyboard users keep their place. A second press does nothing.
 */
export async function whileBusy(button: HTMLButtonElement, label: string, work: () => Promise<void>): Promise<void> {
	if (button.ariaBusy === "true") return;
	const text = find(button, ".label", HTMLElement);
	const usual = text.textContent;
	button.ariaBusy = "true";
	button.ariaDisabled = "true";
	text.textContent = label;
	try {
		await work();
	} finally {
		button.ariaBusy = null;
		button.ariaDisabled = null;
		text.textContent = usual;
	}
}

/** Checks each field of a form: see {@link checkFields}. */
export function checkForm(form: HTMLFormElement): boolean {
	return checkFields([...form.querySelectorAll("input")]);
}

/**
 * Shows the problem of each field next to it, and focuses the first such field.
 *
 * @returns whether all fields are valid.
 */
export function checkFields(inputs: readonly HTMLInputElement[]): boolean {
	for (const input of inputs) {
		// A name of blanks satisfies `required`, but is not a name.
		const blank = input.required && input.type !== "password" && input.value.trim() === "";
		input.setCustomValidity(blank ? "blank" : "");
		setFieldProblem(input, input.validity.valid ? undefined : fieldSentence(input));
	}
	const first = inputs.find((input) => !input.validity.valid);
	first?.focus();
	return first === undefined;
}

export function setFieldProblem(input: HTMLInputElement, sentence: string | undefined): void {
	const hint = input.parentElement?.querySelector<HTMLElement>(".field-hint");
	if (!hint) return;
	hint.dataset.usual ??= hint.textContent ?? "";
	hint.textContent = sentence ?? hint.dataset.usual;
	if (sentence === undefined) input.removeAttribute("aria-invalid");
	else input.setAttribute("aria-invalid", "true");
}

function fieldSentence(input: HTMLInputElement): string {
	const { validity } = input;
	if (validity.valueMissing || validity.customError) {
		return input.name === "password"
			? "Enter a password."
			: `Enter ${input.name === "email" ? "an e-mail address" : "a name"}.`;
	}
	if (validity.tooShort) return `Use at least ${input.minLength} characters.`;
	if (validity.typeMismatch) return "This does not look like an e-mail address.";
	return "Check this field.";
}
