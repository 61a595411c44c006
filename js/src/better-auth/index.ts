import type { BetterAuthPlugin } from "better-auth";
import { mergeSchema } from "better-auth/db";
import { PASSKEY_ERROR_CODES } from "../shared/error-codes.js";
import { offerPasskey } from "./authentication/second-factor.js";
import { limitBody } from "./body-limit.js";
import { prepareRelyingParty } from "./ceremony/relying-party.js";
import { revokeOnFirstProof } from "./management/unverified-email.js";
import type { PasskeyOptions } from "./options/options.js";
import { rateLimitRules } from "./options/rate-limit.js";
import { parseOptions } from "./options/resolve.js";
import { linkAnonymousUser } from "./registration/anonymous.js";
import { requireCreatableUsers } from "./registration/sign-up.js";
import { reportingContext } from "./reporting/log.js";
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
import { schemaOf } from "./storage/schema.js";

export { androidOrigin } from "../core/android-origin.js";
export { commonAuthenticatorNames, getAuthenticatorName } from "../shared/authenticator-names.js";
export { PASSKEY_ERROR_CODES, type PasskeyError, type PasskeyErrorCode } from "../shared/error-codes.js";
export type { VerifyAuthenticationBody } from "./authentication/assertion.js";
export type { TwoFactorRedirect } from "./authentication/second-factor.js";
export type { SignedIn } from "./authentication/start-session.js";
export type { RelyingPartyAtStart } from "./ceremony/relying-party.js";
export type { PasskeyCleanupResult } from "./management/cleanup.js";
export type { PasskeySignal } from "./management/signals.js";
// An application that exports `auth` and emits declarations needs a name for every part of the plugin's type.
export type { EndpointDescription } from "./openapi/openapi.js";
export type { Authenticators } from "./options/authenticators.js";
export type { BackupEligibilityChange, CounterRegression, PasskeyCleanupOptions } from "./options/lifecycle.js";
export type {
	PasskeyAuthenticationOptions,
	PasskeyCeremonyStep,
	PasskeyExtensionsResolver,
	PasskeyOptions,
	PasskeyRegistrationOptions,
	PasskeyRegistrationUser,
	PasskeyResolver,
} from "./options/options.js";
export type { PasskeyRateLimit, PasskeyRateLimits } from "./options/rate-limit.js";
export type { VerifyRegistrationBody } from "./routes/verify-registration.js";
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
 * Passkeys for Better Auth, with the endpoints, table and error codes of `@better-auth/passkey`.
 *
 * @example
 * export const auth = betterAuth({
 * 	baseURL: "https://example.com",
 * 	plugins: [passkey({ rpName: "Example" })],
 * });
 *
 * @throws `BetterAuthError` for invalid options, in this call or when Better Auth starts.
 */
export const passkey = (options: PasskeyOptions = {}) => {
	const resolved = parseOptions(options);
	return {
		id: "passkey",
		init: (context) => {
			requireCreatableUsers(resolved, context);
			const reporting = reportingContext(resolved);
			const relyingParty = prepareRelyingParty(resolved, { ...context, ...reporting });
			startCleanup(resolved, context);
			// The type names only what applications may read.
			const added = { ...reporting, ...relyingParty } as typeof relyingParty;
			return { context: added, options: { databaseHooks: revokeOnFirstProof() } };
		},
		onRequest: limitBody() as NonNullable<BetterAuthPlugin["onRequest"]>,
		endpoints: {
			generatePasskeyRegistrationOptions: generatePasskeyRegistrationOptions(resolved),
			generatePasskeyAuthenticationOptions: generatePasskeyAuthenticationOptions(resolved),
			verifyPasskeyRegistration: verifyPasskeyRegistration(resolved),
			verifyPasskeyAuthentication: verifyPasskeyAuthentication(resolved),
			listPasskeys: listPasskeys(resolved),
			deletePasskey: deletePasskey(resolved),
			updatePasskey: updatePasskey(resolved),
			confirmPasskeyEmail: confirmPasskeyEmail(),
			revokePasskey: revokePasskey(resolved),
			adminListPasskeys: adminListPasskeys(resolved),
			adminRevokePasskey: adminRevokePasskey(),
			cleanUpPasskeys: cleanUpPasskeys(resolved),
			generatePasskeyStepUpOptions: generatePasskeyStepUpOptions(resolved),
			verifyPasskeyStepUp: verifyPasskeyStepUp(resolved),
			requirePasskeyProof: requirePasskeyProof(),
			getPasskeySignals: getPasskeySignals(resolved),
		},
		hooks: { after: [offerPasskey, linkAnonymousUser(resolved)] },
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
