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

export type Outcome<T> = { data: T; error: null } | { data: null; error: CeremonyError };

/** Whether a ceremony can start at all; asked before the server is, so that no challenge is issued in vain. */
export async function checkSupport(autoFill: boolean): Promise<CeremonyError | null> {
	const supported = browserSupportsWebAuthn() && (!autoFill || (await browserSupportsWebAuthnAutofill()));
	return supported ? null : ceremonyError("PASSKEY_NOT_SUPPORTED");
}

export function createPasskey(
	optionsJSON: PublicKeyCredentialCreationOptionsJSON,
	useAutoRegister: boolean,
): Promise<Outcome<RegistrationResponseJSON>> {
	return settle(startRegistration({ optionsJSON, useAutoRegister }), "REGISTRATION_CANCELLED");
}

export function usePasskey(
	optionsJSON: PublicKeyCredentialRequestOptionsJSON,
	useBrowserAutofill: boolean,
): Promise<Outcome<AuthenticationResponseJSON>> {
	return settle(startAuthentication({ optionsJSON, useBrowserAutofill }), "AUTH_CANCELLED");
}

async function settle<T>(ceremony: Promise<T>, cancelled: CancelCode): Promise<Outcome<T>> {
	try {
		return { data: await ceremony, error: null };
	} catch (error) {
		return { data: null, error: ceremonyError(classify(error, cancelled)) };
	}
}
