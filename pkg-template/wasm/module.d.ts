/** What a bundler for Workers makes of an import of a `.wasm` file. */
declare const module: WebAssembly.Module;
export default module;
