/** The loader of the compiled wasm, chosen by the `imports` conditions of package.json. */
declare module "#attestation-wasm" {
	const loader: import("../core/wasm.js").Loader;
	export = loader;
}

/** wasm-bindgen generates it from `src/wasm.rs`, with the feature `attestation`. */
declare module "#attestation-glue" {
	const glue: import("./wasm.js").AttestationGlue;
	export = glue;
}
