import type { GenericEndpointContext } from "better-auth";
import type { PasskeyEvent } from "../options/event.js";
import { log, reportingOf } from "./log.js";

/** Writes the event to the log and calls `onEvent`. Call it after the change is stored. */
export async function emit(ctx: GenericEndpointContext, event: PasskeyEvent): Promise<void> {
	// Failures have their own log line with more detail.
	if (!event.type.endsWith("_failed")) log(ctx.context, "info", event.type, event);
	await afterwards(ctx, `onEvent failed for ${event.type}`, () => reportingOf(ctx.context).onEvent?.(event, ctx));
}

/**
 * Runs a callback after the operation is complete. If it fails, the failure is only logged: it must not turn a stored
 * passkey into an error, and must not change a refusal.
 */
export async function afterwards(ctx: GenericEndpointContext, failed: string, callback: () => unknown): Promise<void> {
	try {
		await callback();
	} catch (error) {
		log(ctx.context, "error", failed, error);
	}
}
