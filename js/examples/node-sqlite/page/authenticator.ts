import { getAuthenticatorName } from "touchstone-webauthn/better-auth/client";

export interface PasskeyRow {
	id: string;
	name?: string | null | undefined;
	aaguid?: string | null | undefined;
	transports?: string | null | undefined;
	deviceType: string;
	createdAt?: Date | string | null | undefined;
	lastUsedAt?: Date | string | null | undefined;
}

export interface Description {
	/** The name that the user gave it, or else the kind of passkey. */
	title: string;
	/** The kind of passkey, unless the title already says it. */
	kind: string;
	icon: string;
}

/** Describes a passkey by its name, its authenticator's model and its transports. */
export function describe(row: PasskeyRow): Description {
	const synced = row.deviceType === "multiDevice";
	const model = getAuthenticatorName(row.aaguid ?? undefined);
	const [reached, icon] = synced ? [undefined, model ? "vault" : "synced"] : howReached(row);
	const what = model ?? reached;
	const place = synced ? "Synced between your devices" : "Stays on one device";
	return {
		title: row.name || what || "Passkey",
		kind: row.name && what ? `${what} · ${place}` : place,
		icon,
	};
}

/** Most platforms hide the authenticator's model, so the transports are used instead. */
function howReached(row: PasskeyRow): [name: string, icon: string] {
	const transports = new Set(row.transports?.split(","));
	if (transports.has("internal")) return ["Built-in authenticator", "device"];
	if (transports.has("usb") || transports.has("nfc") || transports.has("ble")) return ["Security key", "security-key"];
	if (transports.has("hybrid")) return ["Phone or tablet", "phone"];
	return ["Passkey", "passkey"];
}
