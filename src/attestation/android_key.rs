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
    // 8.4: the statement has the form of the format.
    let algorithm = statement.algorithm()?;
    let signature = statement.bytes("sig")?;
    let chain = statement.certificates()?.ok_or_else(malformed)?;
    statement.finish()?;

    // 8.4: verify sig over authenticatorData and clientDataHash with credCert's key.
    let certificate = leaf(&chain)?;
    verify_signature(&certificate, algorithm, &attested.signed_data(), &signature)?;
    // 8.4: credCert's key is the credential's key.
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
    // 8.4: neither list says that the key is for all applications.
    if software.all_applications || hardware.all_applications {
        return Err(invalid());
    }
    // 8.4: if only keys of the trusted environment are accepted, look at its list alone; otherwise at both.
    let lists: &[&AuthorizationList] = match security {
        AndroidKeySecurity::Any => &[software, hardware],
        AndroidKeySecurity::TrustedEnvironment => {
            // A statement made by software does not come from a trusted environment, whichever list it is in.
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

/// 8.4 requires that the purpose equals KM_PURPOSE_SIGN. The purpose is a set, and some keys also have
/// KM_PURPOSE_VERIFY in it. That is harmless, because everyone with the public key can verify. Any other purpose is
/// refused.
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
