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

/** The kind of a failure: it tells the caller how to react. */
export type ErrorClass = "Internal" | "Limit" | "Malformed" | "Misuse" | "Refused" | "Unsupported" | "Untrusted";

/** The HTTP status that fits each class. This is the only such table. */
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
	/** For parsing errors: the offset into the member, in bytes. */
	offset?: number | undefined;
	/** The expected values. Only errors about origins have them. */
	expected?: readonly string[] | undefined;
	/** The value that was received instead, cut to 200 characters. The client chose this text. */
	received?: string | undefined;
	/** One more sentence for the message. */
	hint?: string | undefined;
	cause?: unknown;
}

/** A refused response, or wrong arguments. `code` is stable; the message is for people and may change. */
export class WebAuthnError extends Error {
	override readonly name: string = "WebAuthnError";
	readonly code: ErrorCode;
	readonly class: ErrorClass;
	/** The HTTP status that fits the class. */
	readonly status: 400 | 401 | 403 | 413 | 500;
	readonly field: string | undefined;
	readonly offset: number | undefined;
	readonly expected: readonly string[] | undefined;
	readonly received: string | undefined;

	/** A program may load the package twice, by `import` and by `require`. Errors of the other copy count too. */
	static override [Symbol.hasInstance](value: unknown): boolean {
		// biome-ignore lint/complexity/noThisInStatic: a subclass has its own instances.
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
