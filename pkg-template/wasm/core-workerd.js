// Workers cannot compile bytes while they handle a request. They use a module that was deployed with the code.
import module from "../core.wasm";

export const condition = "workerd";
export const load = () => module;
