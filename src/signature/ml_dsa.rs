//! ML-DSA-44, -65 and -87 (COSE -48, -49, -50), by the crate `ml-dsa`. Spec: FIPS 204, RFC 9964.

use alloc::boxed::Box;

use ml_dsa::{EncodedSignature, EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey};

/// A key of one parameter set. Expanded keys have up to 56 KiB, so they are on the heap.
#[derive(Clone, Debug)]
pub(super) enum Key {
    MlDsa44(Box<VerifyingKey<MlDsa44>>),
    MlDsa65(Box<VerifyingKey<MlDsa65>>),
    MlDsa87(Box<VerifyingKey<MlDsa87>>),
}

impl Key {
    /// None if the length is wrong. All bytes of the right length are a key.
    pub(super) fn ml_dsa_44(public: &[u8]) -> Option<Self> {
        decode(public).map(Self::MlDsa44)
    }

    pub(super) fn ml_dsa_65(public: &[u8]) -> Option<Self> {
        decode(public).map(Self::MlDsa65)
    }

    pub(super) fn ml_dsa_87(public: &[u8]) -> Option<Self> {
        decode(public).map(Self::MlDsa87)
    }

    /// Pure ML-DSA with an empty context.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::MlDsa44(key) => verify(key, message, signature),
            Self::MlDsa65(key) => verify(key, message, signature),
            Self::MlDsa87(key) => verify(key, message, signature),
        }
    }
}

fn decode<P: MlDsaParams>(public: &[u8]) -> Option<Box<VerifyingKey<P>>> {
    let encoded = EncodedVerifyingKey::<P>::try_from(public).ok()?;
    Some(Box::new(VerifyingKey::decode(&encoded)))
}

fn verify<P: MlDsaParams>(key: &VerifyingKey<P>, message: &[u8], signature: &[u8]) -> bool {
    EncodedSignature::<P>::try_from(signature)
        .ok()
        .and_then(|encoded| Signature::decode(&encoded))
        .is_some_and(|signature| key.verify_with_context(message, &[], &signature))
}
