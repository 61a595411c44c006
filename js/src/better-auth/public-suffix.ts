/** Where many people have their deployments side by side: the suffixes that get into configurations by mistake. */
const SHARED: ReadonlySet<string> = new Set([
	"azurewebsites.net",
	"cloudfront.net",
	"co.uk",
	"com.au",
	"deno.dev",
	"firebaseapp.com",
	"fly.dev",
	"github.io",
	"herokuapp.com",
	"netlify.app",
	"ngrok.app",
	"ngrok-free.app",
	"onrender.com",
	"pages.dev",
	"trycloudflare.com",
	"up.railway.app",
	"vercel.app",
	"web.app",
	"workers.dev",
]);

/**
 * Whether hosts under this name belong to different people, as far as that can be told without the Public Suffix List:
 * single labels and a few well-known names. Browsers know the whole list and refuse the rest.
 */
export function isPublicSuffix(name: string): boolean {
	return !name.includes(".") || SHARED.has(name);
}
