/** Second-level names under which registries of countries sell names: the `co` of `example.co.uk`. */
const SECOND_LEVEL = new Set(["ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "nom", "or", "org"]);

/** Hosts whose subdomains belong to different people: deployments side by side, and the registries met most. */
const SHARED_HOSTS = new Set([
	"azurewebsites.net",
	"cloudfront.net",
	"co.uk",
	"com.au",
	"deno.dev",
	"firebaseapp.com",
	"fly.dev",
	"github.io",
	"gitlab.io",
	"herokuapp.com",
	"netlify.app",
	"ngrok-free.app",
	"ngrok.app",
	"onrender.com",
	"pages.dev",
	"railway.app",
	"trycloudflare.com",
	"up.railway.app",
	"vercel.app",
	"web.app",
	"workers.dev",
]);

/**
 * Whether nobody can own a host, as a public suffix: `com`, `co.uk`, `vercel.app`. An RP ID that is one is refused, so
 * only what is certain counts: the list has ten thousand lines and changes weekly, and browsers know the rest.
 */
export function isPublicSuffix(host: string): boolean {
	return host.includes(".") ? SHARED_HOSTS.has(host) : host !== "localhost";
}

/** The label by which browsers count related origins: the `example` of `shop.example.co.uk`. Null where there is none. */
export function registrableLabel(host: string): string | null {
	const labels = host.split(".");
	const first = labels.findIndex((_, index) => isLikeSuffix(labels.slice(index).join(".")));
	return first > 0 ? (labels[first - 1] ?? null) : null;
}

/** A count may guess: `go.io` looks like the suffix of a registry, and is somebody's domain. */
function isLikeSuffix(host: string): boolean {
	const [name = "", country = "", ...more] = host.split(".");
	return isPublicSuffix(host) || (more.length === 0 && country.length === 2 && SECOND_LEVEL.has(name));
}

/** The web origins among these. Apps have origins of other schemes, such as `android:apk-key-hash:…`. */
export function webOrigins(origins: readonly string[]): string[] {
	return origins.filter(isWeb);
}

/** The hosts of the web origins among these. */
export function webHosts(origins: readonly string[]): string[] {
	return webOrigins(origins).map((origin) => new URL(origin).hostname);
}

export function isWeb(origin: string): boolean {
	return /^https?:/i.test(origin) && URL.canParse(origin);
}

/** Whether a page on this host may use the RP ID: its own host, or a domain that it belongs to. Spec: 5.1.3 step 8. */
export function isWithin(host: string, rpID: string): boolean {
	if (host === rpID) return true;
	const isAddress = host.startsWith("[") || /^[\d.]+$/.test(host);
	return !isAddress && !isPublicSuffix(rpID) && host.endsWith(`.${rpID}`);
}
