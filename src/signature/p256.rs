//! ECDSA on P-256 with SHA-256 (COSE -7). It has its own kernel, because a sign-in spends most of its time here.
//!
//! Key, signature and message are all public. So the time may depend on them, which would be a fault in code that
//! signs. `docs/decisions/crate/p256-kernel.md` describes what was tried and measured.
//!
//! The steps of a verification (FIPS 186-5 section 6.4.2): w = 1/s, u1 = e w and u2 = r w modulo n ([`scalar`]), then R
//! = u1 G + u2 Q ([`point`] on [`field`]). R's x must be r modulo n.

use p256::ecdsa::Signature;
use sha2::{Digest, Sha256};

mod field;
mod generator;
mod pair;
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "digits are odd and below the width's bound; half of that bound is below the tables' length"
)]
mod point;
mod scalar;

use field::Element;
use point::{Affine, Jacobian};
use scalar::Scalars;

#[derive(Clone, Debug)]
pub(super) struct Key(Affine);

impl Key {
    /// Refuses coordinates that are not below p or not a point of the curve. Infinity has no coordinates.
    pub(super) fn new(x: &[u8], y: &[u8]) -> Option<Self> {
        let x = Element::parse(x.try_into().ok()?)?;
        let y = Element::parse(y.try_into().ok()?)?;
        Affine::new(x, y).map(Self)
    }

    /// The signature is strict DER of r and s, each between 1 and n - 1 (6.5.5, RFC 3279 section 2.2.3).
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_der(signature).is_ok_and(|signature| {
            let (r, s) = signature.split_bytes();
            self.verify_digest(&Sha256::digest(message).into(), &r.into(), &s.into())
        })
    }

    /// The same for a digest of any length. Its leftmost 256 bits count (FIPS 186-5 section 6.4.2).
    #[cfg(feature = "attestation")]
    pub(super) fn verify_prehash(&self, digest: &[u8], signature: &[u8]) -> bool {
        let mut leftmost = [0; 32];
        let digest = digest.get(..32).unwrap_or(digest);
        let (_, place) = leftmost.split_at_mut(32_usize.saturating_sub(digest.len()));
        place.copy_from_slice(digest);
        Signature::from_der(signature).is_ok_and(|signature| {
            let (r, s) = signature.split_bytes();
            self.verify_digest(&leftmost, &r.into(), &s.into())
        })
    }

    fn verify_digest(&self, digest: &[u8; 32], r: &[u8; 32], s: &[u8; 32]) -> bool {
        let Some(Scalars { u1, u2 }) = Scalars::new(digest, r, s) else {
            return false;
        };
        let point = Jacobian::generator_and_point(&u1, &u2, &self.0);
        #[cfg(test)]
        tests::on_vectors::assert_same_sum(&u1, &u2, &self.0, &point);
        // The affine x is X / Z^2. Comparing X with r Z^2 saves an inversion. x is below p, and r is x modulo n, so x
        // is r or, if that is below p, r + n.
        !point.is_infinity()
            && scalar::with_residue(r)
                .into_iter()
                .flatten()
                .any(|x| point.has_x(&Element::from_bytes(&x)))
    }
}

#[cfg(test)]
mod tests;
