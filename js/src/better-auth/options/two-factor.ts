export interface PasskeyTwoFactorOptions {
	/**
	 * Whether a passkey with user verification (PIN, fingerprint, face) counts as both factors for users of Better Auth's
	 * `twoFactor` plugin. If false, these users are asked for their second factor after the passkey. A passkey without
	 * user verification always counts as one factor, and the second factor is requested. Users on a trusted device are
	 * not asked.
	 *
	 * @default true
	 */
	countsAsBoth?: boolean | undefined;
}
