//! The only entry to cryptography: a key that is valid by construction, and [`PublicKey::verify`].
//!
//! A primitive answers only yes or no (`SIGNATURE_INVALID`). The caller knows which step of a ceremony it belongs to.

use alloc::vec::Vec;

use crate::error::{Error, ErrorCode, Result};

mod ecdsa;
#[cfg(feature = "ed448")]
mod ed448;
mod eddsa;
mod hash;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
mod p256;
#[cfg(test)]
mod random;
mod rsa;
#[cfg(feature = "attestation")]
mod scheme;

#[cfg(feature = "attestation")]
pub(crate) use hash::Hash;
#[cfg(feature = "attestation")]
pub(crate) use scheme::{Scheme, verify_scheme};

/// The COSE algorithms that a key of this build can have. RS1 (-65535) is not one of them: it is weak, and only
/// attestation statements still use it.
const SUPPORTED: &[i64] = &[
    -7,
    -9,
    #[cfg(feature = "es384")]
    -35,
    #[cfg(feature = "es384")]
    -51,
    #[cfg(feature = "es512")]
    -36,
    #[cfg(feature = "es512")]
    -52,
    #[cfg(feature = "es256k")]
    -47,
    -8,
    -19,
    #[cfg(feature = "ed448")]
    -53,
    -257,
    -258,
    -259,
    -37,
    -38,
    -39,
    #[cfg(feature = "ml-dsa")]
    -48,
    #[cfg(feature = "ml-dsa")]
    -49,
    #[cfg(feature = "ml-dsa")]
    -50,
];

/// The parameters of a key by its type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum KeyParameters {
    Ec2 { curve: i64, x: Vec<u8>, y: Vec<u8> },
    Okp { curve: i64, x: Vec<u8> },
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Akp { public: Vec<u8> },
}

/// A public key of an algorithm that this build verifies. Every value is a valid key.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey(Key);

#[derive(Clone, Debug)]
enum Key {
    Es256(p256::Key),
    #[cfg(feature = "es384")]
    Es384(ecdsa::es384::Key),
    #[cfg(feature = "es512")]
    Es512(ecdsa::es512::Key),
    #[cfg(feature = "es256k")]
    Es256K(ecdsa::es256k::Key),
    Ed25519(eddsa::Key),
    #[cfg(feature = "ed448")]
    Ed448(ed448::Key),
    Rsa(rsa::Key),
    #[cfg(feature = "ml-dsa")]
    MlDsa(ml_dsa::Key),
}

impl PublicKey {
    /// The key of a COSE algorithm, from the parameters of a COSE key. Parameters that do not belong together are
    /// refused. Spec: 5.8.5, RFC 9053 section 7, RFC 9864.
    pub(crate) fn new(algorithm: i64, parameters: &KeyParameters) -> core::result::Result<Self, ErrorCode> {
        use KeyParameters::{Ec2, Okp, Rsa};
        let key = match (algorithm, parameters) {
            (-7 | -9, Ec2 { curve: 1, x, y }) => p256::Key::new(x, y).map(Key::Es256),
            #[cfg(feature = "es384")]
            (-35 | -51, Ec2 { curve: 2, x, y }) => ecdsa::es384::Key::new(x, y).map(Key::Es384),
            #[cfg(feature = "es512")]
            (-36 | -52, Ec2 { curve: 3, x, y }) => ecdsa::es512::Key::new(x, y).map(Key::Es512),
            #[cfg(feature = "es256k")]
            (-47, Ec2 { curve: 8, x, y }) => ecdsa::es256k::Key::new(x, y).map(Key::Es256K),
            (-8 | -19, Okp { curve: 6, x }) => eddsa::Key::new(x).map(Key::Ed25519),
            #[cfg(feature = "ed448")]
            (-53, Okp { curve: 7, x }) => ed448::Key::new(x).map(Key::Ed448),
            (-257, Rsa { n, e }) => rsa::Key::rs256(n, e).map(Key::Rsa),
            (-258, Rsa { n, e }) => rsa::Key::rs384(n, e).map(Key::Rsa),
            (-259, Rsa { n, e }) => rsa::Key::rs512(n, e).map(Key::Rsa),
            (-37, Rsa { n, e }) => rsa::Key::ps256(n, e).map(Key::Rsa),
            (-38, Rsa { n, e }) => rsa::Key::ps384(n, e).map(Key::Rsa),
            (-39, Rsa { n, e }) => rsa::Key::ps512(n, e).map(Key::Rsa),
            #[cfg(feature = "ml-dsa")]
            (-48, KeyParameters::Akp { public }) => ml_dsa::Key::ml_dsa_44(public).map(Key::MlDsa),
            #[cfg(feature = "ml-dsa")]
            (-49, KeyParameters::Akp { public }) => ml_dsa::Key::ml_dsa_65(public).map(Key::MlDsa),
            #[cfg(feature = "ml-dsa")]
            (-50, KeyParameters::Akp { public }) => ml_dsa::Key::ml_dsa_87(public).map(Key::MlDsa),
            (algorithm, _) if SUPPORTED.contains(&algorithm) => return Err(ErrorCode::CoseKeyMismatch),
            _ => return Err(ErrorCode::AlgorithmUnsupported),
        };
        key.map(Self).ok_or(ErrorCode::PublicKeyInvalid)
    }

    /// Verifies a signature in the encoding of 6.5.5: DER for ECDSA, the encoding of its own specification for every
    /// other algorithm.
    pub(crate) fn verify(&self, field: &'static str, message: &[u8], signature: &[u8]) -> Result<()> {
        let valid = match &self.0 {
            Key::Es256(key) => key.verify(message, signature),
            #[cfg(feature = "es384")]
            Key::Es384(key) => key.verify(message, signature),
            #[cfg(feature = "es512")]
            Key::Es512(key) => key.verify(message, signature),
            #[cfg(feature = "es256k")]
            Key::Es256K(key) => key.verify(message, signature),
            Key::Ed25519(key) => key.verify(message, signature),
            #[cfg(feature = "ed448")]
            Key::Ed448(key) => key.verify(message, signature),
            Key::Rsa(key) => key.verify(message, signature),
            #[cfg(feature = "ml-dsa")]
            Key::MlDsa(key) => key.verify(message, signature),
        };
        valid
            .then_some(())
            .ok_or_else(|| Error::new(ErrorCode::SignatureInvalid, field))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod wycheproof;
