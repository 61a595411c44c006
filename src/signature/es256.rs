//! ECDSA on P-256 with SHA-256 (COSE -7), by the crate `p256`.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

#[derive(Clone, Debug)]
pub(super) struct Key(VerifyingKey);

impl Key {
    /// Refuses what is not a point of the curve, and the point at infinity.
    pub(super) fn new(x: &[u8], y: &[u8]) -> Option<Self> {
        let x: &[u8; 32] = x.try_into().ok()?;
        let y: &[u8; 32] = y.try_into().ok()?;
        // SEC 1 section 2.3.3, uncompressed: 04, x, y.
        let mut point = [4; 65];
        point.get_mut(1..33)?.copy_from_slice(x);
        point.get_mut(33..)?.copy_from_slice(y);
        VerifyingKey::from_sec1_bytes(&point).ok().map(Self)
    }

    /// The signature is strict DER of r and s, each between 1 and n - 1.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_der(signature).is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}
