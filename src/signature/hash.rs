//! The hash functions, for signatures whose key does not imply one.

use alloc::vec::Vec;

use sha2::{Digest, Sha256, Sha384, Sha512};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Hash {
    /// SHA-1 has collisions, so only attestation statements may use it.
    #[cfg(any(test, feature = "attestation"))]
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The digest of all parts, one after the other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            parts.iter().fold(D::new(), D::chain_update).finalize().to_vec()
        }
        match self {
            #[cfg(any(test, feature = "attestation"))]
            Self::Sha1 => digest::<sha1::Sha1>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}
