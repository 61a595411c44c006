//! What formats with certificates have in common.

use alloc::vec::Vec;

use x509_cert::der::oid::ObjectIdentifier;

use super::{SIGNATURE, X5C, malformed, mismatch};
use crate::error::{Error, ErrorCode, Result};
use crate::signature::PublicKey;
use crate::x509::Certificate;

/// id-fido-gen-ce-aaguid.
const AAGUID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.4");

/// The attestation certificate: the first of a chain.
pub(super) fn leaf(chain: &[Vec<u8>]) -> Result<Certificate> {
    Certificate::parse(X5C, chain.first().ok_or_else(malformed)?)
}

/// Verifies the statement's signature by the certificate's key, which has to be one of the statement's algorithm.
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

/// If the certificate names a model, then it is the one in the authenticator data. The extension is never critical, and
/// its value is an OCTET STRING of 16 bytes (8.2.1): DER has one encoding of it, so its head is compared.
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
