/** Returns a function that compiles the module in `base64`, but only when it is called. */
export function moduleFrom(base64) {
	const compile = () => new WebAssembly.Module(decode(base64));
	// A Worker that was bundled without the condition "workerd" runs this code. It may compile only while it starts, so
	// it cannot wait for the first call. Older Workers refuse even that; then the first call throws.
	let early;
	if (globalThis.navigator?.userAgent === "Cloudflare-Workers") {
		try {
			early = compile();
		} catch {}
	}
	return () => early ?? compile();
}

// `atob` is thirty times slower than Buffer, which only Node, Bun and Deno have.
function decode(base64) {
	if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
	if (typeof globalThis.Buffer?.from === "function") return globalThis.Buffer.from(base64, "base64");
	return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
