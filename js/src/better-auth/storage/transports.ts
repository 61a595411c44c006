import type { WebAuthnCredential } from "../../core/types.js";
import type { PasskeyRow } from "./passkeys.js";

/**
 * Transports are hints. The browser gets them back unchanged, even unknown ones. The column separates them by commas.
 */
const TRANSPORT = /^[a-z][a-z-]{0,31}$/;

export function joinTransports(transports: readonly string[] | null | undefined): string {
	return [...new Set(transports ?? [])].filter((transport) => TRANSPORT.test(transport)).join(",");
}

export function toDescriptor(passkey: PasskeyRow): Pick<WebAuthnCredential, "id" | "transports"> {
	const transports = passkey.transports?.split(",").filter((transport) => TRANSPORT.test(transport));
	return {
		id: passkey.credentialID,
		...(transports?.length && { transports }),
	};
}
