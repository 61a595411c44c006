import { BetterAuthError } from "better-auth";
import { fingerprintBytes } from "../core/android-origin.js";
import { registrableLabel } from "../core/origin.js";

export interface AndroidApp {
	/** The application ID, for example `com.example.app`. */
	packageName: string;
	/**
	 * SHA-256 of each certificate that signs the app, in the forms that `androidOrigin()` takes. An app on Play needs that
	 * of the key that Play signs with; builds that are installed without Play need that of the upload key.
	 */
	fingerprints: readonly string[];
	/**
	 * Whether the app may also open the site's links without asking. Google's guide to passkeys asks for it; without
	 * verified links in the app's manifest it changes nothing.
	 *
	 * @default true
	 */
	handleAllUrls?: boolean | undefined;
}

export interface WellKnownFileOptions {
	/**
	 * For how many seconds a client may keep the file.
	 *
	 * @default 3600
	 */
	maxAge?: number | undefined;
}

export interface RelatedOriginsOptions extends WellKnownFileOptions {
	/**
	 * How many different names (the `example` of `shop.example.co.uk`) the origins may have. Browsers read five for sure
	 * and may ignore every origin beyond.
	 *
	 * @default 5
	 */
	maxLabels?: number | undefined;
}

export interface WellKnownOptions extends RelatedOriginsOptions {
	/** Apps for `apple-app-site-association`: team ID, a dot, bundle ID. */
	appleApps?: readonly string[] | undefined;
	/** Apps for `assetlinks.json`. */
	androidApps?: readonly AndroidApp[] | undefined;
	/** Origins for `webauthn`: the other sites that may use the passkeys of this one. */
	relatedOrigins?: readonly string[] | undefined;
}

type FileHandler = (request: Request) => Response;

/**
 * Serves the files under `/.well-known/` by which apps and other sites share the passkeys of this one, on the domain that
 * is the RP ID. Answers undefined for every other path and for each file that the options do not speak of.
 *
 * @example
 * const files = wellKnown({ appleApps: ["ABCDE12345.com.example.app"] });
 * const answer = (request: Request) => files(request) ?? auth.handler(request);
 *
 * @throws `BetterAuthError` for options that cannot work.
 */
export function wellKnown(options: WellKnownOptions): (request: Request) => Response | undefined {
	const { appleApps, androidApps, relatedOrigins: origins } = options;
	const files = new Map<string, FileHandler>();
	if (appleApps) files.set("apple-app-site-association", appleAppSiteAssociation(appleApps, options));
	if (androidApps) files.set("assetlinks.json", assetLinks(androidApps, options));
	if (origins) files.set("webauthn", relatedOrigins(origins, options));
	if (files.size === 0) {
		throw refused("there is nothing to serve", 'appleApps: ["ABCDE12345.com.example.app"]');
	}
	return (request) => {
		const [, name = ""] = /^\/\.well-known\/([^/]+)$/.exec(new URL(request.url).pathname) ?? [];
		return files.get(name)?.(request);
	};
}

/**
 * `/.well-known/apple-app-site-association` by itself, for routers with one file for each path.
 *
 * @throws `BetterAuthError`
 */
export function appleAppSiteAssociation(apps: readonly string[], options: WellKnownFileOptions = {}): FileHandler {
	for (const app of listOf("appleApps", apps)) {
		if (typeof app === "string" && /^[A-Z0-9]{10}\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(app)) continue;
		const right = '"ABCDE12345.com.example.app", the team ID of ten characters, a dot and the bundle ID';
		throw refused(`appleApps has ${JSON.stringify(app)}, which is no application identifier`, right);
	}
	return file({ webcredentials: { apps } }, options);
}

/**
 * `/.well-known/assetlinks.json` by itself.
 *
 * @throws `BetterAuthError`
 */
export function assetLinks(apps: readonly AndroidApp[], options: WellKnownFileOptions = {}): FileHandler {
	return file(listOf("androidApps", apps).map(statement), options);
}

/**
 * `/.well-known/webauthn` by itself: the origins, beside the site's own, whose pages may use its passkeys. List them in
 * the plugin's `origin` as well, because the server decides for itself.
 *
 * @throws `BetterAuthError`
 */
export function relatedOrigins(origins: readonly string[], options: RelatedOriginsOptions = {}): FileHandler {
	for (const origin of listOf("relatedOrigins", origins)) requireOrigin(origin);
	const labels = new Set(origins.map((origin) => registrableLabel(new URL(origin).hostname) ?? origin));
	const max = whole("maxLabels", options.maxLabels ?? 5);
	if (labels.size > max) {
		const problem = `relatedOrigins has ${labels.size} different names (${[...labels].join(", ")}), and browsers count ${max}`;
		throw refused(problem, `origins of at most ${max} names; country domains of one name count once`);
	}
	return file({ origins }, options);
}

function statement({ packageName, fingerprints, handleAllUrls = true }: AndroidApp) {
	if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)+$/.test(packageName)) {
		const problem = `androidApps has the packageName ${JSON.stringify(packageName)}, which is no application ID`;
		throw refused(problem, 'packageName: "com.example.app"');
	}
	const login = "delegate_permission/common.get_login_creds";
	return {
		relation: handleAllUrls ? ["delegate_permission/common.handle_all_urls", login] : [login],
		target: {
			namespace: "android_app",
			package_name: packageName,
			sha256_cert_fingerprints: listOf(`the fingerprints of ${packageName}`, fingerprints).map(colonHex),
		},
	};
}

/** The only form that the file may have. */
function colonHex(fingerprint: string): string {
	const bytes = fingerprintBytes(fingerprint);
	if (bytes) return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
	const isSha1 = /^[0-9a-f]{2}(:?[0-9a-f]{2}){19}$/i.test(String(fingerprint).trim());
	const problem = `the fingerprint ${JSON.stringify(fingerprint)} is ${isSha1 ? "a SHA-1" : "no SHA-256"}`;
	throw refused(problem, 'the line "SHA256:" of `keytool -list -v` or of the Play console, 32 bytes like "FA:C6:17:…"');
}

function requireOrigin(value: string): void {
	const url = URL.canParse(value) ? new URL(value) : null;
	if (url?.protocol === "https:" && url.origin === value) return;
	const right = url?.protocol === "https:" ? url.origin : "https://example.com";
	throw refused(`relatedOrigins has ${JSON.stringify(value)}, which is no exact https origin`, `"${right}"`);
}

function listOf<T>(name: string, list: readonly T[]): readonly T[] {
	if (Array.isArray(list) && list.length > 0) return list;
	throw refused(`${name}: not a list with something in it`, "a list, or leave it out");
}

function whole(name: string, value: number): number {
	if (Number.isSafeInteger(value) && value >= 0) return value;
	throw refused(`${name} is ${JSON.stringify(value)}`, `${name}: a whole number`);
}

/** Apple's and Google's fetchers take `application/json` only, and follow no redirect. */
function file(content: object, { maxAge = 3600 }: WellKnownFileOptions): FileHandler {
	const body = JSON.stringify(content);
	const headers = {
		"content-type": "application/json",
		"cache-control": `public, max-age=${whole("maxAge", maxAge)}`,
	};
	return ({ method }) => {
		if (method === "GET") return new Response(body, { headers });
		if (method === "HEAD") return new Response(null, { headers });
		return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
	};
}

function refused(problem: string, write: string): BetterAuthError {
	return new BetterAuthError(`wellKnown: ${problem}. Write ${write}.`);
}
