export interface PasskeyTwoFactorOptions {
	/**
	 * Whether a passkey whose authenticator verified its user (PIN, fingerprint, face) is both factors for users of Better
	 * Auth's `twoFactor` plugin. If not, they are asked for their second factor after it. A passkey without user verification
	 * is one factor in any case, and they are asked. Not asked is who uses a device that the user has trusted.
	 *
	 * @default true
	 */
	countsAsBoth?: boolean | undefined;
}
