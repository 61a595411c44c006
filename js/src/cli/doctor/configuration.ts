import { isIP } from "node:net";
import type { AuthContext } from "better-auth";
import { type RelyingParty, relyingPartyAtStart } from "../../better-auth/ceremony/relying-party.js";
import type { PasskeyOptions } from "../../better-auth/options/options.js";
import { isWithin, webOrigins } from "../../core/origin.js";
import type { Auth } from "../project.js";
import { type Check, fail, ok, reasonOf, warn } from "../report.js";

export interface Configuration {
	checks: Check[];
	/** Null when Better Auth does not start. */
	context: AuthContext | null;
	/** Null if each request decides, or if the plugin or the start failed. */
	relyingParty: KnownRelyingParty | null;
}

/** The settings of the relying party that are the same for all requests. */
export type KnownRelyingParty = Pick<RelyingParty, "rpID" | "origins">;

export async function checkConfiguration(auth: Auth, env: Record<string, string | undefined>): Promise<Configuration> {
	const checks = [checkPlugin(auth), checkSecret(auth, env), checkEnvironment(env)];
	let context: AuthContext;
	try {
		context = await auth.$context;
	} catch (error) {
		const message = `Better Auth does not start: ${reasonOf(error)}`;
		const start = fail("start", message, "change the configuration as the message says");
		return { checks: [...checks, start], context: null, relyingParty: null };
	}
	checks.push(ok("start", "Better Auth starts"));
	const plugin = ours(auth);
	if (!plugin) return { checks, context, relyingParty: null };
	const { rpID, origins } = relyingPartyAtStart(context);
	if (rpID === null || origins === null) {
		checks.push(ok("rp-id", "the RP ID or the origins depend on the request; use --url to check a running site"));
		return { checks, context, relyingParty: null };
	}
	const { relatedOrigins = [] } = (plugin.options ?? {}) as PasskeyOptions;
	const relyingParty = { rpID, origins: [...origins, ...relatedOrigins] };
	checks.push(
		checkBaseURL(auth, relyingParty, env),
		...checkRpID(relyingParty, env),
		...checkAndroidOrigins(relyingParty),
		...checkTrustedOrigins(context, relyingParty),
	);
	return { checks, context, relyingParty };
}

/** Finds our plugin by a column that only it has. The official plugin has the same ID. */
function ours(auth: Auth) {
	return passkeyPlugins(auth).find(({ schema }) => schema?.passkey?.fields.userHandle);
}

const passkeyPlugins = (auth: Auth) => (auth.options.plugins ?? []).filter(({ id }) => id === "passkey");

function checkPlugin(auth: Auth): Check {
	const { length } = passkeyPlugins(auth);
	const line = 'import { passkey } from "touchstone-webauthn/better-auth"';
	if (length === 0) return fail("plugin", "the passkey plugin is missing.", `add ${line} and plugins: [passkey()]`);
	if (!ours(auth)) return fail("plugin", "the passkey plugin comes from @better-auth/passkey.", `use ${line}`);
	if (length === 1) return ok("plugin", "passkey of touchstone-webauthn");
	const message = `${length} plugins share the id "passkey" and shadow each other.`;
	return fail("plugin", message, "keep only the one of touchstone-webauthn; it replaces @better-auth/passkey");
}

function checkSecret({ options }: Auth, env: Record<string, string | undefined>): Check {
	const list = (options as { secrets?: { value: string }[] }).secrets?.[0]?.value ?? env.BETTER_AUTH_SECRETS;
	const secret = list ?? (options.secret || env.BETTER_AUTH_SECRET || env.AUTH_SECRET);
	const fix = "set BETTER_AUTH_SECRET to the output of `openssl rand -base64 32`";
	if (!secret) return fail("secret", "no secret is set. In production, Better Auth does not start without one.", fix);
	if (secret.length < 32) return warn("secret", `the secret has ${secret.length} characters, but needs 32.`, fix);
	return ok("secret", "set");
}

