import { fingerprintBytes } from "../../core/android-origin.js";
import { encodeBase64Url } from "../../core/base64.js";
import { isWithin, registrableLabel, webOrigins } from "../../core/origin.js";
import { type Check, fail, ok, reasonOf, warn } from "../report.js";
import type { KnownRelyingParty } from "./configuration.js";

interface Answer {
	status: number;
	type: string;
	/** Where it redirects to, and was not followed. */
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

/** The running site: its passkey endpoint, and its files where apps and browsers look for them. */
export async function checkSite(
	url: URL,
	configured: KnownRelyingParty | null,
	basePath = "/api/auth",
): Promise<Check[]> {
	const endpoint = new URL(`${url.pathname === "/" ? basePath : url.pathname}`.replace(/\/+$/, ""), url);
	const { checks, rpID } = await checkEndpoint(endpoint, configured);
	if (configured && !configured.origins.includes(url.origin)) {
		const message = `passkeys are not accepted from ${url.origin}, only from ${configured.origins.join(", ")}.`;
		checks.push(warn("site-origin", message, `right where no page is there; else add "${url.origin}" to origin`));
	}
	const site = siteOf(url, configured?.rpID ?? rpID);
	const files = await Promise.all([
		checkApple(site),
		checkAssetLinks(site, configured),
		checkRelatedOrigins(site, configured),
	]);
	return [...checks, ...files.flat()];
}

/** The files belong to the RP ID's own host, also where the site is `www.` of it. */
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
		return bad(`${url} does not answer: ${reasonOf(error)}`, "start the site, or name the address it has");
	}
	const { status, location, json } = answer;
	if (location !== null) {
		return bad(`${url} redirects to ${location}.`, `--url ${originOf(location, url)}, and baseURL with it`);
	}
	const rpID = (json as { rpId?: unknown } | null | undefined)?.rpId;
	if (status !== 200 || typeof rpID !== "string") {
		const fix =
			"hand the requests below Better Auth's path to auth.handler; where it is not /api/auth, put it in --url";
		return bad(`${url} answers ${status}${json === undefined ? " and no JSON" : ""}.`, fix);
	}
	if (configured && rpID !== configured.rpID) {
		const message = `the site's RP ID is ${rpID}, that of the configuration is ${configured.rpID}.`;
		return {
			checks: [fail("site-rp-id", message, "deploy the configuration, or run the doctor with its variables")],
			rpID,
		};
	}
	if (!isWithin(base.hostname, rpID)) {
		const message = `the site's RP ID ${rpID} is no part of ${base.hostname}.`;
		return { checks: [warn("site-rp-id", message, "right where pages are served from another host")], rpID };
	}
	return { checks: [ok("site-rp-id", `${rpID}, from ${url}`)], rpID };
}

/** A file below `/.well-known/`: its content, or what is wrong with how it is served. */
async function fileOf(
	site: string,
	name: string,
	why: string | null,
): Promise<{ content: unknown } | { check: Check }> {
	const id = name.replace(/\..*$/, "");
	const url = new URL(`/.well-known/${name}`, site);
	let answer: Answer;
	try {
		// Of those who ask, browsers follow redirects; Apple and Google do not.
		answer = await get(url, name === "webauthn" ? "follow" : "manual");
	} catch (error) {
		return { check: fail(id, `${url} does not answer: ${reasonOf(error)}`, "serve it on the host of the RP ID") };
	}
	const { status, type, location, json } = answer;
	if (location !== null) {
		const message = `${url} redirects to ${location}, and whoever asks for it does not follow.`;
		return { check: fail(id, message, "answer with the file itself, on the host of the RP ID") };
	}
	if (status === 404 || (status === 200 && type === "text/html")) {
		if (why === null) return { check: ok(id, `${url} is not served; no app or other site needs it`) };
		return {
			check: fail(id, `${url} is not served: ${why}.`, "answer with wellKnown() of touchstone-webauthn/better-auth"),
		};
	}
	if (status !== 200) return { check: fail(id, `${url} answers ${status}.`, "let everybody read it") };
	if (json === undefined) return { check: fail(id, `${url} is no JSON.`, "let wellKnown() write it") };
	if (type !== "application/json") {
		const message = `${url} has the content type ${type || "none"}.`;
		return { check: fail(id, message, "content-type: application/json") };
	}
	return { content: json };
}

async function checkApple(site: string): Promise<Check[]> {
	const file = await fileOf(site, "apple-app-site-association", null);
	if ("check" in file) return [file.check];
	const id = "apple-app-site-association";
	const { webcredentials } = (file.content ?? {}) as { webcredentials?: { apps?: unknown } };
	const apps = stringsOf(webcredentials?.apps);
	const fix = '{ "webcredentials": { "apps": ["ABCDE12345.com.example.app"] } }';
	if (!apps?.length) return [fail(id, "the file names no apps below webcredentials.", fix)];
	const wrong = apps.find((app) => !/^[A-Z0-9]{10}\.[\w.-]+$/.test(app));
	if (wrong !== undefined) return [fail(id, `${wrong} is no team ID, dot and bundle ID.`, fix)];
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
		const message = `the file has the fingerprint ${unreadable}, and Google reads SHA-256 in hex with colons alone.`;
		return [fail(id, message, "let wellKnown() write the file: it takes every form")];
	}
	const listed = new Set(fingerprints.map((text) => encodeBase64Url(fingerprintBytes(text) ?? new Uint8Array())));
	if (listed.size === 0) {
		const fix =
			'the relation "delegate_permission/common.get_login_creds" and sha256_cert_fingerprints, as wellKnown() writes';
		return [fail(id, "the file lets no app use passkeys.", fix)];
	}
	const unlisted = hashes
		.filter((hash) => !listed.has(hash))
		.map((hash) => {
			const message = `the file lacks the certificate of android:apk-key-hash:${hash}, so Android refuses its app.`;
			return fail(id, message, "add its SHA-256 to androidApps of wellKnown()");
		});
	const refused = [...listed]
		.filter((hash) => configured && !hashes.includes(hash))
		.map((hash) => {
			const message = `origin lacks android:apk-key-hash:${hash}, so the server refuses the app that the file lets in.`;
			return fail(id, message, "origin: […, ...androidOrigin(fingerprint)]");
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
	if (!listed) return [fail(id, "the file has no list of origins.", '{ "origins": ["https://example.com"] }')];
	const checks: Check[] = [];
	for (const origin of related.filter((origin) => !listed.includes(origin))) {
		const message = `the file lacks ${origin}, so browsers refuse passkeys there.`;
		checks.push(fail(id, message, `wellKnown({ relatedOrigins: ["${origin}"] })`));
	}
	for (const origin of listed.filter((origin) => configured && !origins.includes(origin))) {
		checks.push(
			fail(
				id,
				`relatedOrigins lacks ${origin}, so the server refuses what the file lets in.`,
				`relatedOrigins: […, "${origin}"]`,
			),
		);
	}
	const hosts = listed.flatMap((origin) => (URL.canParse(origin) ? new URL(origin).hostname : []));
	const labels = new Set(hosts.flatMap((host) => registrableLabel(host) ?? []));
	if (labels.size > 5) {
		checks.push(
			warn(id, `the file has ${labels.size} different names; browsers count 5.`, "fewer names, the needed ones first"),
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
