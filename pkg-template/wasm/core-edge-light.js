// Edge runtimes may forbid compiling, and their bundlers hand over a compiled module for this suffix only.
import module from "../core.wasm?module";

export const condition = "edge-light";
export const load = () => module;
