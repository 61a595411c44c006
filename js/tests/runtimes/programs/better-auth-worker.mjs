import { handle } from "./site.mjs";

export default { fetch: handle };
