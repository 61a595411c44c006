/** What may be put behind the gate beside adding a passkey, which always is. */
export const GATED_ACTIONS = ["rename", "remove"] as const;

export type GatedAction = (typeof GATED_ACTIONS)[number];

export interface PasskeyStepUpOptions {
	/**
	 * How long the proof of a step-up can be used, in seconds, 10 to 900. It can be used once.
	 *
	 * @default 300
	 */
	expiresIn?: number | undefined;
	/**
	 * What needs a session that is fresh by Better Auth's `session.freshAge`, or else a proof for the purpose
	 * `passkey:rename` or `passkey:remove`, which is for revoking too. Adding a passkey to the account that is signed in
	 * always does (`passkey:add`).
	 *
	 * @default []
	 */
	require?: GatedAction[] | undefined;
}
