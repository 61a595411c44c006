/** The loader of the compiled wasm, chosen by the `imports` conditions of package.json. */
declare module "#core-wasm" {
	const loader: import("./wasm.js").Loader;
	export = loader;
}

/** wasm-bindgen generates it from `src/wasm.rs`, without the feature `attestation`. */
declare module "#core-glue" {
	const glue: import("./wasm.js").Glue;
	export = glue;
}
