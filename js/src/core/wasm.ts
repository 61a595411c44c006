import { initSync, reset } from "#core-glue";
import load from "#core-wasm";
import { type ErrorCode, WebAuthnError } from "./errors.js";

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
	if (isAnswer<T>(answer)) {
		if (answer.ok) return answer.value;
		throw new WebAuthnError(answer.code, { field: answer.field, offset: answer.offset });
	}
	drop();
	throw new WebAuthnError("INTERNAL");
}

type Answer<T> = { ok: true; value: T } | { ok: false; code: ErrorCode; field: string; offset?: number };

// The shape is that of `answer` in src/wasm.rs; whether it is one at all is what can go wrong here.
function isAnswer<T>(answer: unknown): answer is Answer<T> {
	return typeof answer === "object" && answer !== null && "ok" in answer;
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
