/** The value that a bundler for Workers gives to an import of a `.wasm` file. */
declare const module: WebAssembly.Module;
export default module;
