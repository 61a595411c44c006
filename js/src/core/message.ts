import { WebAuthnError } from "./errors.js";

/** Ends each value in a message, in both directions. */
export const END = "\0";

/** The length in characters of the longest member that the core takes, an attestation object. The core limits each. */
const LONGEST_MEMBER = 65_536;

const encoder = new TextEncoder();
const scratch = new Uint8Array(8192);

/**
 * The input of one verification: one text with all its values, so that one copy brings them into the core.
 *
 * `src/wasm/message.rs` reads the values in the order in which they are added here, and trusts their types. If a caller's
 * value has the wrong type, these methods throw POLICY_MALFORMED with `field`.
 */
export class Message {
	#text = "";

	/** The message as the core takes it. The bytes are valid only until `bytes()` of another message is called. */
	bytes(): Uint8Array {
		const { read, written } = encoder.encodeInto(this.#text, scratch);
		return read === this.#text.length ? scratch.subarray(0, written) : encoder.encode(this.#text);
	}

	text(value: unknown, field = "options"): void {
		if (typeof value !== "string") throw misuse(field);
		this.#text += withoutEnd(value) + END;
	}

	texts(values: unknown, field = "options"): void {
		const items = toArray(values, field);
		this.#text += items.length + END;
		for (const item of items) this.text(item, field);
	}

	integer(value: unknown, field = "options", min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): void {
		if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) throw misuse(field);
		this.#text += value + END;
	}

	integers(values: unknown, field = "options"): void {
		const items = toArray(values, field);
		this.#text += items.length + END;
		for (const item of items) this.integer(item, field);
	}

	flag(value: unknown, field = "options"): void {
		if (typeof value !== "boolean") throw misuse(field);
		this.#text += (value ? "1" : "0") + END;
	}

	optionalFlag(value: unknown, field = "options"): void {
		if (value === undefined || value === null) this.#text += END;
		else this.flag(value, field);
	}

	/** A client's value, which should be a text. Checks its length before copying. `Members` in Rust reads the marks. */
	member(found: unknown): void {
		if (found === undefined || found === null) this.#text += `?${END}`;
		else if (typeof found !== "string") this.#text += `!${END}`;
		else if (found.length > LONGEST_MEMBER) this.#text += `>${END}`;
		else this.#text += `=${withoutEnd(found)}${END}`;
	}

	/** Whether a client sent an object. */
	object(found: unknown): void {
		this.#text += (isObject(found) ? "=" : "?") + END;
	}
}

// No value may contain the end mark. It is replaced by U+FFFD, as encoding does with half a surrogate pair. That
// character is not base64url, and no meaningful text contains it.
function withoutEnd(text: string): string {
	return text.includes(END) ? text.replaceAll(END, "\ufffd") : text;
}

// A copy: its length cannot change after it was written into the message.
function toArray(values: unknown, field: string): unknown[] {
	if (!isObject(values) || !(Symbol.iterator in values)) throw misuse(field);
	return Array.from(values as Iterable<unknown>);
}

/** The members of a response other than its client data, in the order of the lists in `src/wasm/message.rs`. */
export const REGISTRATION_MEMBERS: readonly string[] = ["attestationObject"];
export const AUTHENTICATION_MEMBERS: readonly string[] = ["authenticatorData", "signature", "userHandle"];

/** Adds the members of a client's response, each read once, and returns its client data. */
export function addMembers(message: Message, credential: unknown, responseMembers: readonly string[]): unknown {
	for (const name of ["id", "rawId", "type"]) message.member(get(credential, name));
	const response = get(credential, "response");
	message.object(response);
	const clientData = get(response, "clientDataJSON");
	message.member(clientData);
	for (const name of responseMembers) message.member(get(response, name));
	return clientData;
}

/** Stands for a member that cannot be read: there is no object, or its getter throws. It is not a text. */
const UNREADABLE = Symbol("unreadable");

function get(object: unknown, name: string): unknown {
	try {
		return isObject(object) || typeof object === "function" ? (object as Record<string, unknown>)[name] : UNREADABLE;
	} catch {
		return UNREADABLE;
	}
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null;
}

function misuse(field: string): WebAuthnError {
	return new WebAuthnError("POLICY_MALFORMED", { field });
}
