//! COSE keys: the credential public key as authenticators encode it. Spec: 6.5.1, 5.8.5, RFC 9052 section 7.
//!
//! ```cddl
//! ec2 = { 1: 2, 3: alg, -1: crv, -2: x-bytes, -3: y-bytes }   ; y is never a sign bit (5.8.5)
//! okp = { 1: 1, 3: alg, -1: crv, -2: x-bytes }
//! rsa = { 1: 3, 3: alg, -1: n-bytes, -2: e-bytes }
//! akp = { 1: 7, 3: alg, -1: pub-bytes }
//! ```
//!
//! A key must have exactly these parameters (6.5.1), so private parts and key restrictions are refused too.

use alloc::vec::Vec;

use ciborium::Value;
use coset::iana::EnumI64;
use coset::{AsCborValue, CoseKey, KeyType, Label, RegisteredLabelWithPrivate, iana};

use crate::cbor;
use crate::error::{Error, ErrorCode, Result};
use crate::limits;
use crate::signature::{KeyParameters, PublicKey};

/// A COSE key of the right form: it has the parameters of its type and no others. [`Self::public_key`] checks whether
/// they are a valid key of the algorithm.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct CredentialPublicKey {
    /// The COSE algorithm identifier.
    pub(crate) algorithm: i64,
    pub(crate) parameters: KeyParameters,
    field: &'static str,
}

impl CredentialPublicKey {
    /// Parses the bytes of a stored key.
    pub(crate) fn parse(field: &'static str, bytes: &[u8]) -> Result<Self> {
        if bytes.len() > limits::PUBLIC_KEY_LEN {
            return Err(Error::new(ErrorCode::CredentialTooLarge, field));
        }
        Self::from_value(field, cbor::parse(field, bytes)?)
    }

    pub(crate) fn from_value(field: &'static str, value: Value) -> Result<Self> {
        let malformed = Error::new(ErrorCode::CoseKeyMalformed, field);
        let key = CoseKey::from_cbor_value(value).map_err(|_| malformed)?;
        if !key.key_id.is_empty() || !key.key_ops.is_empty() || !key.base_iv.is_empty() {
            return Err(malformed);
        }
        let algorithm = match key.alg.ok_or(malformed)? {
            RegisteredLabelWithPrivate::Assigned(algorithm) => algorithm.to_i64(),
            RegisteredLabelWithPrivate::PrivateUse(algorithm) => algorithm,
            RegisteredLabelWithPrivate::Text(_) => return Err(malformed),
        };
        let parameters = key_parameters(key.kty, key.params).ok_or(malformed)?;
        Ok(Self {
            algorithm,
            parameters,
            field,
        })
    }

    /// Checks that type, curve and algorithm belong together and that the key is valid. Spec: 5.8.5, RFC 9053 section
    /// 7.
    pub(crate) fn public_key(&self) -> Result<PublicKey> {
        PublicKey::new(self.algorithm, &self.parameters).map_err(|code| Error::new(code, self.field))
    }
}

fn key_parameters(key_type: KeyType, parameters: Vec<(Label, Value)>) -> Option<KeyParameters> {
    let mut parameters = Remaining(parameters);
    let key_type = match key_type {
        KeyType::Assigned(key_type) => key_type,
        KeyType::Text(_) => return None,
    };
    let read = match key_type {
        iana::KeyType::EC2 => KeyParameters::Ec2 {
            curve: parameters.integer(-1)?,
            x: parameters.bytes(-2)?,
            y: parameters.bytes(-3)?,
        },
        iana::KeyType::OKP => KeyParameters::Okp {
            curve: parameters.integer(-1)?,
            x: parameters.bytes(-2)?,
        },
        iana::KeyType::AKP => KeyParameters::Akp {
            public: parameters.bytes(-1)?,
        },
        iana::KeyType::RSA => KeyParameters::Rsa {
            n: parameters.bytes(-1)?,
            e: parameters.bytes(-2)?,
        },
        _ => return None,
    };
    parameters.0.is_empty().then_some(read)
}

/// The parameters of a key that have not been read yet.
struct Remaining(Vec<(Label, Value)>);

impl Remaining {
    fn take(&mut self, label: i64) -> Option<Value> {
        let place = self.0.iter().position(|(known, _)| *known == Label::Int(label))?;
        Some(self.0.swap_remove(place).1)
    }

    fn bytes(&mut self, label: i64) -> Option<Vec<u8>> {
        self.take(label)?.into_bytes().ok()
    }

    fn integer(&mut self, label: i64) -> Option<i64> {
        self.take(label)?.into_integer().ok()?.try_into().ok()
    }
}

#[cfg(test)]
mod tests;
