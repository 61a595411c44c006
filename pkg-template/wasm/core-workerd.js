// Workers compile no bytes while they handle a request; they take a module that was deployed beside the code.
import module from "../core.wasm";

export const condition = "workerd";
export const load = () => module;
