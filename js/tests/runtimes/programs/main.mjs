// Imports the package by its name, like its users.
import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "./judge.mjs";

// Not a top-level await, because not every bundle format supports it.
judge({ core, attestation }).then((report) => console.log(JSON.stringify(report)));
