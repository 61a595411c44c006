import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "./judge.mjs";

// The runner of the settings compares the report; this test only creates it.
test("the package verifies", async () => {
	process.stdout.write(`\n${JSON.stringify(await judge({ core, attestation }))}\n`);
});
