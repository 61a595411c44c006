import type { AuthContext } from "better-auth";
import { PASSKEY_ERROR_CODES } from "./error-codes.js";
import { log } from "./log.js";
import type { ResolvedOptions } from "./options.js";

/** The largest attestation statements in use have about 10 KiB; a request that is six times that is none of ours. */
const BODY_LIMIT = 64 * 1024;

/**
 * Refuses large bodies before Better Auth parses them. What `content-length` says is believed when it is too much and
 * counted otherwise, because chunked bodies have none.
 */
export function limitBody(options: ResolvedOptions) {
	return async (
		request: Request,
		context: AuthContext,
	): Promise<{ response: Response } | { request: Request } | undefined> => {
		if (!isPasskeyPath(request.url, context.baseURL) || !request.body) return;
		const announced = Number(request.headers.get("content-length") ?? 0);
		const body = announced > BODY_LIMIT ? null : await readAtMost(request.body, BODY_LIMIT);
		if (body) return { request: new Request(request, { body }) };
		log(context, options, "warn", "request refused: REQUEST_TOO_LARGE");
		return { response: Response.json(PASSKEY_ERROR_CODES.REQUEST_TOO_LARGE, { status: 413 }) };
	};
}

function isPasskeyPath(url: string, baseURL: string): boolean {
	const base = new URL(baseURL).pathname.replace(/\/+$/, "");
	return new URL(url).pathname.startsWith(`${base}/passkey/`);
}

async function readAtMost(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
	const bytes = new Uint8Array(limit);
	let length = 0;
	const reader = stream.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return bytes.slice(0, length);
		if (length + value.length > limit) {
			await reader.cancel();
			return null;
		}
		bytes.set(value, length);
		length += value.length;
	}
}
