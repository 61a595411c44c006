import { initSync, reset } from "#core-glue";
import load from "#core-wasm";
import { ERROR_TABLE } from "./error-codes.gen.js";
import { type ErrorCode, WebAuthnError } from "./errors.js";
import { END } from "./message.js";

let compiled: WebAssembly.Module | undefined;
let instantiated = false;

/**
 * Hands over the core yourself, where a bundler loses it: a compiled `WebAssembly.Module`, or the bytes of
 * `touchstone-webauthn/core.wasm`. Nothing else has to be called before the first verification.
 */
export function init(moduleOrBytes: WebAssembly.Module | BufferSource): void {
	compiled = isBytes(moduleOrBytes) ? new WebAssembly.Module(moduleOrBytes) : moduleOrBytes;
	drop();
}

// A module of another realm is no `instanceof` of this one's WebAssembly.Module, so the test is for bytes.
function isBytes(input: WebAssembly.Module | BufferSource): input is BufferSource {
	return ArrayBuffer.isView(input) || Object.prototype.toString.call(input) === "[object ArrayBuffer]";
}

/**
 * Calls into the core and opens its answer.
 *
 * @throws WebAuthnError for a refusal, and with the code INTERNAL where the core itself failed. Such an instance may
 * be in any state, so it is dropped, and the next call gets a new one.
 */
export function call<T>(run: () => unknown): T {
	instantiate();
	let answer: unknown;
	try {
		answer = run();
	} catch (cause) {
		drop();
		throw new WebAuthnError("INTERNAL", { cause });
	}
	if (typeof answer === "object" && answer !== null) return answer as T;
	if (typeof answer === "string") {
		const [code = "", field, offset] = answer.split(END);
		if (isErrorCode(code)) throw new WebAuthnError(code, { field, offset: offset ? Number(offset) : undefined });
	}
	drop();
	throw new WebAuthnError("INTERNAL");
}

// What the core answers is described in src/wasm/answer.rs; a refusal is text.
function isErrorCode(code: string): code is ErrorCode {
	return Object.hasOwn(ERROR_TABLE, code);
}

function instantiate(): void {
	if (instantiated) return;
	try {
		compiled ??= load();
		initSync({ module: compiled });
		instantiated = true;
	} catch (cause) {
		drop();
		throw new WebAuthnError("WASM_UNAVAILABLE", { cause });
	}
}

function drop(): void {
	instantiated = false;
	reset();
}
