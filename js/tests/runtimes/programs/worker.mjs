import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "./judge.mjs";

// Everything happens while a request is handled, where Workers and Vercel's edge may compile nothing.
export default { fetch: async () => Response.json(await judge({ core, attestation })) };
