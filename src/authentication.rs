//! Verifies an authentication assertion. Spec: 7.2; the steps are in its order, including those left to the caller.

use alloc::string::String;
use alloc::vec::Vec;

use crate::authenticator_data::{AuthenticatorData, Extensions, Flags};
use crate::client_data::{self, CollectedClientData};
use crate::cose::CredentialPublicKey;
use crate::credential::AuthenticationResponse;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::{Policy, Requirement};

/// What to do when the signature counter did not increase. Spec: 7.2 step 22, 6.1.1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the step offers these two choices")]
pub enum CounterPolicy {
    /// Refuse with `SIGNATURE_COUNTER_MISMATCH`.
    Reject,
    /// Accept; [`Authentication::counter_regressed`] reports it.
    Report,
}

/// What to do when the credential's backup eligibility is not the one on record. Spec: 7.2 step 19.
///
/// The step compares the two if the relying party uses the backup state for decisions. Password managers changed it for
/// passkeys that exist: they turned it on for all of them, and two apps on one vault disagree about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third choice")]
pub enum BackupEligibilityPolicy {
    /// Refuse with `BACKUP_ELIGIBILITY_MISMATCH`.
    Reject,
    /// Accept; [`Authentication::backup_eligibility_changed`] reports it.
    Report,
}

/// What the relying party expects of an assertion.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AuthenticationPolicy {
    /// What both ceremonies share. User presence is always required.
    pub common: Policy,
    /// The credential IDs of `allowCredentials`; empty if none were listed.
    pub allow_credentials: Vec<Vec<u8>>,
    /// What to do when the signature counter did not increase.
    pub counter: CounterPolicy,
    /// What to do when backup eligibility is not the one on record.
    pub backup_eligibility: BackupEligibilityPolicy,
}

impl AuthenticationPolicy {
    /// The strictest policy for one origin and one RP ID. `challenge` is base64url.
    #[must_use]
    pub fn new(challenge: &str, origin: &str, rp_id: &str) -> Self {
        Self {
            common: Policy::strict("webauthn.get", challenge, origin, rp_id),
            allow_credentials: Vec::new(),
            counter: CounterPolicy::Reject,
            backup_eligibility: BackupEligibilityPolicy::Reject,
        }
    }
}

/// What the relying party stored when the credential was registered. Spec: 4, "credential record".
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct CredentialRecord {
    /// The credential ID.
    pub id: Vec<u8>,
    /// The public key, a COSE key.
    pub public_key: Vec<u8>,
    /// The signature counter of the last ceremony.
    pub sign_count: u32,
    /// The BE flag at registration, if it was stored.
    pub backup_eligible: Option<bool>,
    /// The user handle of the credential's owner, if it was stored.
    pub user_handle: Option<Vec<u8>>,
}

impl CredentialRecord {
    /// A record with the values that every relying party stores.
    #[must_use]
    pub fn new(id: &[u8], public_key: &[u8], sign_count: u32) -> Self {
        Self {
            id: id.to_vec(),
            public_key: public_key.to_vec(),
            sign_count,
            ..Self::default()
        }
    }
}

/// An assertion that was verified.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Authentication {
    /// The credential ID.
    pub credential_id: Vec<u8>,
    /// The new signature counter, to be stored.
    pub sign_count: u32,
    /// Whether the counter did not increase although the old or the new one is not zero.
    pub counter_regressed: bool,
    /// Whether backup eligibility is not the one on record; false if the record has none.
    pub backup_eligibility_changed: bool,
    /// The flags of the authenticator data.
    pub flags: Flags,
    /// The outputs of authenticator extensions.
    pub extensions: Option<Extensions>,
    /// The expected origin that matched.
    pub origin: String,
    /// The expected RP ID that matched.
    pub rp_id: String,
}

/// Verifies an assertion against the stored credential record. Safe on untrusted input; time and memory are bounded by
/// its length.
///
/// It does not look up the record and reads no clock. The caller takes the challenge out of its store, once, and checks
/// that it has not expired.
///
/// # Errors
///
/// The first step that fails decides the error. `POLICY_MALFORMED` if the policy has no origin, RP ID or challenge.
///
/// Spec: [7.2](https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion).
pub fn verify(
    response: &AuthenticationResponse,
    record: &CredentialRecord,
    policy: &AuthenticationPolicy,
) -> Result<Authentication> {
    let common = &policy.common;
    common.check()?;

    // 7.2 steps 1 to 4 (caller): make the options; the client returns this assertion.

    // 7.2 step 5: if credentials were listed, this is one of them.
    if !policy.allow_credentials.is_empty() && !policy.allow_credentials.contains(&response.raw_id) {
        return Err(Error::new(ErrorCode::CredentialIdForbidden, "rawId"));
    }

    // 7.2 step 6 (partly caller): identify the user; the record is that of the credential.
    if record.id != response.raw_id {
        return Err(Error::new(ErrorCode::CredentialIdMismatch, "rawId"));
    }
    if let (Some(stored), Some(received)) = (&record.user_handle, &response.user_handle)
        && stored != received
    {
        return Err(Error::new(ErrorCode::UserHandleMismatch, "response.userHandle"));
    }

    // 7.2 step 7: take client data, authenticator data and signature from the response.

    // 7.2 step 8: decode the client data as UTF-8.
    // 7.2 step 9: parse it as JSON.
    let client_data = CollectedClientData::parse(&response.client_data_json)?;

    // 7.2 steps 10 to 14: type, challenge, origin, cross-origin use and top origin are expected.
    let origin = client_data.verify(common)?;

    // 7.2 step 15: the RP ID hash is that of an expected RP ID.
    // 7.2 steps 16 to 18: user presence and user verification; a backup only if the credential is eligible for it.
    let data = AuthenticatorData::parse(&response.authenticator_data)?;
    let rp_id = data.verify(common, Requirement::Required)?;

    // 7.2 step 19: backup eligibility is the one on record. The caller decides what the backup state means.
    let eligible = data.flags.backup_eligible();
    let backup_eligibility_changed = record.backup_eligible.is_some_and(|stored| stored != eligible);
    if backup_eligibility_changed && policy.backup_eligibility == BackupEligibilityPolicy::Reject {
        return Err(Error::new(
            ErrorCode::BackupEligibilityMismatch,
            "response.authenticatorData",
        ));
    }

    // 7.2 step 20: hash the client data.
    let client_data_hash = client_data::hash(&response.client_data_json);

    // 7.2 step 21: verify the signature over authenticator data and hash with the credential's key.
    let public_key = CredentialPublicKey::parse("credential.publicKey", &record.public_key)?.public_key()?;
    let signed_data = [response.authenticator_data.as_slice(), &client_data_hash].concat();
    public_key.verify("response.signature", &signed_data, &response.signature)?;

    // 7.2 step 22: if the authenticator has a signature counter, it increased.
    let counter_regressed = (data.sign_count != 0 || record.sign_count != 0) && data.sign_count <= record.sign_count;
    if counter_regressed && policy.counter == CounterPolicy::Reject {
        return Err(Error::new(
            ErrorCode::SignatureCounterMismatch,
            "response.authenticatorData",
        ));
    }

    // 7.2 step 23 (caller): process the extension outputs.
    // 7.2 step 24 (caller): update the credential record with the new counter and backup state.
    // 7.2 step 25: the assertion is valid.
    Ok(Authentication {
        credential_id: record.id.clone(),
        sign_count: data.sign_count,
        counter_regressed,
        backup_eligibility_changed,
        flags: data.flags,
        extensions: data.extensions,
        origin: origin.clone(),
        rp_id: rp_id.clone(),
    })
}
