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
	/** Null as well where each request decides. */
	relyingParty: KnownRelyingParty | null;
}

/** What of the relying party is the same for all requests. */
export type KnownRelyingParty = Pick<RelyingParty, "rpID" | "origins">;

export async function checkConfiguration(auth: Auth, env: Record<string, string | undefined>): Promise<Configuration> {
	const checks = [checkPlugin(auth), checkSecret(auth, env), checkEnvironment(env)];
	let context: AuthContext;
	try {
		context = await auth.$context;
	} catch (error) {
		const start = fail("start", `Better Auth does not start: ${reasonOf(error)}`, "write what the message says");
		return { checks: [...checks, start], context: null, relyingParty: null };
	}
	checks.push(ok("start", "Better Auth starts"));
	const plugin = ours(auth);
	if (!plugin) return { checks, context, relyingParty: null };
	const { rpID, origins } = relyingPartyAtStart(context);
	if (rpID === null || origins === null) {
		checks.push(ok("rp-id", "each request decides the RP ID or the origins; --url looks at those of a running site"));
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

/** The column is ours alone; a plugin's name is not, since the official one has the same. */
function ours(auth: Auth) {
	return passkeyPlugins(auth).find(({ schema }) => schema?.passkey?.fields.userHandle);
}

const passkeyPlugins = (auth: Auth) => (auth.options.plugins ?? []).filter(({ id }) => id === "passkey");

function checkPlugin(auth: Auth): Check {
	const { length } = passkeyPlugins(auth);
	const line = 'import { passkey } from "touchstone-webauthn/better-auth"';
	if (length === 0) return fail("plugin", "no plugin has the id passkey.", `${line}, and plugins: [passkey()]`);
	if (!ours(auth)) return fail("plugin", "the plugin passkey is that of @better-auth/passkey.", line);
	if (length === 1) return ok("plugin", "passkey of touchstone-webauthn");
	const message = `${length} plugins have the id passkey, and answer for each other.`;
	return fail("plugin", message, "leave one in the list of plugins; @better-auth/passkey is replaced, not joined");
}

function checkSecret({ options }: Auth, env: Record<string, string | undefined>): Check {
	const list = (options as { secrets?: { value: string }[] }).secrets?.[0]?.value ?? env.BETTER_AUTH_SECRETS;
	const secret = list ?? (options.secret || env.BETTER_AUTH_SECRET || env.AUTH_SECRET);
	const fix = "set BETTER_AUTH_SECRET to what `openssl rand -base64 32` prints";
	if (!secret) return fail("secret", "there is no secret: production does not start without one.", fix);
	if (secret.length < 32) return warn("secret", `the secret has ${secret.length} characters.`, `${fix} (32 or more)`);
	return ok("secret", "set");
}

function checkEnvironment(env: Record<string, string | undefined>): Check {
	const { NODE_ENV } = env;
	if (NODE_ENV === "production") return ok("environment", "NODE_ENV is production");
	const message = `NODE_ENV is ${NODE_ENV || "not set"}: what only production refuses was not tried.`;
	return warn("environment", message, "run the doctor as NODE_ENV=production with the variables of the server");
}

function checkBaseURL(auth: Auth, relyingParty: KnownRelyingParty, env: Record<string, string | undefined>): Check {
	const { baseURL } = auth.options;
	if (typeof baseURL === "object") return ok("base-url", "depends on the request");
	const value = baseURL || env.BETTER_AUTH_URL;
	if (!value || !URL.canParse(value)) {
		const message = "baseURL is not set, so that Better Auth believes each request about its own address.";
		return warn("base-url", message, `baseURL: "${webOrigins(relyingParty.origins)[0] ?? "https://example.com"}"`);
	}
	const { origin, protocol, hostname } = new URL(value);
	if (env.NODE_ENV === "production" && protocol === "http:" && hostname !== "localhost") {
		return fail("base-url", `baseURL ${origin} is not https.`, `baseURL: "https://${hostname}"`);
	}
	if (relyingParty.origins.includes(origin)) return ok("base-url", origin);
	const message = `baseURL ${origin} is none of the origins ${relyingParty.origins.join(", ")}.`;
	return warn("base-url", message, `right where pages are not served from there; else add "${origin}" to origin`);
}

function checkRpID(relyingParty: KnownRelyingParty, env: Record<string, string | undefined>): Check[] {
	const { rpID } = relyingParty;
	if (isIP(rpID)) {
		const message = `the RP ID ${rpID} is an address, for which browsers make no passkeys.`;
		return [fail("rp-id", message, 'a name: baseURL: "http://localhost:3000" while developing')];
	}
	const web = webOrigins(relyingParty.origins);
	// Others than related origins are not outside: the plugin would not have started.
	const foreign = web.filter((origin) => !isWithin(new URL(origin).hostname, rpID));
	return [
		ok("rp-id", rpID),
		...foreign.map((origin) =>
			warn(
				"related-origin",
				`${origin} is outside of ${rpID}: only the file https://${rpID}/.well-known/webauthn lets it in.`,
				`serve wellKnown({ relatedOrigins: ["${origin}"] }) there, and look with --url https://${rpID}`,
			),
		),
		...web.filter((origin) => isInsecure(origin, env)).map(insecure),
	];
}

/** Browsers make passkeys on http at localhost alone. */
function isInsecure(origin: string, env: Record<string, string | undefined>): boolean {
	const { protocol, hostname } = new URL(origin);
	return protocol === "http:" && (!isWithin(hostname, "localhost") || env.NODE_ENV === "production");
}

function insecure(origin: string): Check {
	const { hostname } = new URL(origin);
	if (isWithin(hostname, "localhost")) {
		return warn("origin", `production accepts passkeys from ${origin}.`, "leave it out of origin in production");
	}
	return fail("origin", `browsers have no passkeys on ${origin}.`, `origin: "https://${hostname}"`);
}

function checkAndroidOrigins({ origins }: KnownRelyingParty): Check[] {
	return origins
		.filter((origin) => origin.startsWith("android:"))
		.map((origin) =>
			/^android:apk-key-hash(-sha256)?:[\w-]{43}$/.test(origin)
				? ok("android-origin", origin)
				: fail("android-origin", `${origin} is nothing that Android writes.`, 'origin: androidOrigin("FA:C6:17:…")'),
		);
}

/** Better Auth has a list of its own, by which it refuses requests of signed-in pages. */
function checkTrustedOrigins(context: AuthContext, relyingParty: KnownRelyingParty): Check[] {
	return webOrigins(relyingParty.origins)
		.filter((origin) => !context.isTrustedOrigin(origin))
		.map((origin) =>
			warn(
				"trusted-origin",
				`${origin} may use passkeys, but Better Auth does not trust it and answers 403.`,
				`trustedOrigins: ["${origin}"]`,
			),
		);
}
