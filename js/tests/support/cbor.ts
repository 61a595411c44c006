/** The values that the tests encode: the kinds of CBOR that authenticators write. */
export type CborValue = number | string | boolean | Uint8Array | CborValue[] | Map<number | string, CborValue>;

/** Writes CBOR with definite lengths and without sorting, so that tests can also write invalid authenticator data. */
export function encodeCbor(value: CborValue): Uint8Array {
	if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
	if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
	if (typeof value === "string") {
		const text = new TextEncoder().encode(value);
		return concat(head(3, text.length), text);
	}
	if (value instanceof Uint8Array) return concat(head(2, value.length), value);
	if (Array.isArray(value)) return concat(head(4, value.length), ...value.map(encodeCbor));
	return concat(head(5, value.size), ...[...value].flat().map(encodeCbor));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		bytes.set(part, offset);
		offset += part.length;
	}
	return bytes;
}

function head(major: number, value: number): Uint8Array {
	if (value < 24) return Uint8Array.of((major << 5) | value);
	const size = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : 4;
	const bytes = new Uint8Array(1 + size);
	bytes[0] = (major << 5) | (23 + (size === 4 ? 3 : size));
	for (let index = size, rest = value; index > 0; index--, rest = Math.floor(rest / 256)) bytes[index] = rest % 256;
	return bytes;
}
