//! Ed25519 (COSE -8 with curve 6), by the crate `ed25519-dalek`.

use ed25519_dalek::{Signature, VerifyingKey};

#[derive(Clone, Debug)]
pub(super) struct Key(VerifyingKey);

impl Key {
    /// Refuses bytes that are not a point of the curve, and keys of small order, for which anyone can make signatures.
    pub(super) fn new(x: &[u8]) -> Option<Self> {
        let key = VerifyingKey::from_bytes(x.try_into().ok()?).ok()?;
        (!key.is_weak()).then_some(Self(key))
    }

    /// RFC 8032 section 5.1.7 without the cofactor. R of small order is refused, so that every verification of a
    /// signature has the same result.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}