function checkEnvironment(env: Record<string, string | undefined>): Check {
	const { NODE_ENV } = env;
	if (NODE_ENV === "production") return ok("environment", "NODE_ENV is production");
	const message = `NODE_ENV is ${NODE_ENV || "not set"}, so the checks for production did not run.`;
	return warn("environment", message, "run the doctor with NODE_ENV=production and the server's environment variables");
}

function checkBaseURL(auth: Auth, relyingParty: KnownRelyingParty, env: Record<string, string | undefined>): Check {
	const { baseURL } = auth.options;
	if (typeof baseURL === "object") return ok("base-url", "baseURL depends on the request");
	const value = baseURL || env.BETTER_AUTH_URL;
	if (!value || !URL.canParse(value)) {
		const message = "baseURL is not set, so Better Auth takes its own address from each request.";
		return warn("base-url", message, `set baseURL: "${webOrigins(relyingParty.origins)[0] ?? "https://example.com"}"`);
	}
	const { origin, protocol, hostname } = new URL(value);
	if (env.NODE_ENV === "production" && protocol === "http:" && hostname !== "localhost") {
		return fail("base-url", `baseURL ${origin} is not https.`, `set baseURL: "https://${hostname}"`);
	}
	if (relyingParty.origins.includes(origin)) return ok("base-url", origin);
	const message = `baseURL ${origin} is not one of the origins ${relyingParty.origins.join(", ")}.`;
	return warn("base-url", message, `add "${origin}" to origin, unless no pages are served from there`);
}

function checkRpID(relyingParty: KnownRelyingParty, env: Record<string, string | undefined>): Check[] {
	const { rpID } = relyingParty;
	if (isIP(rpID)) {
		const message = `the RP ID ${rpID} is an IP address. Browsers do not create passkeys for IP addresses.`;
		return [fail("rp-id", message, 'use a host name; for development, set baseURL: "http://localhost:3000"')];
	}
	const web = webOrigins(relyingParty.origins);
	// These can only be related origins. With any other origin outside the RP ID, the plugin does not start.
	const foreign = web.filter((origin) => !isWithin(new URL(origin).hostname, rpID));
	return [
		ok("rp-id", rpID),
		...foreign.map((origin) =>
			warn(
				"related-origin",
				`${origin} is outside the RP ID. Browsers allow it only if https://${rpID}/.well-known/webauthn lists it.`,
				`serve wellKnown({ relatedOrigins: ["${origin}"] }) there, then check it with --url https://${rpID}`,
			),
		),
		...web.filter((origin) => isInsecure(origin, env)).map(insecure),
	];
}

/** Over http, browsers allow passkeys only on localhost. */
function isInsecure(origin: string, env: Record<string, string | undefined>): boolean {
	const { protocol, hostname } = new URL(origin);
	return protocol === "http:" && (!isWithin(hostname, "localhost") || env.NODE_ENV === "production");
}

function insecure(origin: string): Check {
	const { hostname } = new URL(origin);
	if (isWithin(hostname, "localhost")) {
		return warn("origin", `production accepts passkeys from ${origin}.`, "remove it from origin in production");
	}
	return fail("origin", `browsers do not allow passkeys on ${origin}.`, `use origin: "https://${hostname}"`);
}

function checkAndroidOrigins({ origins }: KnownRelyingParty): Check[] {
	return origins
		.filter((origin) => origin.startsWith("android:"))
		.map((origin) =>
			/^android:apk-key-hash(-sha256)?:[\w-]{43}$/.test(origin)
				? ok("android-origin", origin)
				: fail("android-origin", `${origin} is not an Android origin.`, 'use origin: androidOrigin("FA:C6:17:…")'),
		);
}

/** Better Auth has its own list of trusted origins. It refuses requests with a session cookie from other origins. */
function checkTrustedOrigins(context: AuthContext, relyingParty: KnownRelyingParty): Check[] {
	return webOrigins(relyingParty.origins)
		.filter((origin) => !context.isTrustedOrigin(origin))
		.map((origin) =>
			warn(
				"trusted-origin",
				`${origin} may use passkeys, but Better Auth does not trust it and returns status 403.`,
				`set trustedOrigins: ["${origin}"]`,
			),
		);
}
