import { configError } from "./config-error.js";

/** @throws `BetterAuthError` for a value that no browser or app sends as its origin. */
export function parseOrigins(name: string, origin: string | readonly string[] | null | undefined): string[] | null {
	if (origin === null || origin === undefined || origin === "") return null;
	const origins = typeof origin === "string" ? [origin] : [...origin];
	if (origins.length === 0) throw configError(`${name} is an empty list`, `${name}: ["https://example.com"]`);
	for (const value of origins) {
		const url = URL.canParse(value) ? new URL(value) : null;
		if (!url) throw configError(`${JSON.stringify(value)} is not an origin`, `${name}: "https://example.com"`);
		// Origins are compared as strings: an origin in another spelling than the browser's would silently never match.
		if (/^https?:$/.test(url.protocol) && url.origin !== value)
			throw configError(`${name} ${JSON.stringify(value)} is not an exact origin`, `"${url.origin}"`);
	}
	return origins;
}

/** @throws `BetterAuthError` for a value that is not a domain. */
export function parseRpID(value: string | null | undefined): string | null {
	if (!value) return null;
	const host = URL.canParse(`https://${value}`) ? new URL(`https://${value}`).hostname : "";
	if (host !== value)
		throw configError(`rpID ${JSON.stringify(value)} is not a plain domain`, `rpID: "${hostOf(value)}"`);
	return value;
}

function hostOf(value: string): string {
	for (const candidate of [value, `https://${value}`]) {
		const host = URL.canParse(candidate) ? new URL(candidate).hostname : "";
		if (host) return host;
	}
	return "example.com";
}
