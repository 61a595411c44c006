/**
 * Names of authenticators by AAGUID: password managers, platforms, security keys. For the plugin's option
 * `authenticators`, or for `getAuthenticatorName()`.
 *
 * The names are facts that FIDO's metadata and the makers publish, in the state of autumn 2026; what was made for tests
 * is left out. There are no icons, because logos belong to their owners: add those that you may use.
 *
 * @example
 * passkey({ authenticators: { ...aaguids, "bada5566-a7aa-401f-bd96-45619a55120d": { name: "1Password", icon: "/1p.svg" } } });
 *
 * @module
 */
import { others } from "./aaguids/others.js";
import { yubico } from "./aaguids/yubico.js";
import { commonAuthenticatorNames } from "./shared/authenticator-names.js";

export const aaguids: Readonly<Record<string, string>> = { ...commonAuthenticatorNames, ...others, ...yubico };
