//! Ed448 (COSE -53), by the crate `ed448-goldilocks`.

use ed448_goldilocks::{EdwardsPoint, Signature, VerifyingKey};

#[derive(Clone, Debug)]
pub(super) struct Key(VerifyingKey);

impl Key {
    /// Refuses bytes that are not a point of the curve, and keys of small order, for which anyone can make signatures.
    pub(super) fn new(x: &[u8]) -> Option<Self> {
        let bytes: [u8; 57] = x.try_into().ok().filter(is_encoded_point)?;
        let key = VerifyingKey::from_bytes(&bytes).ok()?;
        // The cofactor is 4.
        let four_times = key.to_edwards().double().double();
        (four_times != EdwardsPoint::IDENTITY).then_some(Self(key))
    }

    /// RFC 8032 section 5.2.7 with an empty context; 114 bytes.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        signature.first_chunk().is_some_and(is_encoded_point)
            && Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_raw(&signature, message).is_ok())
    }
}

/// Only the highest bit of a point's last byte is used (RFC 8032 section 5.2.3). The library ignores the others of R,
/// so a changed R would be another signature for the same message.
fn is_encoded_point(bytes: &[u8; 57]) -> bool {
    bytes.last().is_some_and(|last| last & 0x7f == 0)
}
