import { authClient } from "./auth-client.js";
import { describe, type PasskeyRow } from "./authenticator.js";
import { byId, find } from "./dom.js";
import { clearProblem, showProblem } from "./feedback.js";
import { list } from "./list.js";
import { ask, sentenceFor } from "./outcome.js";
import { askToRemove } from "./remove.js";
import { labelRename, startRename } from "./rename.js";
import { timeElement } from "./time.js";

const waiting = byId("passkeys-waiting", HTMLElement);
const empty = byId("passkeys-empty", HTMLElement);
const advice = byId("passkeys-advice", HTMLElement);
const problem = byId("account-problem", HTMLElement);
const template = byId("passkey-template", HTMLTemplateElement);
const addButton = byId("add-passkey", HTMLButtonElement);

/** Clears the list, so that the next account never sees the passkeys of the last one. */
export function clearPasskeys(): void {
	list.replaceChildren();
	clearProblem(problem);
	waiting.hidden = false;
	for (const part of [list, empty, advice, addButton]) part.hidden = true;
}

/** Loads the account's passkeys and shows them, the newest first. */
export async function refreshPasskeys(): Promise<void> {
	const { data, error } = await ask<PasskeyRow[]>(() => authClient.passkey.listUserPasskeys());
	waiting.hidden = true;
	if (!data) {
		showProblem(problem, sentenceFor(error ?? { status: 0 }));
		return;
	}
	clearProblem(problem);
	const rows = [...data].sort((a, b) => created(b) - created(a));
	list.replaceChildren(...rows.map((row) => item(row, rows.length)));
	list.hidden = rows.length === 0;
	addButton.hidden = rows.length === 0;
	empty.hidden = rows.length > 0;
	advice.hidden = rows.length !== 1;
}

function created(row: PasskeyRow): number {
	return row.createdAt ? new Date(row.createdAt).getTime() : 0;
}

function item(row: PasskeyRow, count: number): HTMLElement {
	const fragment = document.importNode(template.content, true);
	const element = find(fragment, "li", HTMLLIElement);
	const { title, kind, icon } = describe(row);
	element.dataset.id = row.id;
	find(element, ".tile use", SVGUseElement).setAttribute("href", `#icon-${icon}`);
	find(element, ".passkey-name", HTMLElement).textContent = title;
	find(element, ".passkey-kind", HTMLElement).textContent = kind;
	const since = find(element, ".created", HTMLElement);
	if (row.createdAt) since.append("Added ", timeElement(new Date(row.createdAt)));
	const used = find(element, ".used", HTMLElement);
	if (row.lastUsedAt) used.append("Last used ", timeElement(new Date(row.lastUsedAt)));
	else used.append("Not used yet");

	labelRename(element, row.id);
	const rename = find(element, ".rename-button", HTMLButtonElement);
	rename.ariaLabel = `Rename ${title}`;
	rename.addEventListener("click", () => startRename(element, row.id, title, refreshPasskeys));
	const remove = find(element, ".remove-button", HTMLButtonElement);
	remove.ariaLabel = `Remove ${title}`;
	remove.addEventListener("click", () => askToRemove(row.id, title, count === 1, refreshPasskeys));
	return element;
}
