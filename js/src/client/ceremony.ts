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
import type { BetterFetchOption } from "better-auth/client";
import { type CancelCode, type CeremonyError, ceremonyError, classify } from "./errors.js";
import { type PasskeyExtensions, withBytes, withExtensions, withoutSecrets } from "./extensions.js";
import { type PasskeyReply, type PasskeyResult, refused, type Send, withWebAuthn } from "./request.js";

type Outcome<T> = { data: T; error: null } | { data: null; error: CeremonyError };

/** What every call that runs a ceremony takes. */
export interface CeremonyCallOptions {
	/** WebAuthn extensions to request in addition to those that the server requests. */
	extensions?: PasskeyExtensions | undefined;
	/** Also return the browser's response, with the outputs of extensions. */
	returnWebAuthnResponse?: boolean | undefined;
	fetchOptions?: BetterFetchOption | undefined;
}

/** What differs between the ceremonies. */
interface Ceremony<Options, Response, Answer> {
	/** The mediation that the browser must support. */
	conditional?: "autoFill" | "autoRegister" | false;
	/** The request that returns the options. */
	options: [path: string, request: BetterFetchOption];
	/** Runs the browser's part. */
	perform: (options: Options) => Promise<Outcome<Response>>;
	/** The endpoint that verifies the response, and what its body has in addition to the response. */
	verify: [path: string, body?: Record<string, unknown>];
	/** Called with the server's reply, before the caller gets it. */
	settled?: (reply: PasskeyReply<Answer>, options: Options, response: Response) => void;
}

/**
 * Runs one ceremony: checks what the browser supports, requests options, has the browser create or use a passkey, and
 * sends its response to the server. A step that fails ends it with an error in the result, not with an exception.
 */
export async function runCeremony<
	Options extends { extensions?: object },
	Response extends { clientExtensionResults: unknown },
	Answer,
>(
	send: Send,
	{ conditional, options: [optionsPath, request], perform, verify, settled }: Ceremony<Options, Response, Answer>,
	call: CeremonyCallOptions,
	fetchOptions?: BetterFetchOption,
): Promise<PasskeyResult<Answer, Response>> {
	const unsupported = await checkSupport(conditional);
	if (unsupported) return refused(unsupported);
	const issued = await send<Options & { ceremonyId?: string }>(optionsPath, request);
	if (!issued.data) return issued as PasskeyReply<never>;
	// The id finds the challenge of this ceremony, so that autofill beside a button, or two tabs, do not take each other's.
	// A server of `@better-auth/passkey` sends none: it has only its cookie.
	const { ceremonyId, ...rest } = issued.data;
	const options = rest as unknown as Options;
	const performed = await perform(withExtensions(options, call.extensions));
	if (!performed.data) return performed as PasskeyReply<never>;
	const [verifyPath, body] = verify;
	const reply = await send<Answer>(verifyPath, {
		...call.fetchOptions,
		...fetchOptions,
		method: "POST",
		body: { response: withoutSecrets(performed.data), ...(ceremonyId && { ceremonyId }), ...body },
	});
	settled?.(reply, options, performed.data);
	return withWebAuthn(reply, performed.data, call.returnWebAuthnResponse);
}

/** Whether a ceremony can start at all. Checked before the options are requested, so that no challenge is issued in vain. */
async function checkSupport(conditional?: "autoFill" | "autoRegister" | false): Promise<CeremonyError | null> {
	const supported =
		browserSupportsWebAuthn() &&
		(conditional !== "autoFill" || (await browserSupportsWebAuthnAutofill())) &&
		(conditional !== "autoRegister" || (await supportsAutoRegister()));
	return supported ? null : ceremonyError("PASSKEY_NOT_SUPPORTED");
}

/** A browser without this mediation would show the dialog that the page wants to avoid. */
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
