exports.core = require("touchstone-webauthn");
exports.attestation = require("touchstone-webauthn/attestation");
