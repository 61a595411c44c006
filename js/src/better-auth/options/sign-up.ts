import type { GenericEndpointContext } from "better-auth";
import { misconfigured } from "./config-error.js";

export interface PasskeySignUpOptions {
	/**
	 * Values for the `additionalFields` of the new user, checked as in any other sign-up of Better Auth. `email` is what
	 * somebody typed and proves nothing; `context` is what the client gave with it. What it throws refuses the sign-up.
	 *
	 * @default the fields' own defaults; one that is required has to have a default then
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
	if (unknown) throw misconfigured(`signUp.${unknown} is unknown`, "user");
	if (isObject && ["undefined", "function"].includes(typeof signUp.user)) return signUp;
	throw misconfigured("signUp has another type", "true, false or { user: () => ({ … }) }");
}
