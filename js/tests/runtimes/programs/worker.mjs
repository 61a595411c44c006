import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "./judge.mjs";

// Everything runs during a request, when Workers and Vercel's edge must not compile wasm.
export default { fetch: async () => Response.json(await judge({ core, attestation })) };
