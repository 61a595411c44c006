const core = require("touchstone-webauthn");
const attestation = require("touchstone-webauthn/attestation");
const { judge } = require("./judge.cjs");

judge({ core, attestation }).then((report) => console.log(JSON.stringify(report)));
