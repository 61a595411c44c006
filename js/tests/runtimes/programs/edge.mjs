import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "./judge.mjs";

addEventListener("fetch", (event) =>
	event.respondWith(judge({ core, attestation }).then((report) => Response.json(report))),
);
