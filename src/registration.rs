//! Registers a new credential. Spec: 7.1; the steps are in its order, including those left to the caller.

use alloc::string::String;
use alloc::vec::Vec;

use crate::attestation::{self, Attestation, AttestationObject, AttestationPolicy, Attested};
use crate::authenticator_data::{AuthenticatorData, Extensions, Flags};
use crate::client_data::{self, CollectedClientData};
use crate::cose::CredentialPublicKey;
use crate::credential::RegistrationResponse;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::{Policy, Requirement};

/// What the relying party expects of a registration.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RegistrationPolicy {
    /// What both ceremonies share.
    pub common: Policy,
    /// COSE identifiers of the algorithms offered in `pubKeyCredParams`.
    pub algorithms: Vec<i64>,
    /// Whether the UP flag must be set. Conditional mediation (an automatic upgrade to a passkey) does not set it.
    pub user_presence: Requirement,
    /// The requirements on the attestation.
    pub attestation: AttestationPolicy,
}

impl RegistrationPolicy {
    /// The strictest policy for one origin and one RP ID, with the algorithms that every build verifies: `EdDSA`,
    /// ES256, RS256. `challenge` is base64url.
    #[must_use]
    pub fn new(challenge: &str, origin: &str, rp_id: &str) -> Self {
        Self {
            common: Policy::strict("webauthn.create", challenge, origin, rp_id),
            algorithms: alloc::vec![-8, -7, -257],
            user_presence: Requirement::Required,
            attestation: AttestationPolicy::default(),
        }
    }
}

/// A verified registration: what to store.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Registration {
    /// The credential ID.
    pub credential_id: Vec<u8>,
    /// The credential's public key, a COSE key as the authenticator encoded it.
    pub credential_public_key: Vec<u8>,
    /// Its COSE algorithm identifier.
    pub algorithm: i64,
    /// The authenticator's model. Zeros if the authenticator does not tell its model. Proved only by a trusted
    /// attestation.
    pub aaguid: [u8; 16],
    /// The signature counter.
    pub sign_count: u32,
    /// The flags of the authenticator data.
    pub flags: Flags,
    /// What the attestation proves.
    pub attestation: Attestation,
    /// The outputs of authenticator extensions.
    pub extensions: Option<Extensions>,
    /// The expected origin that matched.
    pub origin: String,
    /// The expected RP ID that matched.
    pub rp_id: String,
}

/// Verifies a registration. Safe on untrusted input; time and memory are bounded by its length.
///
/// It does not look up whether the credential is already registered, and reads no clock. The caller takes the challenge
/// out of its store, once, and checks that it has not expired.
///
/// # Errors
///
/// The first step that fails decides the error. `POLICY_MALFORMED` if the policy has no origin, RP ID or challenge.
///
/// Spec: [7.1](https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential).
pub fn verify(response: &RegistrationResponse, policy: &RegistrationPolicy) -> Result<Registration> {
    let common = &policy.common;
    common.check()?;
    policy.attestation.check()?;

    // 7.1 steps 1 to 4 (caller): make the options; the client returns this credential.

    // 7.1 step 5: decode the client data as UTF-8.
    // 7.1 step 6: parse it as JSON.
    let client_data = CollectedClientData::parse(&response.client_data_json)?;

    // 7.1 steps 7 to 11: type, challenge, origin, cross-origin use and top origin are expected.
    let origin = client_data.verify(common)?;

    // 7.1 step 12: hash the client data.
    let client_data_hash = client_data::hash(&response.client_data_json);

    // 7.1 step 13: parse the attestation object and the authenticator data in it.
    let AttestationObject {
        format,
        authenticator_data: data_bytes,
        statement,
    } = AttestationObject::parse(&response.attestation_object)?;
    let data = AuthenticatorData::parse(&data_bytes)?;

    // 7.1 steps 14 to 17: RP ID, user presence and user verification; a backup only if the credential is eligible for
    // it.
    let rp_id = data.verify(common, policy.user_presence)?;

    // 7.1 steps 18 and 19 (caller): use the backup flags, which are in the result.

    // 7.1 step 20: the key's algorithm is one of those offered.
    let credential = data
        .attested_credential_data
        .ok_or_else(|| Error::new(ErrorCode::AttestedCredentialDataMissing, "response.authenticatorData"))?;
    let key = CredentialPublicKey::from_value(PUBLIC_KEY, credential.credential_public_key_value)?;
    if !policy.algorithms.contains(&key.algorithm) {
        return Err(Error::new(ErrorCode::AlgorithmForbidden, PUBLIC_KEY));
    }
    let public_key = key.public_key()?;

    // 5.1: the client names the credential that the authenticator made.
    if credential.credential_id != response.raw_id {
        return Err(Error::new(ErrorCode::CredentialIdMismatch, "rawId"));
    }

    // 7.1 step 21: the attestation statement format is known.
    // 7.1 step 22: the statement is valid.
    // 7.1 step 23: the policy has the trust anchors.
    // 7.1 step 24: the attestation is as trustworthy as the policy requires.
    let attested = Attested {
        authenticator_data: &data_bytes,
        client_data_hash: &client_data_hash,
        rp_id_hash: &data.rp_id_hash,
        aaguid: &credential.aaguid,
        credential_id: credential.credential_id,
        key: &key,
        public_key: &public_key,
        policy: &policy.attestation,
    };
    let attestation = attestation::verify(format, statement, &attested)?;

    // 7.1 step 25: the credential ID has at most 1023 bytes; its parser checked that.

    // 7.1 step 26 (caller): check that the credential ID is not registered yet.
    // 7.1 step 27 (caller): store the credential record.
    // 7.1 step 28 (caller): process the extension outputs.
    Ok(Registration {
        credential_id: credential.credential_id.to_vec(),
        credential_public_key: credential.credential_public_key.to_vec(),
        algorithm: key.algorithm,
        aaguid: credential.aaguid,
        sign_count: data.sign_count,
        flags: data.flags,
        attestation,
        extensions: data.extensions,
        origin: origin.clone(),
        rp_id: rp_id.clone(),
    })
}

const PUBLIC_KEY: &str = "response.authenticatorData.credentialPublicKey";
