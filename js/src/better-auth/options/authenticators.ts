import { commonAuthenticatorNames } from "../../shared/authenticator-names.js";
import type { PasskeyProvider } from "../../shared/passkey.js";
import { configError } from "./config-error.js";

/** Names of authenticators, or names with icons, by AAGUID in lower case. */
export type Authenticators = Readonly<Record<string, string | PasskeyProvider>>;

const AAGUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function parseAuthenticators(authenticators: Authenticators = commonAuthenticatorNames): Authenticators {
	for (const [aaguid, value] of Object.entries(authenticators)) {
		if (!AAGUID.test(aaguid)) {
			throw configError(
				`authenticators: ${JSON.stringify(aaguid)} is not a valid AAGUID`,
				'an AAGUID in lower case, such as "bada5566-a7aa-401f-bd96-45619a55120d"',
			);
		}
		const { name, icon } = typeof value === "string" ? { name: value } : (value ?? {});
		const isText = (text: unknown) => typeof text === "string" && text !== "";
		if (isText(name) && (icon === undefined || isText(icon))) continue;
		throw configError(
			`authenticators: the value of ${aaguid} is ${JSON.stringify(value)}`,
			'"1Password" or { name: "1Password", icon: "/1password.svg" }',
		);
	}
	return authenticators;
}
