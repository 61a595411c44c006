import type { GenericEndpointContext } from "better-auth";
import type { PasskeyEvent } from "../options/event.js";
import { log, reportingOf } from "./log.js";

/** Tells the integrator and the log, after the change is stored. */
export async function emit(ctx: GenericEndpointContext, event: PasskeyEvent): Promise<void> {
	// Failures have a line of their own, with more in it.
	if (!event.type.endsWith("_failed")) log(ctx.context, "info", event.type, event);
	await afterwards(ctx, `onEvent failed for ${event.type}`, () => reportingOf(ctx.context).onEvent?.(event, ctx));
}

/**
 * Runs a callback for what is done already. One that fails is logged and no more: it must not be able to turn a stored
 * passkey into an error, or a refusal into anything else.
 */
export async function afterwards(ctx: GenericEndpointContext, failed: string, callback: () => unknown): Promise<void> {
	try {
		await callback();
	} catch (error) {
		log(ctx.context, "error", failed, error);
	}
}
