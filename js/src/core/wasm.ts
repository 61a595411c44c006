import { ERROR_TABLE } from "./error-codes.gen.js";
import { type ErrorCode, WebAuthnError } from "./errors.js";
import { END } from "./message.js";

/** The module that wasm-bindgen generates from `src/wasm.rs`. */
export interface Glue {
	initSync(input: { module: WebAssembly.Module }): WebAssembly.Exports;
	/** Drops the instance, so that `initSync` creates a new one. */
	reset(): void;
	verify_registration(message: Uint8Array): unknown;
	verify_authentication(message: Uint8Array, publicKey: Uint8Array): unknown;
	decode_client_data(text: unknown): unknown;
	decode_attestation_object(text: unknown): unknown;
	decode_authenticator_data(text: unknown): unknown;
}

/** One of the files in `pkg-template/wasm`. The `imports` of package.json choose it. */
export interface Loader {
	/** The name of the condition that chose it, for the error message. */
	condition: string;
	load(): WebAssembly.Module;
}

/** The entry point whose `init` takes the wasm with this name. */
const ENTRIES = { core: "touchstone-webauthn", attestation: "touchstone-webauthn/attestation" } as const;

/** A wasm and its glue. The package has two: a small one, and one with every attestation format. */
export class Core<G extends Glue = Glue> {
	readonly #name: keyof typeof ENTRIES;
	readonly #glue: G;
	readonly #load: () => WebAssembly.Module;
	#source: string;
	#compiled: WebAssembly.Module | undefined;
	#instantiated = false;

	constructor(name: keyof typeof ENTRIES, glue: G, { condition, load }: Loader) {
		this.#name = name;
		this.#glue = glue;
		this.#load = load;
		this.#source = `the condition "${condition}" of package.json`;
	}

	/** @throws WebAuthnError if the argument cannot be started as this wasm. The module from before stays in use. */
	init(moduleOrBytes: WebAssembly.Module | BufferSource): void {
		const source = "the argument of init()";
		this.#drop();
		try {
			const compiled = isBytes(moduleOrBytes) ? new WebAssembly.Module(moduleOrBytes) : moduleOrBytes;
			this.#start(compiled);
			this.#compiled = compiled;
			this.#source = source;
		} catch (cause) {
			throw this.#unavailable(source, cause);
		}
	}

	/**
	 * Calls the core and reads its answer.
	 *
	 * @throws WebAuthnError if the core refuses, or with the code INTERNAL if the core itself failed. A failed instance
	 * may be in any state, so it is dropped, and the next call gets a new one.
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

	/** Drops the instance: the next call gets a new one. */
	renew(): void {
		this.#drop();
	}

	#instantiate(): void {
		if (this.#instantiated) return;
		try {
			this.#compiled ??= this.#load();
			this.#start(this.#compiled);
		} catch (cause) {
			throw this.#unavailable(this.#source, cause);
		}
	}

	#start(module: WebAssembly.Module): void {
		try {
			const exports = this.#glue.initSync({ module });
			const missing = Object.keys(this.#glue).find(
				(name) => !(name in exports || name === "initSync" || name === "reset"),
			);
			if (missing) throw new TypeError(`the module does not export ${missing}`);
			this.#instantiated = true;
		} catch (cause) {
			this.#drop();
			throw cause;
		}
	}

	#unavailable(source: string, cause: unknown): WebAuthnError {
		const hint = `${this.#name}.wasm came from ${source}. To load it yourself, call init() of ${ENTRIES[this.#name]}.`;
		return new WebAuthnError("WASM_UNAVAILABLE", { hint, cause });
	}

	#drop(): void {
		this.#instantiated = false;
		this.#glue.reset();
	}
}

// `instanceof WebAssembly.Module` fails for a module of another realm, so this checks for bytes instead.
function isBytes(input: WebAssembly.Module | BufferSource): input is BufferSource {
	return ArrayBuffer.isView(input) || Object.prototype.toString.call(input) === "[object ArrayBuffer]";
}

// src/wasm/answer.rs describes the core's answers. A refusal is a text.
function isErrorCode(code: string): code is ErrorCode {
	return Object.hasOwn(ERROR_TABLE, code);
}
