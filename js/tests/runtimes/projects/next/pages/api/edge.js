import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "../../judge.mjs";

// Next.js 16.4 cannot build an edge route of app/ with webpack: it looks for a manifest that it does not write.
export const config = { runtime: "edge" };

export default async function handler() {
	return Response.json(await judge({ core, attestation }));
}
