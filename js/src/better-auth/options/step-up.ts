/** The actions that can require a fresh session or a proof. Adding a passkey always does. */
export const GATED_ACTIONS = ["rename", "remove"] as const;

export type GatedAction = (typeof GATED_ACTIONS)[number];

export interface PasskeyStepUpOptions {
	/**
	 * The lifetime of a step-up proof in seconds, 10 to 900. A proof can be used once.
	 *
	 * @default 300
	 */
	expiresIn?: number | undefined;
	/**
	 * The actions that require a fresh session (Better Auth's `session.freshAge`) or a proof. The purpose of the proof is
	 * `passkey:rename` for `rename`, and `passkey:remove` for `remove`, which covers deleting and revoking. Adding a
	 * passkey to the signed-in account always requires this, with the purpose `passkey:add`.
	 *
	 * @default []
	 */
	require?: GatedAction[] | undefined;
}
