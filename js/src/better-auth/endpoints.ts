// What each endpoint is for, answers and refuses: the description of the API that Better Auth's `openAPI` plugin shows.

import { assertionBody } from "./authentication/assertion.js";
import { authenticationResponse, registrationResponse } from "./ceremony/credential-json.js";
import { documented } from "./openapi/openapi.js";
import {
	changedAnswer,
	confirmedAnswer,
	creationOptionsAnswer,
	listAnswer,
	pageAnswer,
	proofAnswer,
	registeredAnswer,
	requestOptionsAnswer,
	signalsAnswer,
	signedInAnswer,
	statusAnswer,
} from "./openapi/response-schemas.js";
import { registrationBody } from "./registration/new-passkey.js";

const assertion = () => assertionBody.extend({ response: authenticationResponse });

const ownPasskey = {
	401: ["YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY"],
	403: ["STEP_UP_REQUIRED"],
	404: ["PASSKEY_NOT_FOUND"],
} as const;

export const endpoints = {
	generateRegistrationOptions: documented({
		operationId: "generatePasskeyRegistrationOptions",
		description: "Options for navigator.credentials.create(), with a challenge that is good once",
		answer: creationOptionsAnswer,
		refusals: {
			400: ["RESOLVE_USER_REQUIRED", "RESOLVED_USER_INVALID", "SIGN_UP_DISABLED"],
			401: ["SESSION_REQUIRED"],
			403: ["SESSION_MISMATCH", "STEP_UP_REQUIRED"],
			409: ["TOO_MANY_PASSKEYS"],
		},
	}),
	verifyRegistration: documented({
		operationId: "passkeyVerifyRegistration",
		description: "Verify and store a new passkey",
		body: () => registrationBody.extend({ response: registrationResponse }),
		answer: registeredAnswer,
		refusals: {
			400: ["CHALLENGE_NOT_FOUND", "FAILED_TO_VERIFY_REGISTRATION", "PREVIOUSLY_REGISTERED", "RESOLVED_USER_INVALID"],
			401: ["SESSION_REQUIRED", "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY"],
			403: ["SESSION_MISMATCH"],
			409: ["TOO_MANY_PASSKEYS"],
			413: ["FAILED_TO_VERIFY_REGISTRATION", "REQUEST_TOO_LARGE"],
		},
	}),
	generateAuthenticationOptions: documented({
		operationId: "passkeyGenerateAuthenticateOptions",
		description: "Options for navigator.credentials.get(), with a challenge that is good once",
		answer: requestOptionsAnswer,
		refusals: { 401: ["TWO_FACTOR_NOT_PENDING"], 404: ["PASSKEY_NOT_FOUND"] },
	}),
	verifyAuthentication: documented({
		operationId: "passkeyVerifyAuthentication",
		description: "Verify the response of a passkey and sign its owner in",
		body: assertion,
		answer: signedInAnswer,
		refusals: {
			400: ["CHALLENGE_NOT_FOUND"],
			401: ["AUTHENTICATION_FAILED", "PASSKEY_NOT_FOUND", "USER_NOT_FOUND", "TWO_FACTOR_NOT_PENDING"],
			403: ["SESSION_MISMATCH"],
			413: ["REQUEST_TOO_LARGE"],
		},
	}),
	generateStepUpOptions: documented({
		description: "Options for navigator.credentials.get(), to prove presence within the session",
		answer: requestOptionsAnswer,
		refusals: { 404: ["PASSKEY_NOT_FOUND"] },
	}),
	verifyStepUp: documented({
		description: "Verify the response of a passkey and answer a proof that is good once",
		body: assertion,
		answer: proofAnswer,
		refusals: {
			400: ["CHALLENGE_NOT_FOUND"],
			401: ["AUTHENTICATION_FAILED", "PASSKEY_NOT_FOUND"],
			403: ["SESSION_MISMATCH"],
			413: ["REQUEST_TOO_LARGE"],
		},
	}),
	list: documented({
		description: "List the passkeys of the signed-in user, or a page of them",
		answer: listAnswer,
	}),
	update: documented({
		description: "Rename a passkey of the signed-in user, or change what is kept with it",
		answer: changedAnswer,
		refusals: ownPasskey,
	}),
	revoke: documented({
		description: "Revoke a passkey of the signed-in user: it is kept and signs nobody in any more",
		answer: changedAnswer,
		refusals: { ...ownPasskey, 409: ["LAST_SIGN_IN_METHOD"] },
	}),
	delete: documented({
		description: "Remove a passkey of the signed-in user",
		answer: statusAnswer,
		refusals: { ...ownPasskey, 409: ["LAST_SIGN_IN_METHOD"] },
	}),
	signals: documented({
		operationId: "getPasskeySignals",
		description: "What the signed-in user's authenticators should know of the account, for the WebAuthn Signal API",
		answer: signalsAnswer,
	}),
	confirmEmail: documented({
		description: "Confirm the e-mail address of an account that a passkey signed up",
		answer: confirmedAnswer,
		refusals: { 400: ["EMAIL_CONFIRMATION_INVALID"], 409: ["EMAIL_UNAVAILABLE"] },
	}),
	adminList: documented({
		description: "List any user's passkeys, as an administrator",
		answer: pageAnswer,
		refusals: { 403: ["NOT_ALLOWED"], 404: ["USER_NOT_FOUND"] },
	}),
	adminRevoke: documented({
		description: "Revoke any user's passkey, as an administrator",
		answer: changedAnswer,
		refusals: { 403: ["NOT_ALLOWED"], 404: ["PASSKEY_NOT_FOUND"] },
	}),
};
