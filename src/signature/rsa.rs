//! RSA with PKCS#1 v1.5 and PSS padding (COSE -257 to -259, -37 to -39, -65535). It has its own public operation,
//! because a sign-in with such a key would spend most of its time in the library's.
//!
//! Key, signature and message are all public. So the time may depend on them, which would be a fault in code that
//! signs. `docs/decisions/crate/rsa-kernel.md` describes what was tried and measured.

mod modulus;
mod padding;

use modulus::Modulus;

use super::hash::Hash;

/// A public key, and the one scheme that it verifies.
#[derive(Clone, Debug)]
pub(super) struct Key {
    modulus: Modulus,
    exponent: u32,
    padding: Padding,
    hash: Hash,
}

#[derive(Clone, Copy, Debug)]
enum Padding {
    Pkcs1V1_5,
    Pss,
}

impl Key {
    pub(super) fn rs256(n: &[u8], e: &[u8]) -> Option<Self> {
        Self::new(n, e, Padding::Pkcs1V1_5, Hash::Sha256)
    }

    /// Refuses a modulus that is even or outside `limits::RSA_MODULUS_BITS`, leading zeros (RFC 8230 section 4), and an
    /// exponent that is even, below 3 or above 2^32.
    fn new(n: &[u8], e: &[u8], padding: Padding, hash: Hash) -> Option<Self> {
        if e.len() > 4 || *e.first()? == 0 {
            return None;
        }
        let exponent = e.iter().fold(0, |exponent, byte| exponent << 8 | u32::from(*byte));
        (exponent >= 3 && exponent % 2 == 1).then_some(())?;
        Some(Self {
            modulus: Modulus::parse(n)?,
            exponent,
            padding,
            hash,
        })
    }

    /// RFC 8017 sections 8.2.2 and 8.1.2. The signature has the length of the modulus and is a number below it.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let len = self.modulus.byte_len();
        if signature.len() != len {
            return false;
        }
        let Some(encoded) = self.modulus.power(signature, self.exponent) else {
            return false;
        };
        match self.padding {
            Padding::Pkcs1V1_5 => encoded == padding::pkcs1_v1_5(self.hash, message, len),
            Padding::Pss => {
                // The encoded message is one bit shorter than the modulus. For a modulus of 8 k + 1 bits it is one byte
                // shorter, and the byte above it is zero (section 8.1.2 step 2c).
                let bits = self.modulus.bits().saturating_sub(1);
                let (above, encoded) = encoded.split_at(len.saturating_sub(bits.div_ceil(8)));
                above.iter().all(|byte| *byte == 0) && padding::is_pss(self.hash, message, encoded, bits)
            }
        }
    }
}

/// The other schemes.
impl Key {
    pub(super) fn rs384(n: &[u8], e: &[u8]) -> Option<Self> {
        Self::new(n, e, Padding::Pkcs1V1_5, Hash::Sha384)
    }

    pub(super) fn rs512(n: &[u8], e: &[u8]) -> Option<Self> {
        Self::new(n, e, Padding::Pkcs1V1_5, Hash::Sha512)
    }

    #[cfg(test)]
    pub(super) fn rs1(n: &[u8], e: &[u8]) -> Option<Self> {
        Self::new(n, e, Padding::Pkcs1V1_5, Hash::Sha1)
    }

    /// Any of the hash functions. SHA-1 has collisions, so only attestation statements may use it.
    #[cfg(feature = "attestation")]
    pub(super) fn pkcs1_v1_5(n: &[u8], e: &[u8], hash: Hash) -> Option<Self> {
        Self::new(n, e, Padding::Pkcs1V1_5, hash)
    }

    #[cfg(feature = "attestation")]
    pub(super) fn pss(n: &[u8], e: &[u8], hash: Hash) -> Option<Self> {
        Self::new(n, e, Padding::Pss, hash)
    }

    pub(super) fn ps256(n: &[u8], e: &[u8]) -> Option<Self> {
        Self::new(n, e, Padding::Pss, Hash::Sha256)
    }

    pub(super) fn ps384(n: &[u8], e: &[u8]) -> Option<Self> {
        Self::new(n, e, Padding::Pss, Hash::Sha384)
    }

    pub(super) fn ps512(n: &[u8], e: &[u8]) -> Option<Self> {
        Self::new(n, e, Padding::Pss, Hash::Sha512)
    }
}

#[cfg(test)]
mod tests;
