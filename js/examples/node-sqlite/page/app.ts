import { leaveAccount, showAccount } from "./account.js";
import { startAdd } from "./add.js";
import { authClient } from "./auth-client.js";
import { startCreateAccount } from "./create-account.js";
import { byId } from "./dom.js";
import { announce, whileBusy } from "./feedback.js";
import { ask, sentenceFor } from "./outcome.js";
import { startRemove } from "./remove.js";
import { offerAutofill, startSignIn } from "./sign-in.js";
import { isShown, show } from "./views.js";

const signOut = byId("sign-out", HTMLButtonElement);

startSignIn();
startCreateAccount();
startAdd();
startRemove();
signOut.addEventListener("click", () => whileBusy(signOut, "Signing out…", leave));
window.addEventListener("hashchange", () => {
	if (!isShown("account")) showWayIn();
});
if (!(await showAccount())) showWayIn();

/** Shows the form that the address's hash names. */
function showWayIn(): void {
	if (location.hash === "#create-account") {
		show("create-account");
	} else {
		show("sign-in");
		offerAutofill();
	}
}

async function leave(): Promise<void> {
	const { error } = await ask(() => authClient.signOut());
	if (error) {
		announce(sentenceFor(error));
		return;
	}
	leaveAccount();
	history.replaceState(null, "", "#sign-in");
	showWayIn();
	announce("Signed out.");
}
