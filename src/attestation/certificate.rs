//! What formats with certificates share.

use alloc::vec::Vec;

use x509_cert::der::oid::ObjectIdentifier;

use super::{SIGNATURE, X5C, malformed, mismatch};
use crate::error::{Error, ErrorCode, Result};
use crate::signature::PublicKey;
use crate::x509::Certificate;

/// id-fido-gen-ce-aaguid.
const AAGUID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.4");

/// The attestation certificate: the first one of the chain.
pub(super) fn leaf(chain: &[Vec<u8>]) -> Result<Certificate> {
    Certificate::parse(X5C, chain.first().ok_or_else(malformed)?)
}

/// Verifies the statement's signature with the certificate's key. The key must belong to the statement's algorithm.
pub(super) fn verify_signature(
    certificate: &Certificate,
    algorithm: i64,
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    PublicKey::new(algorithm, &certificate.parameters()?)
        .map_err(|code| match code {
            ErrorCode::CoseKeyMismatch => mismatch(ErrorCode::AttestationAlgorithmMismatch),
            code => Error::new(code, SIGNATURE),
        })?
        .verify(SIGNATURE, message, signature)
}

/// If the certificate names a model, then it must be the model in the authenticator data. The extension is never
/// critical, and its value is an OCTET STRING of 16 bytes (8.2.1). DER has only one encoding of that, so the header is
/// compared.
pub(super) fn check_model(certificate: &Certificate, aaguid: &[u8; 16]) -> Result<()> {
    let Some((critical, value)) = certificate.extension(AAGUID) else {
        return Ok(());
    };
    match value.strip_prefix(&[4, 16]) {
        Some(certified) if !critical && certified.len() == aaguid.len() => (certified == aaguid)
            .then_some(())
            .ok_or_else(|| mismatch(ErrorCode::AttestationAaguidMismatch)),
        _ => Err(Error::new(ErrorCode::AttestationCertificateInvalid, X5C)),
    }
}
