// As the package's users import it: by its name.
import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "./judge.mjs";

// A promise rather than a top-level await: not every format of a bundle has that.
judge({ core, attestation }).then((report) => console.log(JSON.stringify(report)));
