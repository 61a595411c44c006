//! RSASSA-PKCS1-v1_5 with SHA-256 (COSE -257), by the crate `rsa`.

use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPublicKey};
use sha2::Sha256;

use crate::limits;

#[derive(Clone, Debug)]
pub(super) struct Key(VerifyingKey<Sha256>);

impl Key {
    /// Refuses a modulus outside `limits::RSA_MODULUS_BITS`, leading zeros (RFC 8230 section 4), and an exponent that
    /// is even or below 3.
    pub(super) fn new(n: &[u8], e: &[u8]) -> Option<Self> {
        let has_leading_zero = |bytes: &[u8]| bytes.first().is_none_or(|first| *first == 0);
        if has_leading_zero(n) || has_leading_zero(e) || e.len() > 8 || e.last()? & 1 == 0 {
            return None;
        }
        let n = BoxedUint::from_be_slice_vartime(n);
        if !limits::RSA_MODULUS_BITS.contains(&n.bits_vartime()) {
            return None;
        }
        let key = RsaPublicKey::new(n, BoxedUint::from_be_slice_vartime(e)).ok()?;
        (*key.e() > BoxedUint::from(2u8)).then(|| Self(VerifyingKey::new(key)))
    }

    /// The signature has the modulus' length (RFC 8017 section 8.2.2 step 1).
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        signature.len() == self.0.as_ref().size()
            && Signature::try_from(signature).is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}
