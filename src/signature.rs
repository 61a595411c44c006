//! The one door to cryptography: a key that is valid by construction, and [`PublicKey::verify`].
//!
//! A primitive says nothing but yes or no (`SIGNATURE_INVALID`); which step of a ceremony asked it is the caller's to
//! tell.

use crate::error::{Error, ErrorCode, Result};

mod eddsa;
mod p256;
#[cfg(test)]
mod random;
mod rs256;

/// A public key of an algorithm that this build verifies. There is no value of it that is not a valid key.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey(Algorithm);

#[derive(Clone, Debug)]
enum Algorithm {
    Es256(p256::Key),
    Ed25519(eddsa::Key),
    Rs256(rs256::Key),
}

impl PublicKey {
    /// A point of P-256 by its affine coordinates, 32 bytes each.
    pub(crate) fn es256(x: &[u8], y: &[u8]) -> Option<Self> {
        p256::Key::new(x, y).map(Algorithm::Es256).map(Self)
    }

    /// An Ed25519 key, 32 bytes.
    pub(crate) fn ed25519(x: &[u8]) -> Option<Self> {
        eddsa::Key::new(x).map(Algorithm::Ed25519).map(Self)
    }

    /// An RSA key by its modulus and exponent, big-endian without leading zeros.
    pub(crate) fn rs256(n: &[u8], e: &[u8]) -> Option<Self> {
        rs256::Key::new(n, e).map(Algorithm::Rs256).map(Self)
    }

    /// Verifies a signature in the encoding of 6.5.5: DER for ECDSA, 64 bytes for Ed25519, the modulus' length for RSA.
    pub(crate) fn verify(&self, field: &'static str, message: &[u8], signature: &[u8]) -> Result<()> {
        let valid = match &self.0 {
            Algorithm::Es256(key) => key.verify(message, signature),
            Algorithm::Ed25519(key) => key.verify(message, signature),
            Algorithm::Rs256(key) => key.verify(message, signature),
        };
        valid
            .then_some(())
            .ok_or_else(|| Error::new(ErrorCode::SignatureInvalid, field))
    }
}

#[cfg(test)]
mod tests;
