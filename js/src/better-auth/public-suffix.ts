/** Second-level names under which registries of countries sell names: the `co` of `example.co.uk`. */
const SECOND_LEVEL = new Set(["ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "nom", "or", "org"]);

/** Hosts whose subdomains belong to different people, so that browsers treat them as registries. */
const SHARED_HOSTS = new Set([
	"azurewebsites.net",
	"cloudfront.net",
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
 * Whether nobody can own a host, as a public suffix: `com`, `co.uk`, `vercel.app`.
 *
 * The public suffix list has ten thousand lines and changes weekly. These are its rules that configurations really meet;
 * what they do not know counts as a domain of somebody, so a right configuration is not refused.
 */
export function isPublicSuffix(host: string): boolean {
	const labels = host.split(".");
	if (labels.length === 1) return host !== "localhost";
	const [name = "", country = ""] = labels;
	if (labels.length === 2 && country.length === 2 && SECOND_LEVEL.has(name)) return true;
	return SHARED_HOSTS.has(host);
}

/** The label by which browsers count related origins: the `example` of `shop.example.co.uk`. Null where there is none. */
export function registrableLabel(host: string): string | null {
	const labels = host.split(".");
	const first = labels.findIndex((_, index) => isPublicSuffix(labels.slice(index).join(".")));
	return first > 0 ? (labels[first - 1] ?? null) : null;
}
