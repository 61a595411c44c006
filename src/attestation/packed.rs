//! The packed attestation statement format. Spec: 8.2.
//!
//! ```cddl
//! attStmt = { alg: int, sig: bytes, x5c: [+ bytes] }    ; by an attestation certificate
//!         / { alg: int, sig: bytes }                    ; self attestation
//! ```

use super::{AttestationType, Attested, Evidence, SIGNATURE, STATEMENT, Statement};
use crate::error::{Error, ErrorCode, Result};

#[cfg(feature = "attestation")]
mod certificate;

pub(super) fn verify(mut statement: Statement, attested: &Attested<'_>) -> Result<Evidence> {
    let algorithm = statement.algorithm()?;
    let signature = statement.bytes("sig")?;
    let chain = statement.certificates()?;
    statement.finish()?;
    match chain {
        #[cfg(feature = "attestation")]
        Some(chain) => certificate::verify(algorithm, &signature, chain, attested),
        #[cfg(not(feature = "attestation"))]
        Some(_) => Err(Error::new(ErrorCode::AttestationFormatUnsupported, super::X5C)),
        None => by_credential(algorithm, &signature, attested),
    }
}

/// 8.2, without x5c: self attestation.
fn by_credential(algorithm: i64, signature: &[u8], attested: &Attested<'_>) -> Result<Evidence> {
    // alg is the algorithm of the credential's key.
    if algorithm != attested.key.algorithm {
        return Err(Error::new(ErrorCode::AttestationAlgorithmMismatch, STATEMENT));
    }
    // Verify sig over authenticatorData and clientDataHash with the credential's key.
    attested
        .public_key
        .verify(SIGNATURE, &attested.signed_data(), signature)?;
    Ok(Evidence::without_certificates(AttestationType::SelfAttestation))
}

#[cfg(feature = "attestation")]
#[cfg(test)]
mod tests;
