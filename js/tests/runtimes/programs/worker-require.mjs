import { attestation, core } from "./entries.cjs";
import { judge } from "./judge.mjs";

// A Worker is an ES module, but its bundle may be built from CommonJS.
export default { fetch: async () => Response.json(await judge({ core, attestation })) };
