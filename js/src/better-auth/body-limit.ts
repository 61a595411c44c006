import type { AuthContext } from "better-auth";
import { PASSKEY_ERROR_CODES } from "../shared/error-codes.js";
import { log } from "./reporting/log.js";

/** The largest attestation statements in use have about 10 KiB. No valid passkey request is six times as large. */
const BODY_LIMIT = 64 * 1024;

/**
 * Refuses large bodies before Better Auth parses them. A body with a `content-length` cannot be longer than that: HTTP
 * uses the length to find the next request. The bytes of a chunked body are counted.
 */
export function limitBody() {
	return async (
		request: Request,
		context: AuthContext,
	): Promise<{ response: Response } | { request: Request } | undefined> => {
		if (!isPasskeyPath(request.url, context.baseURL) || !request.body) return;
		const announced = request.headers.has("transfer-encoding") ? null : request.headers.get("content-length");
		if (announced && Number(announced) <= BODY_LIMIT) return;
		const body = announced ? null : await readAtMost(request.body, BODY_LIMIT);
		if (body) return { request: new Request(request, { body }) };
		log(context, "warn", "request refused: REQUEST_TOO_LARGE");
		return { response: Response.json(PASSKEY_ERROR_CODES.REQUEST_TOO_LARGE, { status: 413 }) };
	};
}

function isPasskeyPath(url: string, baseURL: string): boolean {
	const base = new URL(baseURL).pathname.replace(/\/+$/, "");
	return new URL(url).pathname.startsWith(`${base}/passkey/`);
}

async function readAtMost(stream: ReadableStream<Uint8Array>, limit: number): Promise<Blob | null> {
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	let length = 0;
	const reader = stream.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return new Blob(chunks);
		length += value.length;
		if (length > limit) {
			await reader.cancel();
			return null;
		}
		chunks.push(value as Uint8Array<ArrayBuffer>);
	}
}
