import { BetterAuthError } from "better-auth";
import { fingerprintBytes } from "../core/android-origin.js";
import { registrableLabel } from "../core/origin.js";

export interface AndroidApp {
	/** The application ID, for example `com.example.app`. */
	packageName: string;
	/**
	 * The SHA-256 fingerprint of each certificate that signs the app, in a form that `androidOrigin()` accepts. An app on
	 * Play needs the fingerprint of Play's signing key. Builds that are installed without Play need the fingerprint of
	 * the upload key.
	 */
	fingerprints: readonly string[];
	/**
	 * Whether the app may also open the site's links without asking the user. Google's guide to passkeys asks for it.
	 * It has no effect unless the app's manifest has verified links.
	 *
	 * @default true
	 */
	handleAllUrls?: boolean | undefined;
}

export interface WellKnownFileOptions {
	/**
	 * How long a client may cache the file, in seconds; a whole number from 0.
	 *
	 * @default 3600
	 */
	maxAge?: number | undefined;
}

export interface RelatedOriginsOptions extends WellKnownFileOptions {
	/**
	 * How many different labels the origins may have. The label of `shop.example.co.uk` is `example`. Every browser
	 * accepts five labels and may ignore the origins of any further one.
	 *
	 * @default 5
	 */
	maxLabels?: number | undefined;
}

export interface WellKnownOptions extends RelatedOriginsOptions {
	/** The apps in `apple-app-site-association`, as team ID, dot, bundle ID: `ABCDE12345.com.example.app`. */
	appleApps?: readonly string[] | undefined;
	/** The apps in `assetlinks.json`. */
	androidApps?: readonly AndroidApp[] | undefined;
	/** The origins in `webauthn`: other sites that may use the passkeys of this site. */
	relatedOrigins?: readonly string[] | undefined;
}

type FileHandler = (request: Request) => Response;

/**
 * Serves the files under `/.well-known/` that let apps and other sites use the passkeys of this site. Serve them on the
 * domain that is the RP ID. The handler returns undefined for any other path and for a file without an option.
 *
 * @example
 * const files = wellKnown({ appleApps: ["ABCDE12345.com.example.app"] });
 * const handle = (request: Request) => files(request) ?? auth.handler(request);
 *
 * @throws `BetterAuthError` for invalid options.
 */
export function wellKnown(options: WellKnownOptions): (request: Request) => Response | undefined {
	const { appleApps, androidApps, relatedOrigins: origins } = options;
	const files = new Map<string, FileHandler>();
	if (appleApps) files.set("apple-app-site-association", appleAppSiteAssociation(appleApps, options));
	if (androidApps) files.set("assetlinks.json", assetLinks(androidApps, options));
	if (origins) files.set("webauthn", relatedOrigins(origins, options));
	if (files.size === 0) {
		throw refused("the options contain no file to serve", "at least one of appleApps, androidApps and relatedOrigins");
	}
	return (request) => {
		const [, name = ""] = /^\/\.well-known\/([^/]+)$/.exec(new URL(request.url).pathname) ?? [];
		return files.get(name)?.(request);
	};
}

/**
 * Serves only `/.well-known/apple-app-site-association`, for routers with one file for each path.
 *
 * @throws `BetterAuthError` for an invalid option.
 */
export function appleAppSiteAssociation(apps: readonly string[], options: WellKnownFileOptions = {}): FileHandler {
	for (const app of listOf("appleApps", apps)) {
		if (typeof app === "string" && /^[A-Z0-9]{10}\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(app)) continue;
		const right = '"ABCDE12345.com.example.app", the team ID of ten characters, a dot and the bundle ID';
		throw refused(`appleApps has ${JSON.stringify(app)}, which is not an application identifier`, right);
	}
	return file({ webcredentials: { apps } }, options);
}

/**
 * Serves only `/.well-known/assetlinks.json`.
 *
 * @throws `BetterAuthError` for an invalid option.
 */
export function assetLinks(apps: readonly AndroidApp[], options: WellKnownFileOptions = {}): FileHandler {
	return file(listOf("androidApps", apps).map(statement), options);
}

/**
 * Serves only `/.well-known/webauthn`: the origins of other sites whose pages may use this site's passkeys. List them
 * in the plugin's `relatedOrigins` as well. Browsers read this file, and the server reads the option.
 *
 * @throws `BetterAuthError` for an invalid option.
 */
export function relatedOrigins(origins: readonly string[], options: RelatedOriginsOptions = {}): FileHandler {
	for (const origin of listOf("relatedOrigins", origins)) requireOrigin(origin);
	const labels = new Set(origins.map((origin) => registrableLabel(new URL(origin).hostname) ?? origin));
	const max = whole("maxLabels", options.maxLabels ?? 5);
	if (labels.size > max) {
		const problem = `relatedOrigins has ${labels.size} different labels (${[...labels].join(", ")}), more than ${max}`;
		throw refused(problem, `origins with at most ${max} labels; example.com and example.co.uk have the same label`);
	}
	return file({ origins }, options);
}

function statement({ packageName, fingerprints, handleAllUrls = true }: AndroidApp) {
	if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)+$/.test(packageName)) {
		const problem = `androidApps has the packageName ${JSON.stringify(packageName)}, which is not an application ID`;
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

/** Colons between bytes and capital letters: the only form that the file format allows. */
function colonHex(fingerprint: string): string {
	const bytes = fingerprintBytes(fingerprint);
	if (bytes) return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
	const isSha1 = /^[0-9a-f]{2}(:?[0-9a-f]{2}){19}$/i.test(String(fingerprint).trim());
	const kind = isSha1 ? "a SHA-1 fingerprint" : "not a SHA-256 fingerprint";
	throw refused(
		`the fingerprint ${JSON.stringify(fingerprint)} is ${kind}`,
		'the line "SHA256:" from `keytool -list -v` or the Play console: 32 bytes such as "FA:C6:17:…"',
	);
}

function requireOrigin(value: string): void {
	const url = URL.canParse(value) ? new URL(value) : null;
	if (url?.protocol === "https:" && url.origin === value) return;
	const right = url?.protocol === "https:" ? url.origin : "https://example.com";
	throw refused(`relatedOrigins has ${JSON.stringify(value)}, which is not an exact https origin`, `"${right}"`);
}

function listOf<T>(name: string, list: readonly T[]): readonly T[] {
	if (Array.isArray(list) && list.length > 0) return list;
	throw refused(
		`${name}: the value is not a list, or the list is empty`,
		"a list with at least one item, or omit the option",
	);
}

function whole(name: string, value: number): number {
	if (Number.isSafeInteger(value) && value >= 0) return value;
	throw refused(`${name} is ${JSON.stringify(value)}`, "a whole number that is at least 0");
}

/** Apple's and Google's fetchers accept only `application/json` and do not follow redirects. */
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

function refused(problem: string, use: string): BetterAuthError {
	return new BetterAuthError(`wellKnown: ${problem}. Use ${use}.`);
}
