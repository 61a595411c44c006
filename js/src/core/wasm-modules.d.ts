/** Loaders of the compiled wasm, chosen by the `imports` conditions of package.json. */
declare module "#core-wasm" {
	const loader: import("./wasm.js").Loader;
	export = loader;
}
declare module "#attestation-wasm" {
	const loader: import("./wasm.js").Loader;
	export = loader;
}

/** What wasm-bindgen makes of `src/wasm.rs` without the feature `attestation`, and with it. */
declare module "#core-glue" {
	const glue: import("./wasm.js").Glue;
	export = glue;
}
declare module "#attestation-glue" {
	const glue: import("../attestation/wasm.js").AttestationGlue;
	export = glue;
}
