// For all other runtimes. Reading the file would need `node:fs` or `fetch`, and a path that several bundlers lose.
import { base64 } from "./attestation-base64.js";
import { moduleFrom } from "./from-base64.js";

export const condition = "default";
export const load = /* @__PURE__ */ moduleFrom(base64);
