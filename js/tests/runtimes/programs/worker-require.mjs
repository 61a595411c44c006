import { attestation, core } from "./entries.cjs";
import { judge } from "./judge.mjs";

// A Worker is an ES module, but what it is bundled from may be CommonJS.
export default { fetch: async () => Response.json(await judge({ core, attestation })) };
