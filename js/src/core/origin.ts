/** Second-level names under which country registries sell domains: the `co` of `example.co.uk`. */
const SECOND_LEVEL = new Set(["ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "nom", "or", "org"]);

/** Hosts whose subdomains belong to different people: hosting platforms, and the most common registries. */
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
 * Whether the host is a public suffix, which no site can own: `com`, `co.uk`, `vercel.app`. Such an RP ID is refused, so
 * this includes only certain cases. The full list has ten thousand lines and changes weekly; browsers check the rest.
 */
export function isPublicSuffix(host: string): boolean {
	return host.includes(".") ? SHARED_HOSTS.has(host) : host !== "localhost";
}

/** The label by which browsers count related origins: the `example` of `shop.example.co.uk`. Null if there is none. */
export function registrableLabel(host: string): string | null {
	const labels = host.split(".");
	const first = labels.findIndex((_, index) => isLikeSuffix(labels.slice(index).join(".")));
	return first > 0 ? (labels[first - 1] ?? null) : null;
}

/** May be wrong, which is acceptable for a count: `go.io` looks like a registry's suffix, but it is a normal domain. */
function isLikeSuffix(host: string): boolean {
	const [name = "", country = "", ...more] = host.split(".");
	return isPublicSuffix(host) || (more.length === 0 && country.length === 2 && SECOND_LEVEL.has(name));
}

/** Only the web origins. Apps have origins with other schemes, such as `android:apk-key-hash:…`. */
export function webOrigins(origins: readonly string[]): string[] {
	return origins.filter(isWeb);
}

/** The hosts of the web origins. */
export function webHosts(origins: readonly string[]): string[] {
	return webOrigins(origins).map((origin) => new URL(origin).hostname);
}

function isWeb(origin: string): boolean {
	return /^https?:\/\/./.test(origin) && URL.canParse(origin);
}

/** Whether a page on this host may use the RP ID: the host itself or one of its parent domains. Spec: 5.1.3 step 8. */
export function isWithin(host: string, rpID: string): boolean {
	if (host === rpID) return true;
	const isAddress = host.startsWith("[") || /^[\d.]+$/.test(host);
	return !isAddress && !isPublicSuffix(rpID) && host.endsWith(`.${rpID}`);
}
