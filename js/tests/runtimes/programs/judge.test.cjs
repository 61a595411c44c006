const core = require("touchstone-webauthn");
const attestation = require("touchstone-webauthn/attestation");
const { judge } = require("./judge.cjs");

// The runner of the settings compares the report; this test only creates it.
test("the package verifies", async () => {
	process.stdout.write(`\n${JSON.stringify(await judge({ core, attestation }))}\n`);
});
