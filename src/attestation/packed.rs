//! The packed attestation statement format. Spec: 8.2.
//!
//! ```cddl
//! attStmt = { alg: int, sig: bytes, x5c: [+ bytes] }    ; by an attestation certificate
//!         / { alg: int, sig: bytes }                    ; self attestation
//! ```

use alloc::vec::Vec;

use super::{AttestationType, Attested, STATEMENT, Statement, malformed};
use crate::error::{Error, ErrorCode, Result};

pub(super) fn verify(mut statement: Statement, attested: &Attested<'_>) -> Result<AttestationType> {
    let algorithm = statement
        .take("alg")
        .and_then(|alg| alg.into_integer().ok())
        .ok_or_else(malformed)?;
    let signature = statement
        .take("sig")
        .and_then(|sig| sig.into_bytes().ok())
        .ok_or_else(malformed)?;
    if let Some(certificates) = statement.take("x5c") {
        if certificates.as_array().is_none_or(Vec::is_empty) {
            return Err(malformed());
        }
        return Err(Error::new(
            ErrorCode::AttestationFormatUnsupported,
            "response.attestationObject.attStmt.x5c",
        ));
    }
    if !statement.is_empty() {
        return Err(malformed());
    }
    // 8.2, without x5c: alg is that of the credential's key.
    if i128::from(algorithm) != i128::from(attested.algorithm) {
        return Err(Error::new(ErrorCode::AttestationAlgorithmMismatch, STATEMENT));
    }
    // 8.2, without x5c: sig is over authenticatorData and clientDataHash, by the credential's key.
    attested.public_key.verify(
        "response.attestationObject.attStmt.sig",
        &attested.signed_data(),
        &signature,
    )?;
    Ok(AttestationType::SelfAttestation)
}
