/**
 * Names of authenticators by AAGUID: password managers, platforms and security keys. Use them for the plugin's option
 * `authenticators`, or for `getAuthenticatorName()`.
 *
 * FIDO's metadata and the makers publish these names; the list is from autumn 2026. It excludes authenticators made for
 * tests. There are no icons, because logos belong to their owners. Add the icons that you have the right to use.
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
