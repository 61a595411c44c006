import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import type { BetterFetchOption } from "better-auth/client";
import { type CeremonyCallOptions, runCeremony, usePasskey } from "./ceremony.js";
import type { PasskeyResult, Send } from "./request.js";

export interface StepUpOptions extends CeremonyCallOptions {
	/** What the proof is for: a name that the server requires, `passkey:add`, `passkey:rename` or `passkey:remove`. */
	purpose: string;
}

/** It can be used once, in this session and for this purpose. */
export interface StepUpProof {
	proof: string;
	purpose: string;
	expiresAt: Date;
}

/** Makes `passkey.stepUp`. */
export function stepUpWith(send: Send) {
	return async (
		options: StepUpOptions,
		fetchOptions?: BetterFetchOption,
	): Promise<PasskeyResult<StepUpProof, AuthenticationResponseJSON>> =>
		runCeremony<PublicKeyCredentialRequestOptionsJSON, AuthenticationResponseJSON, StepUpProof>(
			send,
			{
				options: ["/passkey/generate-step-up-options", { method: "POST", body: { purpose: options.purpose } }],
				perform: (requestOptions) => usePasskey(requestOptions, false),
				verify: ["/passkey/verify-step-up"],
			},
			options,
			fetchOptions,
		);
}
