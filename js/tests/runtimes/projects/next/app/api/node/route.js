import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "../../../judge.mjs";

export const runtime = "nodejs";
// Otherwise the response is created once, when the application is built.
export const dynamic = "force-dynamic";

export const GET = async () => Response.json(await judge({ core, attestation }));
