import { ERROR_TABLE } from "./error-codes.gen.js";
import { type ErrorCode, WebAuthnError } from "./errors.js";
import { END } from "./message.js";

/** What wasm-bindgen makes of `src/wasm.rs`. */
export interface Glue {
	initSync(input: { module: WebAssembly.Module }): unknown;
	/** Forgets the instance, so that `initSync` makes a new one. */
	reset(): void;
	verify_registration(message: Uint8Array): unknown;
	verify_authentication(message: Uint8Array, publicKey: Uint8Array): unknown;
	decode_client_data(text: unknown): unknown;
	decode_attestation_object(text: unknown): unknown;
	decode_authenticator_data(text: unknown): unknown;
}

/** A wasm and its glue: the package has a small one, and one with every attestation format. */
export class Core<G extends Glue = Glue> {
	readonly #glue: G;
	readonly #load: () => WebAssembly.Module;
	#compiled: WebAssembly.Module | undefined;
	#instantiated = false;

	constructor(glue: G, load: () => WebAssembly.Module) {
		this.#glue = glue;
		this.#load = load;
	}

	init(moduleOrBytes: WebAssembly.Module | BufferSource): void {
		this.#compiled = isBytes(moduleOrBytes) ? new WebAssembly.Module(moduleOrBytes) : moduleOrBytes;
		this.#drop();
	}

	/**
	 * Calls into the core and opens its answer.
	 *
	 * @throws WebAuthnError for a refusal, and with the code INTERNAL where the core itself failed. Such an instance may
	 * be in any state, so it is dropped, and the next call gets a new one.
	 */
	call<T>(run: (glue: G) => unknown): T {
		this.#instantiate();
		let answer: unknown;
		try {
			answer = run(this.#glue);
		} catch (cause) {
			this.#drop();
			throw new WebAuthnError("INTERNAL", { cause });
		}
		if (typeof answer === "object" && answer !== null) return answer as T;
		if (typeof answer === "string") {
			const [code = "", field, offset] = answer.split(END);
			if (isErrorCode(code)) throw new WebAuthnError(code, { field, offset: offset ? Number(offset) : undefined });
		}
		this.#drop();
		throw new WebAuthnError("INTERNAL");
	}

	/** Lets the instance go: the next call gets a fresh one. */
	renew(): void {
		this.#drop();
	}

	#instantiate(): void {
		if (this.#instantiated) return;
		try {
			this.#compiled ??= this.#load();
			this.#glue.initSync({ module: this.#compiled });
			this.#instantiated = true;
		} catch (cause) {
			this.#drop();
			throw new WebAuthnError("WASM_UNAVAILABLE", { cause });
		}
	}

	#drop(): void {
		this.#instantiated = false;
		this.#glue.reset();
	}
}

// A module of another realm is no `instanceof` of this one's WebAssembly.Module, so the test is for bytes.
function isBytes(input: WebAssembly.Module | BufferSource): input is BufferSource {
	return ArrayBuffer.isView(input) || Object.prototype.toString.call(input) === "[object ArrayBuffer]";
}

// What the core answers is described in src/wasm/answer.rs; a refusal is text.
function isErrorCode(code: string): code is ErrorCode {
	return Object.hasOwn(ERROR_TABLE, code);
}
