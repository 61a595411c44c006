import { byId, find } from "./dom.js";

export type View = "waiting" | "sign-in" | "create-account" | "account";

const TITLES: Record<View, string> = {
	waiting: "Touchstone",
	"sign-in": "Sign in · Touchstone",
	"create-account": "Create an account · Touchstone",
	account: "Passkeys · Touchstone",
};

let current: View = "waiting";

/** Shows one view and hides the others. */
export function show(view: View): void {
	if (view === current) return;
	const first = current === "waiting";
	byId(`view-${current}`, HTMLElement).hidden = true;
	const next = byId(`view-${view}`, HTMLElement);
	next.hidden = false;
	current = view;
	document.title = TITLES[view];
	// Focusing the heading makes screen readers announce the new view. The browser
	// already announced the first one with the page.
	if (!first) find(next, "h1", HTMLElement).focus();
}

export function isShown(view: View): boolean {
	return view === current;
}
