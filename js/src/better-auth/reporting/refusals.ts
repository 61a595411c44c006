import type { GenericEndpointContext } from "better-auth";
import { APIError, isAPIError } from "better-auth/api";
import { WebAuthnError } from "../../core/errors.js";
import { PASSKEY_ERROR_CODES, type PasskeyErrorCode } from "../../shared/error-codes.js";
import { emit } from "./events.js";
import { log } from "./log.js";

export type Ceremony = "registration" | "authentication" | "step-up";

const NAMES: Record<Ceremony, string> = {
	registration: "registration",
	authentication: "sign-in",
	"step-up": "step-up",
};

type RefusalStatus =
	| "BAD_REQUEST"
	| "UNAUTHORIZED"
	| "FORBIDDEN"
	| "NOT_FOUND"
	| "CONFLICT"
	| "PAYLOAD_TOO_LARGE"
	| "INTERNAL_SERVER_ERROR";

interface Reason {
	code: string;
	field?: string | undefined;
	detail?: string | undefined;
}

/** The ceremony that failed, and what is known about it. */
export interface About {
	ceremony: Ceremony;
	userId?: string | undefined;
	passkeyId?: string | undefined;
}

export interface Refusal extends About {
	status: RefusalStatus;
	/** The code that the client gets. */
	code: PasskeyErrorCode;
	/** The precise reason for the log and the event, if it differs from `code`. */
	reason?: Reason | undefined;
}

/** Logs a refusal in one line, emits its event, and returns the error for the client. */
export async function refuse(ctx: GenericEndpointContext, refusal: Refusal): Promise<APIError> {
	await report(ctx, refusal, refusal.status === "INTERNAL_SERVER_ERROR", refusal.reason ?? refusal);
	return APIError.from(refusal.status, PASSKEY_ERROR_CODES[refusal.code]);
}

/**
 * Runs a step of a ceremony: a function of the core or a callback from the options. If it throws, the ceremony is
 * refused.
 */
export async function orRefuse<T>(ctx: GenericEndpointContext, about: About, step: () => T | Promise<T>): Promise<T> {
	try {
		return await step();
	} catch (error) {
		// A callback that throws an `APIError` has chosen the client's error.
		if (isAPIError(error)) throw await reported(ctx, about, error);
		const { ceremony } = about;
		const code = ceremony === "registration" ? "FAILED_TO_VERIFY_REGISTRATION" : "AUTHENTICATION_FAILED";
		const refusal = { ...about, status: statusOf(ceremony, error), code, reason: reasonOf(error) } as const;
		throw await refuse(ctx, refusal);
	}
}

/**
 * Logs an error that comes from other code and ends a ceremony, emits its event, and returns it for the caller to
 * throw.
 */
export async function reported<E>(ctx: GenericEndpointContext, about: About, error: E) {
	const isFault = !isAPIError(error) || error.statusCode >= 500;
	await report(ctx, about, isFault, isAPIError(error) ? reasonOfAnswer(error) : reasonOf(error));
	return error;
}

async function report(
	ctx: GenericEndpointContext,
	{ ceremony, userId, passkeyId }: About,
	isFault: boolean,
	{ code, field, detail }: Reason,
): Promise<void> {
	const isRegistration = ceremony === "registration";
	const type = isRegistration ? "passkey.registration_failed" : "passkey.authentication_failed";
	const event = { type, code, field, userId, passkeyId } as const;
	const what = `${NAMES[ceremony]} refused: ${code}`;
	const line = [what, field && `(${field})`, detail].filter(Boolean).join(" ");
	log(ctx.context, isFault ? "error" : "warn", line, event);
	await emit(ctx, event);
}

/** Every failed sign-in gets the same status, whatever the reason. Only server faults get their own, for monitoring. */
function statusOf(ceremony: Ceremony, error: unknown): RefusalStatus {
	if (error instanceof WebAuthnError && (error.class === "Misuse" || error.class === "Internal")) {
		return "INTERNAL_SERVER_ERROR";
	}
	if (ceremony !== "registration") return "UNAUTHORIZED";
	return error instanceof WebAuthnError && error.class === "Limit" ? "PAYLOAD_TOO_LARGE" : "BAD_REQUEST";
}

function reasonOfAnswer({ body, message }: APIError): Reason {
	const code = typeof body?.code === "string" && /^[A-Z][A-Z_]*$/.test(body.code) ? body.code : "UNKNOWN_ERROR";
	return { code, detail: message ? quote(message) : undefined };
}

function reasonOf(error: unknown): Reason {
	if (!(error instanceof WebAuthnError)) {
		return { code: "UNKNOWN_ERROR", detail: error instanceof Error ? quote(error.message) : undefined };
	}
	return { code: error.code, field: error.field, detail: detailOf(error) };
}

function detailOf({ expected, received, cause }: WebAuthnError): string | undefined {
	if (expected) return `expected ${expected.map(quote).join(" or ")}, received ${quote(received ?? "")}`;
	return cause instanceof Error ? quote(cause.message) : undefined;
}

/**
 * Clients choose some of these strings. Because they are quoted and shortened, they cannot forge or flood log lines.
 */
function quote(text: string): string {
	return JSON.stringify(text.slice(0, 200));
}
