import { type AuthContext, BetterAuthError, type GenericEndpointContext, isProduction } from "better-auth";
import { isPublicSuffix, isWithin, webHosts } from "../../core/origin.js";
import { configError } from "../options/config-error.js";
import { parseOrigins, parseRpID } from "../options/origins.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { log } from "../reporting/log.js";

/** The relying party: the RP ID to which authenticators bind passkeys, and the origins that may run ceremonies. */
export interface RelyingParty {
	rpID: string;
	rpName: string;
	origins: readonly string[];
}

/** The parts of the relying party that are known when Better Auth starts. Null: decided for each request. */
export interface RelyingPartyAtStart {
	rpID: string | null;
	origins: readonly string[] | null;
}

type Hosts = Extract<NonNullable<AuthContext["options"]["baseURL"]>, object>;

const CONTEXT_KEY = "passkeyRelyingParty";
const DEVELOPMENT_ORIGIN = "http://localhost:3000";

/**
 * Decides RP ID and origins when Better Auth starts, as far as possible, and checks them. Later is too late: without a
 * `baseURL`, Better Auth takes it from each request, and a request must not choose the origin that it is compared with.
 * It may choose one of the configured `allowedHosts`.
 */
export function prepareRelyingParty(
	options: ResolvedOptions,
	context: AuthContext,
): Record<string, RelyingPartyAtStart> {
	const { baseURL } = context.options;
	const base = typeof baseURL === "string" && baseURL !== "" ? new URL(baseURL) : null;
	const allowed = typeof baseURL === "object" ? baseURL : null;
	const perRequest = typeof options.origins === "function" || (options.origins === null && allowed !== null);
	const origins = perRequest ? null : originsAtStart(options, context, base);
	const rpID = rpIDAtStart(options, base, origins);
	if (!rpID && !perRequest && typeof options.rpID !== "function") throw noRpID();
	if (rpID && origins) requireWithin(rpID, origins);
	if (allowed && options.origins === null) requireBounded(allowed, rpID);
	if (options.registration.userVerification !== "required" && options.authentication.userVerification === "required") {
		const line =
			"sign-in requires user verification, but registration does not. A passkey created without it cannot sign in. " +
			"Set authenticatorSelection.userVerification and authentication.userVerification to the same value.";
		log(context, "warn", line);
	}
	return { [CONTEXT_KEY]: { rpID, origins } };
}

/**
 * Returns the relying party of one request. The ceremony's record stores it, so options and verification always agree.
 */
export async function resolveRelyingParty(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
): Promise<RelyingParty> {
	const start = relyingPartyAtStart(ctx.context);
	const { rpID: id, rpName: name, origins: configured, relatedOrigins } = options;
	const origins =
		typeof configured === "function"
			? parseOrigins("origin", await configured({ ctx }))
			: (start.origins ?? [new URL(ctx.context.baseURL).origin]);
	if (!origins)
		throw configError(
			"origin() returned no origin",
			'a function that returns "https://example.com" or throws an APIError',
		);
	const rpID = typeof id === "function" ? parseRpID(await id({ ctx })) : (start.rpID ?? onlyHost(origins));
	if (!rpID) throw noRpID();
	if (!start.rpID || !start.origins) requireWithin(rpID, origins);
	const rpName = (typeof name === "function" ? await name({ ctx }) : name) || ctx.context.appName;
	return { rpID, rpName, origins: [...origins, ...relatedOrigins] };
}

export function relyingPartyAtStart(context: object): RelyingPartyAtStart {
	const found = (context as Record<string, RelyingPartyAtStart | undefined>)[CONTEXT_KEY];
	if (!found) throw new BetterAuthError("passkey: Better Auth did not initialise the plugin.");
	return found;
}

function originsAtStart(options: ResolvedOptions, context: AuthContext, base: URL | null): readonly string[] {
	if (options.origins && typeof options.origins !== "function") return options.origins;
	if (base) return [base.origin];
	if (isProduction) throw configError("no origin is configured", 'passkey({ origin: "https://example.com" })');
	log(context, "warn", `neither origin nor baseURL is set; only ${DEVELOPMENT_ORIGIN} is accepted.`);
	return [DEVELOPMENT_ORIGIN];
}

function rpIDAtStart(options: ResolvedOptions, base: URL | null, origins: readonly string[] | null): string | null {
	if (typeof options.rpID === "function") return null;
	return options.rpID ?? base?.hostname ?? (origins && onlyHost(origins));
}

/** Spec 5.1.3 step 8: browsers refuse an RP ID that is neither the page's host nor a parent domain of it. */
function requireWithin(rpID: string, origins: readonly string[]): void {
	const outside = webHosts(origins).find((host) => !isWithin(host, rpID));
	if (!outside) return;
	const use = `an rpID that equals ${outside} or is a parent domain of it, or add its origin to relatedOrigins`;
	throw configError(`${outside} cannot use the rpID ${JSON.stringify(rpID)}`, use);
}

/** Every host that Better Auth may take from a request must be able to use the RP ID and belong to the site's owner. */
function requireBounded({ allowedHosts, fallback }: Hosts, rpID: string | null): void {
	for (const pattern of [...allowedHosts, ...(fallback ? [fallback] : [])]) {
		const host = pattern
			.replace(/^\w+:\/\//, "")
			.replace(/(:[\d*]+)?(\/.*)?$/, "")
			.toLowerCase();
		// Anyone may have registered a label that matches the wildcard. Only the labels after it can belong to one owner.
		const owned = /[*?][^.*?]*\.?([^*?]*)$/.exec(host)?.[1];
		if (owned !== undefined && isPublicSuffix(owned)) {
			const use = 'passkey({ origin: [...] }) with each of your origins, or a pattern such as "*.example.com"';
			throw configError(`allowedHosts has ${JSON.stringify(pattern)}, which hosts of other owners match`, use);
		}
		if (rpID && !isWithin(host, rpID)) {
			const use = "passkey({ origin: [...] }) with the origins that use passkeys, or another rpID";
			throw configError(`${host} of allowedHosts cannot use the rpID ${JSON.stringify(rpID)}`, use);
		}
	}
}

function onlyHost(origins: readonly string[]): string | null {
	const [host, ...others] = new Set(webHosts(origins));
	return host && others.length === 0 ? host : null;
}

function noRpID(): BetterAuthError {
	return configError("no rpID is configured, and origin does not determine one", 'passkey({ rpID: "example.com" })');
}
