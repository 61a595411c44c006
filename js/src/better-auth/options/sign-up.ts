import type { GenericEndpointContext } from "better-auth";
import { configError } from "./config-error.js";

export interface PasskeySignUpOptions {
	/**
	 * Returns the values of the new user's `additionalFields`. Better Auth checks them as in its other sign-ups. `email`
	 * is the address that the user typed, without proof; `context` is the text that the client sent. If the function
	 * throws, the sign-up is refused.
	 *
	 * @default the default values of the fields; without this function each required field must have a `defaultValue`
	 */
	user?:
		| ((args: {
				ctx: GenericEndpointContext;
				name: string;
				email: string | null;
				context: string | null;
		  }) => Record<string, unknown> | Promise<Record<string, unknown>>)
		| undefined;
}

export function parseSignUp(signUp: boolean | PasskeySignUpOptions | undefined): PasskeySignUpOptions | null {
	if (signUp === undefined || signUp === false) return null;
	if (signUp === true) return {};
	const isObject = typeof signUp === "object" && signUp !== null;
	const unknown = isObject && Object.keys(signUp).find((name) => name !== "user");
	if (unknown) throw configError(`signUp.${unknown} is not an option`, "signUp: { user }");
	if (isObject && ["undefined", "function"].includes(typeof signUp.user)) return signUp;
	throw configError(
		"signUp is neither a boolean nor an object with the function user",
		"true, false or { user: () => ({ … }) }",
	);
}
