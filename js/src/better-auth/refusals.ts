import type { GenericEndpointContext } from "better-auth";
import { APIError, isAPIError } from "better-auth/api";
import { WebAuthnError } from "../core/errors.js";
import { PASSKEY_ERROR_CODES, type PasskeyErrorCode } from "./error-codes.js";
import { emit } from "./events.js";
import type { ResolvedOptions } from "./options.js";

export type Ceremony = "registration" | "authentication";

type RefusalStatus = "BAD_REQUEST" | "UNAUTHORIZED" | "FORBIDDEN" | "PAYLOAD_TOO_LARGE" | "INTERNAL_SERVER_ERROR";

export interface Refusal {
	ceremony: Ceremony;
	status: RefusalStatus;
	/** What the client is told. */
	code: PasskeyErrorCode;
	/** What the log and the event say, where that is more than `code`. */
	reason?: { code: string; field?: string | undefined; detail?: string | undefined } | undefined;
	userId?: string | undefined;
	passkeyId?: string | undefined;
}

/** Logs a refusal in one line, tells the integrator, and returns the error that the client gets. */
export async function refuse(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	refusal: Refusal,
): Promise<APIError> {
	const { code, field, detail } = { code: refusal.code, field: undefined, detail: undefined, ...refusal.reason };
	const what = refusal.ceremony === "registration" ? "registration" : "sign-in";
	const line = [`[passkey] ${what} refused: ${code}`, field && `(${field})`, detail].filter(Boolean).join(" ");
	if (refusal.status === "INTERNAL_SERVER_ERROR") ctx.context.logger.error(line);
	else ctx.context.logger.warn(line);
	await emit(ctx, options.onEvent, {
		type: refusal.ceremony === "registration" ? "passkey.registration_refused" : "passkey.sign_in_refused",
		code,
		field,
		userId: refusal.userId,
		passkeyId: refusal.passkeyId,
	});
	return APIError.from(refusal.status, PASSKEY_ERROR_CODES[refusal.code]);
}

/** Runs a step of a ceremony, the core's or an integrator's callback; what it throws refuses the ceremony. */
export async function orRefuse<T>(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	about: Pick<Refusal, "ceremony" | "userId" | "passkeyId">,
	step: () => T | Promise<T>,
): Promise<T> {
	try {
		return await step();
	} catch (error) {
		// A callback that throws an answer of its own has chosen that answer.
		if (isAPIError(error)) throw error;
		const { ceremony } = about;
		const code = ceremony === "registration" ? "FAILED_TO_VERIFY_REGISTRATION" : "AUTHENTICATION_FAILED";
		const refusal = { ...about, status: statusOf(ceremony, error), code, reason: reasonOf(error) } as const;
		throw await refuse(ctx, options, refusal);
	}
}

/** A failed sign-in looks the same whatever failed; only our own faults are told apart, so that monitoring sees them. */
function statusOf(ceremony: Ceremony, error: unknown): RefusalStatus {
	if (error instanceof WebAuthnError && (error.class === "Misuse" || error.class === "Internal")) {
		return "INTERNAL_SERVER_ERROR";
	}
	if (ceremony === "authentication") return "UNAUTHORIZED";
	return error instanceof WebAuthnError && error.class === "Limit" ? "PAYLOAD_TOO_LARGE" : "BAD_REQUEST";
}

function reasonOf(error: unknown): NonNullable<Refusal["reason"]> {
	if (!(error instanceof WebAuthnError)) {
		return { code: "UNKNOWN_ERROR", detail: error instanceof Error ? quote(error.message) : undefined };
	}
	return { code: error.code, field: error.field, detail: detailOf(error) };
}

function detailOf({ expected, received, cause }: WebAuthnError): string | undefined {
	if (expected) return `expected ${expected.map(quote).join(" or ")}, received ${quote(received ?? "")}`;
	return cause instanceof Error ? quote(cause.message) : undefined;
}

/** Clients choose some of these strings: quoted and cut, they cannot forge or flood lines of the log. */
function quote(text: string): string {
	return JSON.stringify(text.slice(0, 200));
}
