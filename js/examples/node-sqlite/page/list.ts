import { byId, find } from "./dom.js";

export const list = byId("passkeys", HTMLUListElement);

/** Puts the keyboard focus back on an action of one passkey after the list was redrawn. */
export function focusPasskey(id: string, selector: string): void {
	for (const element of list.children) {
		if (element instanceof HTMLElement && element.dataset.id === id) {
			find(element, selector, HTMLElement).focus();
		}
	}
}
