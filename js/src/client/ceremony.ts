import {
	type AuthenticationResponseJSON,
	browserSupportsWebAuthn,
	browserSupportsWebAuthnAutofill,
	type PublicKeyCredentialCreationOptionsJSON,
	type PublicKeyCredentialRequestOptionsJSON,
	type RegistrationResponseJSON,
	startAuthentication,
	startRegistration,
} from "@simplewebauthn/browser";
import { type CancelCode, type CeremonyError, ceremonyError, classify } from "./errors.js";
import { withBytes } from "./extensions.js";

export type Outcome<T> = { data: T; error: null } | { data: null; error: CeremonyError };

/** Whether a ceremony can start at all; asked before the server is, so that no challenge is issued in vain. */
export async function checkSupport(conditional?: "autoFill" | "autoRegister" | false): Promise<CeremonyError | null> {
	const supported =
		browserSupportsWebAuthn() &&
		(conditional !== "autoFill" || (await browserSupportsWebAuthnAutofill())) &&
		(conditional !== "autoRegister" || (await supportsAutoRegister()));
	return supported ? null : ceremonyError("PASSKEY_NOT_SUPPORTED");
}

/** A browser that does not know this mediation would show the dialog that the page wanted to avoid. */
async function supportsAutoRegister(): Promise<boolean> {
	const browser: { getClientCapabilities?: () => Promise<Record<string, boolean>> } = PublicKeyCredential;
	const capabilities = await browser.getClientCapabilities?.().catch(() => undefined);
	return capabilities?.conditionalCreate === true;
}

export function createPasskey(
	optionsJSON: PublicKeyCredentialCreationOptionsJSON,
	useAutoRegister: boolean,
): Promise<Outcome<RegistrationResponseJSON>> {
	const create = () => startRegistration({ optionsJSON: withBytes(optionsJSON), useAutoRegister });
	return settle(create, "REGISTRATION_CANCELLED");
}

export function usePasskey(
	optionsJSON: PublicKeyCredentialRequestOptionsJSON,
	useBrowserAutofill: boolean,
): Promise<Outcome<AuthenticationResponseJSON>> {
	const get = () => startAuthentication({ optionsJSON: withBytes(optionsJSON), useBrowserAutofill });
	return settle(get, "AUTH_CANCELLED");
}

async function settle<T>(ceremony: () => Promise<T>, cancelled: CancelCode): Promise<Outcome<T>> {
	try {
		return { data: await ceremony(), error: null };
	} catch (error) {
		return { data: null, error: ceremonyError(classify(error, cancelled)) };
	}
}
