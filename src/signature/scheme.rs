//! Signatures of certificates and of old attestation statements. Their key does not imply the hash function.

#[cfg(any(feature = "es256k", feature = "es384", feature = "es512"))]
use super::ecdsa;
use super::hash::Hash;
use super::{KeyParameters, PublicKey, p256, rsa};
use crate::error::{Error, ErrorCode, Result};

/// How a message is signed, apart from the key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scheme {
    Ecdsa(Hash),
    RsaPkcs1V1_5(Hash),
    RsaPss(Hash),
    /// A COSE algorithm, which implies everything.
    Cose(i64),
}

/// Verifies a signature with the key that has these parameters.
pub(crate) fn verify_scheme(
    scheme: Scheme,
    parameters: &KeyParameters,
    field: &'static str,
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    let invalid = |code| Error::new(code, field);
    let valid = match (scheme, parameters) {
        (Scheme::Cose(algorithm), parameters) => {
            return PublicKey::new(algorithm, parameters)
                .map_err(invalid)?
                .verify(field, message, signature);
        }
        (Scheme::RsaPkcs1V1_5(hash), KeyParameters::Rsa { n, e }) => {
            rsa::Key::pkcs1_v1_5(n, e, hash).map(|key| key.verify(message, signature))
        }
        (Scheme::RsaPss(hash), KeyParameters::Rsa { n, e }) => {
            rsa::Key::pss(n, e, hash).map(|key| key.verify(message, signature))
        }
        (Scheme::Ecdsa(hash), KeyParameters::Ec2 { curve, x, y }) => {
            let digest = hash.digest(&[message]);
            match curve {
                1 => p256::Key::new(x, y).map(|key| key.verify_prehash(&digest, signature)),
                #[cfg(feature = "es384")]
                2 => ecdsa::es384::Key::new(x, y).map(|key| key.verify_prehash(&digest, signature)),
                #[cfg(feature = "es512")]
                3 => ecdsa::es512::Key::new(x, y).map(|key| key.verify_prehash(&digest, signature)),
                #[cfg(feature = "es256k")]
                8 => ecdsa::es256k::Key::new(x, y).map(|key| key.verify_prehash(&digest, signature)),
                _ => return Err(invalid(ErrorCode::AlgorithmUnsupported)),
            }
        }
        _ => return Err(invalid(ErrorCode::CoseKeyMismatch)),
    };
    match valid {
        Some(true) => Ok(()),
        Some(false) => Err(invalid(ErrorCode::SignatureInvalid)),
        None => Err(invalid(ErrorCode::PublicKeyInvalid)),
    }
}
