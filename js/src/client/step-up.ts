import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import type { BetterFetchOption } from "better-auth/client";
import { checkSupport, usePasskey } from "./ceremony.js";
import { type PasskeyExtensions, withExtensions, withoutSecrets } from "./extensions.js";
import { type Ask, type OfCeremony, type PasskeyResult, refused, withWebAuthn } from "./request.js";

export interface StepUpOptions {
	/** What the proof is for: the name that the server asks for, `passkey:add`, `passkey:rename` or `passkey:remove`. */
	purpose: string;
	/** WebAuthn extensions, beside those that the server asks for. */
	extensions?: PasskeyExtensions | undefined;
	returnWebAuthnResponse?: boolean | undefined;
	fetchOptions?: BetterFetchOption | undefined;
}

/** Good once, in this session and for this purpose. */
export interface StepUpProof {
	proof: string;
	purpose: string;
	expiresAt: Date;
}

export const stepUpWith =
	(ask: Ask) =>
	async (
		options: StepUpOptions,
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<StepUpProof, AuthenticationResponseJSON>> => {
		const unsupported = await checkSupport(false);
		if (unsupported) return refused(unsupported);
		const request = await ask<Required<OfCeremony<PublicKeyCredentialRequestOptionsJSON>>>(
			"/passkey/generate-step-up-options",
			{ method: "POST", body: { purpose: options.purpose } },
		);
		if (!request.data) return request;
		const { ceremonyId, ...requestOptions } = request.data;
		const response = await usePasskey(withExtensions(requestOptions, options.extensions), false);
		if (!response.data) return response;
		const reply = await ask<StepUpProof>("/passkey/verify-step-up", {
			...options.fetchOptions,
			...fetchOptions,
			method: "POST",
			body: { response: withoutSecrets(response.data), ceremonyId },
		});
		return withWebAuthn(reply, response.data, options.returnWebAuthnResponse);
	};
