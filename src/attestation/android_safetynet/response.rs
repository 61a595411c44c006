//! SafetyNet's response: a JWS that is signed by a certificate in its header.
//!
//! The header must be `{ "alg": ..., "x5c": [...] }` without other members, so that no member can name another key and
//! no extension can be critical.

use alloc::string::String;
use alloc::vec::Vec;

use crate::base64url;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, set};
use crate::jws::{self, Compact, ecdsa_der};
use crate::limits;
use crate::x509::Certificate;

struct Header {
    alg: String,
    x5c: Vec<String>,
}

impl Header {
    fn read(json: &[u8]) -> Option<Self> {
        let (mut alg, mut x5c) = (None, None);
        json::members(core::str::from_utf8(json).ok()?, &mut |name, value| match name {
            "alg" => set(&mut alg, value.string()),
            "x5c" => set(&mut x5c, value.strings()),
            _ => None,
        })?;
        Some(Self { alg: alg?, x5c: x5c? })
    }
}

/// A response whose form is right. Its signature is not verified yet.
pub(super) struct Response<'a> {
    /// At least one, DER, leaf first.
    pub(super) certificates: Vec<Vec<u8>>,
    payload: Vec<u8>,
    algorithm: Algorithm,
    signed: &'a str,
    signature: Vec<u8>,
    field: &'static str,
}

#[derive(Clone, Copy)]
enum Algorithm {
    Rs256,
    Es256,
}

impl<'a> Response<'a> {
    pub(super) fn parse(field: &'static str, bytes: &'a [u8]) -> Option<Self> {
        let jws = Compact::split(core::str::from_utf8(bytes).ok()?)?;
        let decode = |part| base64url::decode(field, part).ok();

        let header = Header::read(&decode(jws.header)?)?;
        if header.x5c.is_empty() || header.x5c.len() > limits::CERTIFICATES {
            return None;
        }
        Some(Self {
            certificates: jws::certificates(&header.x5c)?,
            payload: decode(jws.payload)?,
            algorithm: match header.alg.as_str() {
                "RS256" => Algorithm::Rs256,
                "ES256" => Algorithm::Es256,
                _ => return None,
            },
            signed: jws.signed,
            signature: decode(jws.signature)?,
            field,
        })
    }

    /// The payload as text.
    pub(super) fn payload(&self) -> Option<&str> {
        core::str::from_utf8(&self.payload).ok()
    }

    /// Verifies the signature with a certificate's key.
    pub(super) fn verify(&self, certificate: &Certificate) -> Result<()> {
        let invalid = || Error::new(ErrorCode::SignatureInvalid, self.field);
        let (algorithm, signature) = match self.algorithm {
            Algorithm::Rs256 => (-257, self.signature.clone()),
            Algorithm::Es256 => (-7, ecdsa_der(&self.signature, 32).ok_or_else(invalid)?),
        };
        certificate
            .verify(algorithm, self.field, self.signed.as_bytes(), &signature)
            .map_err(|error| match error.code {
                ErrorCode::CoseKeyMismatch => Error::new(ErrorCode::AttestationAlgorithmMismatch, self.field),
                _ => error,
            })
    }
}
