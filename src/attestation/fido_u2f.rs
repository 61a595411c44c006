//! The FIDO U2F attestation statement format. Spec: 8.6.
//!
//! ```cddl
//! attStmt = { x5c: [ bytes ], sig: bytes }   ; one certificate, without those above it
//! ```
//!
//! The AAGUID is ignored: U2F authenticators have none, and the statement proves none.

use alloc::vec::Vec;

use super::certificate::leaf;
use super::{AttestationType, Attested, Evidence, SIGNATURE, Statement, X5C, malformed, mismatch};
use crate::error::{Error, ErrorCode, Result};
use crate::signature::KeyParameters;

const ES256: i64 = -7;

pub(super) fn verify(mut statement: Statement, attested: &Attested<'_>) -> Result<Evidence> {
    let signature = statement.bytes("sig")?;
    let chain = statement.certificates()?.ok_or_else(malformed)?;
    statement.finish()?;

    // x5c has exactly one element.
    if chain.len() != 1 {
        return Err(malformed());
    }
    // Its key is on P-256.
    let certificate = leaf(&chain)?;
    if !matches!(certificate.parameters()?, KeyParameters::Ec2 { curve: 1, .. }) {
        return Err(Error::new(ErrorCode::AttestationCertificateInvalid, X5C));
    }

    // authenticatorData is parsed already: rpIdHash, credentialId, credentialPublicKey. Convert the credential's key to
    // the form that U2F signs.
    let public_key =
        public_key_u2f(&attested.key.parameters).ok_or_else(|| mismatch(ErrorCode::AttestationKeyMismatch))?;

    // Verify sig over verificationData with the certificate's key.
    let verification_data = [
        &[0],
        &attested.rp_id_hash[..],
        attested.client_data_hash,
        attested.credential_id,
        &public_key,
    ]
    .concat();
    certificate.verify(ES256, SIGNATURE, &verification_data, &signature)?;

    // The statement does not tell whether a CA certified the key for one authenticator or for the model.
    Ok(Evidence {
        covers_aaguid: false,
        ..Evidence::by_certificates(AttestationType::Basic, chain)
    })
}

/// The point in the uncompressed form of SEC 1 section 2.3.3. None if it is not on P-256.
fn public_key_u2f(parameters: &KeyParameters) -> Option<Vec<u8>> {
    match parameters {
        KeyParameters::Ec2 { curve: 1, x, y } if x.len() == 32 && y.len() == 32 => Some([&[4], &x[..], y].concat()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
