//! The Apple anonymous attestation statement format. Spec: 8.8.
//!
//! ```cddl
//! attStmt = { x5c: [+ bytes], ? alg: int }   ; alg: only the first systems that had this format, of 2020, wrote it
//! ```
//!
//! Extension 1.2.840.113635.100.8.2 of the leaf:
//!
//! ```asn1
//! SEQUENCE { nonce [1] EXPLICIT OCTET STRING (SIZE (32)) }
//! ```

use sha2::{Digest, Sha256};
use x509_cert::der::oid::ObjectIdentifier;

use super::certificate::leaf;
use super::{AttestationType, Attested, Evidence, Statement, X5C, malformed, mismatch};
use crate::error::{Error, ErrorCode, Result};
use crate::x509::Certificate;

const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113635.100.8.2");

/// The extension up to the nonce. DER has only one encoding of it.
const NONCE_HEAD: &[u8] = &[0x30, 36, 0xa1, 34, 0x04, 32];

pub(super) fn verify(mut statement: Statement, attested: &Attested<'_>) -> Result<Evidence> {
    let algorithm = statement.take("alg");
    let chain = statement.certificates()?.ok_or_else(malformed)?;
    statement.finish()?;
    // alg signs nothing. If it is present, it must be that of the credential's key.
    if algorithm.is_some_and(|algorithm| algorithm != attested.key.algorithm.into()) {
        return Err(mismatch(ErrorCode::AttestationAlgorithmMismatch));
    }
    let certificate = leaf(&chain)?;

    // The nonce in the certificate is the hash of authenticatorData and clientDataHash.
    let expected: [u8; 32] = Sha256::digest(attested.signed_data()).into();
    if nonce(&certificate)? != expected {
        return Err(mismatch(ErrorCode::AttestationDataMismatch));
    }

    // The certificate's key is the credential's.
    if certificate.parameters()? != attested.key.parameters {
        return Err(mismatch(ErrorCode::AttestationKeyMismatch));
    }

    Ok(Evidence::by_certificates(AttestationType::AnonCa, chain))
}

fn nonce(certificate: &Certificate) -> Result<[u8; 32]> {
    certificate
        .extension(NONCE)
        .and_then(|(_, value)| value.strip_prefix(NONCE_HEAD)?.try_into().ok())
        .ok_or_else(|| Error::new(ErrorCode::AttestationCertificateInvalid, X5C))
}

#[cfg(test)]
mod tests;
