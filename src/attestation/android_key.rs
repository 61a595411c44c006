//! The Android key attestation statement format. Spec: 8.4.
//!
//! ```cddl
//! attStmt = { alg: int, sig: bytes, x5c: [+ bytes] }    ; credCert first
//! ```

use super::certificate::{leaf, verify_signature};
use super::{AndroidKeySecurity, AttestationType, Attested, Evidence, Statement, X5C, malformed, mismatch};
use crate::error::{Error, ErrorCode, Result};

mod key_description;

use key_description::{AuthorizationList, KeyDescription, SecurityLevel};

/// KM_PURPOSE_SIGN.
const SIGN: u32 = 2;
/// KM_PURPOSE_VERIFY.
const VERIFY: u32 = 3;
/// KM_ORIGIN_GENERATED.
const GENERATED: u32 = 0;

pub(super) fn verify(mut statement: Statement, attested: &Attested<'_>) -> Result<Evidence> {
    // 8.4: the statement is of its form.
    let algorithm = statement.algorithm()?;
    let signature = statement.bytes("sig")?;
    let chain = statement.certificates()?.ok_or_else(malformed)?;
    statement.finish()?;

    // 8.4: sig is over authenticatorData and clientDataHash, by the key of credCert.
    let certificate = leaf(&chain)?;
    verify_signature(&certificate, algorithm, &attested.signed_data(), &signature)?;
    // 8.4: that key is the credential's.
    if certificate.parameters()? != attested.key.parameters {
        return Err(mismatch(ErrorCode::AttestationKeyMismatch));
    }
    let description: KeyDescription<'_> = certificate.parsed_extension()?.ok_or_else(invalid)?;
    // 8.4: attestationChallenge is clientDataHash.
    if description.attestation_challenge != attested.client_data_hash {
        return Err(mismatch(ErrorCode::AttestationDataMismatch));
    }
    check_authorizations(&description, attested.policy.android_key_security)?;
    Ok(Evidence::by_certificates(AttestationType::Basic, chain))
}

fn check_authorizations(description: &KeyDescription<'_>, security: AndroidKeySecurity) -> Result<()> {
    let KeyDescription {
        software_enforced: software,
        hardware_enforced: hardware,
        ..
    } = description;
    // 8.4: the key is not for all applications, says neither list.
    if software.all_applications || hardware.all_applications {
        return Err(invalid());
    }
    // 8.4: the list of the trusted environment alone, where only its keys are accepted; otherwise both.
    let lists: &[&AuthorizationList] = match security {
        AndroidKeySecurity::Any => &[software, hardware],
        AndroidKeySecurity::TrustedEnvironment => {
            // What software attests is no word of a trusted environment, whatever list it stands in.
            if description.security_levels.contains(&SecurityLevel::Software) {
                return Err(invalid());
            }
            &[hardware]
        }
    };
    // 8.4: the origin is KM_ORIGIN_GENERATED.
    let mut origins = lists.iter().filter_map(|list| list.origin).peekable();
    if origins.peek().is_none() || origins.any(|origin| origin != GENERATED) {
        return Err(invalid());
    }
    // 8.4: the purpose is KM_PURPOSE_SIGN.
    if !is_for_signatures(lists) {
        return Err(invalid());
    }
    Ok(())
}

/// 8.4 asks that the purpose equals KM_PURPOSE_SIGN. It is a set, and keys are also made with KM_PURPOSE_VERIFY in it:
/// harmless, because whoever has the public key can verify. Any other purpose is refused.
fn is_for_signatures(lists: &[&AuthorizationList]) -> bool {
    let purposes = || lists.iter().flat_map(|list| &list.purposes);
    purposes().any(|purpose| *purpose == SIGN) && purposes().all(|purpose| matches!(*purpose, SIGN | VERIFY))
}

#[cold]
fn invalid() -> Error {
    Error::new(ErrorCode::AttestationCertificateInvalid, X5C)
}

#[cfg(test)]
mod tests;
