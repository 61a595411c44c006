//! The TPM attestation statement format. Spec: 8.3, TPM 2.0 Library part 2.
//!
//! ```cddl
//! attStmt = {
//!     ver: "2.0", alg: int,
//!     x5c: [+ bytes],     ; aikCert first
//!     sig: bytes,         ; TPMT_SIGNATURE's content, over certInfo
//!     certInfo: bytes,    ; TPMS_ATTEST
//!     pubArea: bytes,     ; TPMT_PUBLIC
//! }
//! ```

use super::{AttestationType, Attested, Evidence, Rs1, SIGNATURE, STATEMENT, Statement, malformed, mismatch};
use crate::attestation::certificate::{check_model, leaf};
use crate::error::{Error, ErrorCode, Result};
use crate::signature::Hash;

mod attest;
mod certificate;
pub(super) mod manufacturers;
mod public;

use attest::Attest;
use public::Public;

const RS1: i64 = -65535;

pub(super) fn verify(mut statement: Statement, attested: &Attested<'_>) -> Result<Evidence> {
    // 8.3: the statement has the form of the format. x5c is always present, because ECDAA no longer exists.
    if statement.take("ver").as_ref().and_then(|ver| ver.as_text()) != Some("2.0") {
        return Err(malformed());
    }
    let algorithm = statement.algorithm()?;
    if algorithm == RS1 && attested.policy.rs1 == Rs1::Refuse {
        return Err(Error::new(
            ErrorCode::AlgorithmForbidden,
            "response.attestationObject.attStmt.alg",
        ));
    }
    let chain = statement.certificates()?.ok_or_else(malformed)?;
    let signature = statement.bytes("sig")?;
    let cert_info = statement.bytes("certInfo")?;
    let pub_area = statement.bytes("pubArea")?;
    statement.finish()?;

    // 8.3: the key in pubArea is the credential's key.
    let public = Public::parse(&pub_area)?;
    if public.key.as_ref() != Some(&attested.key.parameters) {
        return Err(mismatch(ErrorCode::AttestationKeyMismatch));
    }

    // 8.3: certInfo certifies a key. The parser checks magic and type.
    let attest = Attest::parse(&cert_info)?;
    // 8.3: extraData is the hash of authenticatorData and clientDataHash.
    let hash = hash(algorithm)?;
    if attest.extra_data != hash.digest(&[attested.authenticator_data, attested.client_data_hash]) {
        return Err(mismatch(ErrorCode::AttestationDataMismatch));
    }
    // 8.3: the attested name is that of pubArea.
    if attest.name != public.name(&pub_area) {
        return Err(mismatch(ErrorCode::AttestationDataMismatch));
    }
    // 8.3: qualifiedSigner, clockInfo and firmwareVersion are ignored.

    // 8.3: verify sig over certInfo with aikCert's key.
    let certificate = leaf(&chain)?;
    certificate
        .verify(algorithm, SIGNATURE, &cert_info, &signature)
        .map_err(|error| match error.code {
            ErrorCode::CoseKeyMismatch => mismatch(ErrorCode::AttestationAlgorithmMismatch),
            _ => error,
        })?;
    // 8.3: aikCert meets the requirements of 8.3.1.
    certificate::check(&certificate, &attested.policy.tpm_manufacturers)?;
    // 8.3: if aikCert names a model, it is the one in the authenticator data.
    check_model(&certificate, attested.aaguid)?;
    Ok(Evidence::by_certificates(AttestationType::AttCa, chain))
}

/// The hash function of a COSE algorithm with which TPMs sign. `EdDSA` and ML-DSA do not name one.
fn hash(algorithm: i64) -> Result<Hash> {
    match algorithm {
        RS1 => Ok(Hash::Sha1),
        -7 | -9 | -37 | -47 | -257 => Ok(Hash::Sha256),
        -35 | -38 | -51 | -258 => Ok(Hash::Sha384),
        -36 | -39 | -52 | -259 => Ok(Hash::Sha512),
        _ => Err(Error::new(ErrorCode::AlgorithmUnsupported, STATEMENT)),
    }
}

#[cfg(test)]
mod tests;
