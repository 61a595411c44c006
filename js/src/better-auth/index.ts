import type { BetterAuthPlugin } from "better-auth";
import { mergeSchema } from "better-auth/db";
import { limitBody } from "./body-limit.js";
import { PASSKEY_ERROR_CODES } from "./error-codes.js";
import { welcomeGuest } from "./guests.js";
import { parseOptions } from "./options.js";
import { rateLimitRules } from "./rate-limit.js";
import { prepareRelyingParty } from "./relying-party.js";
import { adminListPasskeys } from "./routes/admin-list-passkeys.js";
import { adminRevokePasskey } from "./routes/admin-revoke-passkey.js";
import { cleanUpPasskeys, startCleanup } from "./routes/clean-up-passkeys.js";
import { confirmPasskeyEmail } from "./routes/confirm-email.js";
import { deletePasskey } from "./routes/delete-passkey.js";
import { generatePasskeyAuthenticationOptions } from "./routes/generate-authentication-options.js";
import { generatePasskeyRegistrationOptions } from "./routes/generate-registration-options.js";
import { generatePasskeyStepUpOptions } from "./routes/generate-step-up-options.js";
import { listPasskeys } from "./routes/list-passkeys.js";
import { getPasskeySignals } from "./routes/passkey-signals.js";
import { requirePasskeyProof } from "./routes/require-passkey-proof.js";
import { revokePasskey } from "./routes/revoke-passkey.js";
import { updatePasskey } from "./routes/update-passkey.js";
import { verifyPasskeyAuthentication } from "./routes/verify-authentication.js";
import { verifyPasskeyRegistration } from "./routes/verify-registration.js";
import { verifyPasskeyStepUp } from "./routes/verify-step-up.js";
import { schemaOf } from "./schema.js";
import { offerPasskey } from "./second-factor.js";
import { requireCreatableUsers } from "./sign-up.js";
import type { PasskeyOptions } from "./types.js";
import { revokeUnproven } from "./unproven.js";

export { androidOrigin } from "../core/android-origin.js";
export type { VerifyAuthenticationBody } from "./assertion.js";
export { commonAuthenticatorNames, getAuthenticatorName } from "./authenticator-names.js";
export type { Authenticators } from "./authenticators.js";
export type { PasskeyCleanupResult } from "./cleanup.js";
export { PASSKEY_ERROR_CODES, type PasskeyError, type PasskeyErrorCode } from "./error-codes.js";
export type { CounterRegression, PasskeyCleanupOptions } from "./life-options.js";
// Whoever emits declarations of an exported `auth` needs a name for every part of the plugin's type.
export type { EndpointDescription } from "./openapi.js";
export type { PasskeyRateLimit, PasskeyRateLimits } from "./rate-limit.js";
export type { RelyingPartyAtStart } from "./relying-party.js";
export type { VerifyRegistrationBody } from "./routes/verify-registration.js";
export type { TwoFactorRedirect } from "./second-factor.js";
export type { SignedIn } from "./sign-in.js";
export type { PasskeySignal } from "./signals.js";
export type {
	PasskeyAuthenticationOptions,
	PasskeyCeremonyStep,
	PasskeyExtensionsResolver,
	PasskeyOptions,
	PasskeyRegistrationOptions,
	PasskeyRegistrationUser,
	PasskeyResolver,
} from "./types.js";
export {
	type AndroidApp,
	appleAppSiteAssociation,
	assetLinks,
	type RelatedOriginsOptions,
	relatedOrigins,
	type WellKnownFileOptions,
	type WellKnownOptions,
	wellKnown,
} from "./well-known.js";

/**
 * Passkeys for Better Auth: the endpoints, table and error codes of `@better-auth/passkey`.
 *
 * @example
 * export const auth = betterAuth({
 * 	baseURL: "https://example.com",
 * 	plugins: [passkey({ rpName: "Example" })],
 * });
 *
 * @throws `BetterAuthError` for options that cannot work, here or when Better Auth starts.
 */
export const passkey = (options: PasskeyOptions = {}) => {
	const resolved = parseOptions(options);
	return {
		id: "passkey",
		init: (context) => {
			requireCreatableUsers(resolved, context);
			const relyingParty = prepareRelyingParty(resolved, context);
			startCleanup(resolved, context);
			return { context: relyingParty, options: { databaseHooks: revokeUnproven(resolved) } };
		},
		onRequest: limitBody(resolved) as NonNullable<BetterAuthPlugin["onRequest"]>,
		endpoints: {
			generatePasskeyRegistrationOptions: generatePasskeyRegistrationOptions(resolved),
			generatePasskeyAuthenticationOptions: generatePasskeyAuthenticationOptions(resolved),
			verifyPasskeyRegistration: verifyPasskeyRegistration(resolved),
			verifyPasskeyAuthentication: verifyPasskeyAuthentication(resolved),
			listPasskeys: listPasskeys(resolved),
			deletePasskey: deletePasskey(resolved),
			updatePasskey: updatePasskey(resolved),
			confirmPasskeyEmail: confirmPasskeyEmail(resolved),
			revokePasskey: revokePasskey(resolved),
			adminListPasskeys: adminListPasskeys(resolved),
			adminRevokePasskey: adminRevokePasskey(resolved),
			cleanUpPasskeys: cleanUpPasskeys(resolved),
			generatePasskeyStepUpOptions: generatePasskeyStepUpOptions(resolved),
			verifyPasskeyStepUp: verifyPasskeyStepUp(resolved),
			requirePasskeyProof: requirePasskeyProof(resolved),
			getPasskeySignals: getPasskeySignals(resolved),
		},
		hooks: { after: [offerPasskey, welcomeGuest(resolved)] },
		rateLimit: rateLimitRules(options.rateLimit),
		schema: mergeSchema(schemaOf(resolved.attestation !== null), options.schema),
		$ERROR_CODES: PASSKEY_ERROR_CODES,
		options,
	} satisfies BetterAuthPlugin;
};

export type { Passkey, PasskeyMetadata, PasskeyPage, PasskeyProvider } from "../shared/passkey.js";
export type { PasskeyEvent, PasskeyEventHandler } from "./options/event.js";
export type { PasskeyLogLevel } from "./options/log-level.js";
export type { PasskeySignUpOptions } from "./options/sign-up.js";
export type { GatedAction, PasskeyStepUpOptions } from "./options/step-up.js";
export type { PasskeyTwoFactorOptions } from "./options/two-factor.js";
