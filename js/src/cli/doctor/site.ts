import { fingerprintBytes } from "../../core/android-origin.js";
import { encodeBase64Url } from "../../core/base64.js";
import { isWithin, registrableLabel, webOrigins } from "../../core/origin.js";
import { type Check, fail, ok, reasonOf, warn } from "../report.js";
import type { KnownRelyingParty } from "./configuration.js";

interface Answer {
	status: number;
	type: string;
	/** The target of a redirect that was not followed. */
	location: string | null;
	json: unknown;
}

async function get(url: URL, redirect: "follow" | "manual" = "manual"): Promise<Answer> {
	const response = await fetch(url, { redirect, signal: AbortSignal.timeout(10_000) });
	const text = await response.text();
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	const type = (response.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
	return { status: response.status, type, location: response.headers.get("location"), json };
}

/** Checks the running site: its passkey endpoint, and the files that apps and browsers read. */
export async function checkSite(
	url: URL,
	configured: KnownRelyingParty | null,
	basePath = "/api/auth",
): Promise<Check[]> {
	const endpoint = new URL(`${url.pathname === "/" ? basePath : url.pathname}`.replace(/\/+$/, ""), url);
	const { checks, rpID } = await checkEndpoint(endpoint, configured);
	if (configured && !configured.origins.includes(url.origin)) {
		const message = `the server does not accept passkeys from ${url.origin}, only from ${configured.origins.join(", ")}.`;
		checks.push(warn("site-origin", message, `add "${url.origin}" to origin, unless no pages are served from there`));
	}
	const site = siteOf(url, configured?.rpID ?? rpID);
	const files = await Promise.all([
		checkApple(site),
		checkAssetLinks(site, configured),
		checkRelatedOrigins(site, configured),
	]);
	return [...checks, ...files.flat()];
}

/** The files must be on the host of the RP ID, even if the site itself is on a subdomain such as `www.`. */
function siteOf(url: URL, rpID: string | null): string {
	return rpID === null || rpID === url.hostname || !isWithin(url.hostname, rpID) ? url.origin : `https://${rpID}`;
}

async function checkEndpoint(base: URL, configured: KnownRelyingParty | null) {
	const url = new URL(`${base.pathname}/passkey/generate-authenticate-options`, base);
	const bad = (message: string, fix: string) => ({ checks: [fail("site-endpoint", message, fix)], rpID: null });
	let answer: Answer;
	try {
		answer = await get(url);
	} catch (error) {
		return bad(`${url} does not answer: ${reasonOf(error)}`, "start the site, or correct the address after --url");
	}
	const { status, location, json } = answer;
	if (location !== null) {
		return bad(
			`${url} redirects to ${location}.`,
			`use --url ${originOf(location, url)}, and the same address as baseURL`,
		);
	}
	const rpID = (json as { rpId?: unknown } | null | undefined)?.rpId;
	if (status !== 200 || typeof rpID !== "string") {
		const fix =
			"route the requests below Better Auth's path to auth.handler; if the path is not /api/auth, add it to --url";
		return bad(`${url} returns status ${status}${json === undefined ? " without JSON" : ""}.`, fix);
	}
	if (configured && rpID !== configured.rpID) {
		const message = `the RP ID of the site is ${rpID}, but the RP ID of the configuration is ${configured.rpID}.`;
		return {
			checks: [fail("site-rp-id", message, "deploy the configuration, or run the doctor with the site's variables")],
			rpID,
		};
	}
	if (!isWithin(base.hostname, rpID)) {
		const message = `${base.hostname} is not within the site's RP ID ${rpID}.`;
		return {
			checks: [warn("site-rp-id", message, "ignore this if the pages are on another host; otherwise correct rpID")],
			rpID,
		};
	}
	return { checks: [ok("site-rp-id", `${rpID}, from ${url}`)], rpID };
}

/** Reads a file below `/.well-known/`. Returns its content, or a check that says why the file cannot be used. */
async function fileOf(
	site: string,
	name: string,
	why: string | null,
): Promise<{ content: unknown } | { check: Check }> {
	const id = name.replace(/\..*$/, "");
	const url = new URL(`/.well-known/${name}`, site);
	let answer: Answer;
	try {
		// Browsers follow redirects; Apple and Google do not.
		answer = await get(url, name === "webauthn" ? "follow" : "manual");
	} catch (error) {
		return { check: fail(id, `${url} does not answer: ${reasonOf(error)}`, "serve the file on the host of the RP ID") };
	}
	const { status, type, location, json } = answer;
	if (location !== null) {
		const message = `${url} redirects to ${location}, but Apple and Google do not follow redirects.`;
		return { check: fail(id, message, "serve the file itself on the host of the RP ID") };
	}
	if (status === 404 || (status === 200 && type === "text/html")) {
		if (why === null) return { check: ok(id, `${url} is not served, and the configuration does not need it`) };
		return {
			check: fail(
				id,
				`${url} is not served, but ${why}.`,
				"serve it with wellKnown() of touchstone-webauthn/better-auth",
			),
		};
	}
	if (status !== 200) return { check: fail(id, `${url} returns status ${status}.`, "make the file public") };
	if (json === undefined) return { check: fail(id, `${url} is not JSON.`, "generate the file with wellKnown()") };
	if (type !== "application/json") {
		const message = `${url} has the content type ${type || "none"}.`;
		return { check: fail(id, message, "send content-type: application/json") };
	}
	return { content: json };
}

async function checkApple(site: string): Promise<Check[]> {
	const file = await fileOf(site, "apple-app-site-association", null);
	if ("check" in file) return [file.check];
	const id = "apple-app-site-association";
	const { webcredentials } = (file.content ?? {}) as { webcredentials?: { apps?: unknown } };
	const apps = stringsOf(webcredentials?.apps);
	const fix = 'write { "webcredentials": { "apps": ["ABCDE12345.com.example.app"] } }';
	if (!apps?.length) return [fail(id, "the file lists no apps under webcredentials.", fix)];
	const wrong = apps.find((app) => !/^[A-Z0-9]{10}\.[\w.-]+$/.test(app));
	if (wrong !== undefined) return [fail(id, `${wrong} is not a team ID, a dot and a bundle ID.`, fix)];
	return [ok(id, apps.join(", "))];
}

async function checkAssetLinks(site: string, configured: KnownRelyingParty | null): Promise<Check[]> {
	const id = "assetlinks";
	const hashes = (configured?.origins ?? []).flatMap((origin) => /^android:apk-key-hash:(.*)$/.exec(origin)?.[1] ?? []);
	const file = await fileOf(site, "assetlinks.json", hashes.length > 0 ? "origin has an Android app" : null);
	if ("check" in file) return [file.check];
	const fingerprints = loginFingerprints(file.content);
	const unreadable = fingerprints.find((fingerprint) => !/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/i.test(fingerprint));
	if (unreadable !== undefined) {
		const message = `the file has the fingerprint ${unreadable}, but Google reads only SHA-256 in hex with colons.`;
		return [fail(id, message, "generate the file with wellKnown(), which accepts every form")];
	}
	const listed = new Set(fingerprints.map((text) => encodeBase64Url(fingerprintBytes(text) ?? new Uint8Array())));
	if (listed.size === 0) {
		const fix =
			'add the relation "delegate_permission/common.get_login_creds" and sha256_cert_fingerprints, as wellKnown() does';
		return [fail(id, "the file does not allow any app to use passkeys.", fix)];
	}
	const unlisted = hashes
		.filter((hash) => !listed.has(hash))
		.map((hash) => {
			const message = `the file lacks the certificate of android:apk-key-hash:${hash}, so Android refuses the app.`;
			return fail(id, message, "add the SHA-256 of the certificate to androidApps of wellKnown()");
		});
	const refused = [...listed]
		.filter((hash) => configured && !hashes.includes(hash))
		.map((hash) => {
			const message = `origin lacks android:apk-key-hash:${hash}, so the server refuses an app that the file allows.`;
			return fail(id, message, "use origin: […, ...androidOrigin(fingerprint)]");
		});
	const wrong = [...unlisted, ...refused];
	return wrong.length > 0 ? wrong : [ok(id, `${listed.size} ${listed.size === 1 ? "certificate" : "certificates"}`)];
}

async function checkRelatedOrigins(site: string, configured: KnownRelyingParty | null): Promise<Check[]> {
	const id = "webauthn";
	const origins = configured ? webOrigins(configured.origins) : [];
	const related = origins.filter((origin) => !isWithin(new URL(origin).hostname, configured?.rpID ?? ""));
	const why = related.length > 0 ? `origin has ${related.join(", ")}` : null;
	const file = await fileOf(site, "webauthn", why);
	if ("check" in file) return [file.check];
	const listed = stringsOf((file.content as { origins?: unknown } | null)?.origins);
	if (!listed) return [fail(id, "the file has no list of origins.", 'write { "origins": ["https://example.com"] }')];
	const checks: Check[] = [];
	for (const origin of related.filter((origin) => !listed.includes(origin))) {
		const message = `the file lacks ${origin}, so browsers refuse passkeys there.`;
		checks.push(fail(id, message, `use wellKnown({ relatedOrigins: ["${origin}"] })`));
	}
	for (const origin of listed.filter((origin) => configured && !origins.includes(origin))) {
		checks.push(
			fail(
				id,
				`relatedOrigins lacks ${origin}, so the server refuses an origin that the file allows.`,
				`use relatedOrigins: […, "${origin}"]`,
			),
		);
	}
	const hosts = listed.flatMap((origin) => (URL.canParse(origin) ? new URL(origin).hostname : []));
	const labels = new Set(hosts.flatMap((host) => registrableLabel(host) ?? []));
	if (labels.size > 5) {
		checks.push(
			warn(
				id,
				`the origins in the file have ${labels.size} different names, but browsers read only the first 5.`,
				"use fewer names, and put the most important ones first",
			),
		);
	}
	return checks.length > 0 ? checks : [ok(id, listed.join(", "))];
}

interface Statement {
	relation?: unknown;
	target?: { namespace?: unknown; sha256_cert_fingerprints?: unknown };
}

function loginFingerprints(content: unknown): string[] {
	const statements = Array.isArray(content) ? (content as (Statement | null)[]) : [];
	return statements.flatMap((statement) => {
		const logsIn = stringsOf(statement?.relation)?.includes("delegate_permission/common.get_login_creds");
		const isApp = statement?.target?.namespace === "android_app";
		return (logsIn && isApp && stringsOf(statement.target?.sha256_cert_fingerprints)) || [];
	});
}

function stringsOf(value: unknown): string[] | null {
	return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
}

function originOf(location: string, base: URL): string {
	return URL.canParse(location, base) ? new URL(location, base).origin : base.origin;
}
