const core = require("touchstone-webauthn");
const attestation = require("touchstone-webauthn/attestation");
const { passkey } = require("touchstone-webauthn/better-auth");
const { passkeyClient } = require("touchstone-webauthn/better-auth/client");
const roots = require("touchstone-webauthn/roots");

const report = {
	id: passkey({ attestation: attestation.attestation({ formats: ["packed"] }) }).id,
	client: passkeyClient().id,
	roots: roots.appleWebAuthnRoots.length > 0,
};
if (new core.WebAuthnError("INTERNAL") instanceof attestation.WebAuthnError) console.log(JSON.stringify(report));
