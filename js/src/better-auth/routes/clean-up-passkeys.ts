import type { AuthContext } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { cleanUp } from "../management/cleanup.js";
import { configError } from "../options/config-error.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { log, reportingContext } from "../reporting/log.js";

/** Only for the server's own code: the endpoint has no path. */
export const cleanUpPasskeys = (options: ResolvedOptions) =>
	createAuthEndpoint.serverOnly({ method: "POST" }, async (ctx) => ctx.json(await cleanUp(ctx, options)));

/** Starts the timer if `cleanup.everyHours` is set. The timer does not keep the process alive. */
export function startCleanup(options: ResolvedOptions, context: AuthContext): void {
	const { everyHours } = options.cleanup;
	if (everyHours === null) return;
	const endpoint = cleanUpPasskeys(options) as unknown as (input: { context: AuthContext }) => Promise<unknown>;
	const run = () => {
		// Better Auth completes its own context after this plugin started. A wrapper may have passed a copy of it.
		const complete = { ...context, ...reportingContext(options) };
		return endpoint({ context: complete }).catch((error) => log(complete, "error", "clean-up failed", error));
	};
	try {
		const timer: unknown = setInterval(run, everyHours * 60 * 60 * 1000);
		(timer as { unref?: () => void }).unref?.();
	} catch {
		// Workers do not allow timers at start.
		throw configError(
			"cleanup.everyHours needs a server that keeps running",
			"the platform's scheduler to call auth.api.cleanUpPasskeys(), and omit everyHours",
		);
	}
}
