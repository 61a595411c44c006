// Edge runtimes may forbid compiling. Their bundlers provide a compiled module only for this suffix.
import module from "../core.wasm?module";

export const condition = "edge-light";
export const load = () => module;
