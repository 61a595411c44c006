/** A function that compiles the module which `base64` holds, when it is called and not before. */
export function moduleFrom(base64) {
	const compile = () => new WebAssembly.Module(decode(base64));
	// A Worker that was bundled without the condition "workerd" ends up here. It may compile while it starts and never
	// again, so it cannot wait for the first call. Older Workers refuse even that, and the first call then says so.
	let early;
	if (globalThis.navigator?.userAgent === "Cloudflare-Workers") {
		try {
			early = compile();
		} catch {}
	}
	return () => early ?? compile();
}

// The last way is thirty times slower than Buffer's, which only Node, Bun and Deno have.
function decode(base64) {
	if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
	if (typeof globalThis.Buffer?.from === "function") return globalThis.Buffer.from(base64, "base64");
	return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
