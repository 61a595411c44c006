import { ERROR_TABLE } from "./error-codes.gen.js";

/** The codes of the loader. The crate never returns them. `make gen` writes them to docs/errors.md. */
export const LOADER_TABLE = {
	INTERNAL: { class: "Internal", message: "The verifier failed unexpectedly; the next call uses a new instance." },
	WASM_UNAVAILABLE: {
		class: "Internal",
		message: "The wasm could not be compiled in this environment; import its file and pass it to init().",
	},
} as const;

const TABLE = { ...ERROR_TABLE, ...LOADER_TABLE };

/** The stable code of a failure. */
export type ErrorCode = keyof typeof TABLE;

/** What a failure asks of the caller. */
export type ErrorClass = "Internal" | "Limit" | "Malformed" | "Misuse" | "Refused" | "Unsupported" | "Untrusted";

/** The HTTP status that fits each class; there is no other such table. */
const STATUS: Readonly<Record<ErrorClass, 400 | 401 | 403 | 413 | 500>> = {
	Malformed: 400,
	Unsupported: 400,
	Refused: 401,
	Untrusted: 403,
	Limit: 413,
	Misuse: 500,
	Internal: 500,
};

export interface WebAuthnErrorDetail {
	/** The member of the response or of the options, as the specification spells it. */
	field?: string | undefined;
	/** Offset in bytes into the member, for errors of parsing. */
	offset?: number | undefined;
	/** What was expected, where naming it helps: origins. */
	expected?: readonly string[] | undefined;
	/** What came instead, cut to 200 characters. It is the client's text. */
	received?: string | undefined;
	/** A further sentence for the message. */
	hint?: string | undefined;
	cause?: unknown;
}

/** A response that was refused, or arguments that are wrong. `code` is stable; the message is for people. */
export class WebAuthnError extends Error {
	override readonly name: string = "WebAuthnError";
	readonly code: ErrorCode;
	readonly class: ErrorClass;
	/** The HTTP status that fits. */
	readonly status: 400 | 401 | 403 | 413 | 500;
	readonly field: string | undefined;
	readonly offset: number | undefined;
	readonly expected: readonly string[] | undefined;
	readonly received: string | undefined;

	/** A program may load the package twice, by `import` and by `require`: the other's errors count too. */
	static override [Symbol.hasInstance](value: unknown): boolean {
		// biome-ignore lint/complexity/noThisInStatic: a class that extends this one has instances of its own.
		return super[Symbol.hasInstance](value) || (this === WebAuthnError && isOfTheTwin(value));
	}

	constructor(code: ErrorCode, detail: WebAuthnErrorDetail = {}) {
		const row = TABLE[code];
		const { expected, received, hint } = detail;
		const names = expected ? ` Expected ${expected.join(", ")}; received ${JSON.stringify(received)}.` : "";
		super(
			`${row.message}${names}${hint ? ` ${hint}` : ""}`,
			detail.cause === undefined ? undefined : { cause: detail.cause },
		);
		this.code = code;
		this.class = row.class;
		this.status = STATUS[row.class];
		this.field = detail.field;
		this.offset = detail.offset;
		this.expected = expected;
		this.received = received;
	}
}

function isOfTheTwin(value: unknown): boolean {
	if (!(value instanceof Error) || value.name !== "WebAuthnError" || !("code" in value)) return false;
	return typeof value.code === "string" && Object.hasOwn(TABLE, value.code);
}
