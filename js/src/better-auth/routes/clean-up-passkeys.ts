import type { AuthContext } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { cleanUp } from "../management/cleanup.js";
import { misconfigured } from "../options/config-error.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { log } from "../reporting/log.js";

/** For the server's own code alone: it has no path. */
export const cleanUpPasskeys = (options: ResolvedOptions) =>
	createAuthEndpoint.serverOnly({ method: "POST" }, async (ctx) => ctx.json(await cleanUp(ctx, options)));

/** Starts the timer, if one was asked for; it does not keep a process alive. */
export function startCleanup(options: ResolvedOptions, context: AuthContext): void {
	const { everyHours } = options.cleanup;
	if (everyHours === null) return;
	const endpoint = cleanUpPasskeys(options) as unknown as (input: { context: AuthContext }) => Promise<unknown>;
	const run = () => endpoint({ context }).catch((error) => log(context, "error", "clean-up failed", error));
	try {
		const timer: unknown = setInterval(run, everyHours * 60 * 60 * 1000);
		(timer as { unref?: () => void }).unref?.();
	} catch {
		// Workers allow no timers at start.
		throw misconfigured(
			"cleanup.everyHours needs a server that keeps running",
			"no everyHours, and a call of auth.api.cleanUpPasskeys() in a trigger of the platform",
		);
	}
}
