//! JSON Web Signatures in compact form, by a certificate in their header. Spec: RFC 7515 sections 3.1, 4.1, 7.1.
//!
//! ```abnf
//! jws = base64url(header) "." base64url(payload) "." base64url(signature)
//! ```
//!
//! The header is `{ "alg": ..., "x5c": [...] }` and nothing else, so that nothing can name another key, and no
//! extension can be critical.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base64url;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, set};
use crate::jws::ecdsa_der;
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

/// Of the right form; nothing of it is verified.
pub(super) struct Jws<'a> {
    /// DER, leaf first: at least one.
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

impl<'a> Jws<'a> {
    pub(super) fn parse(field: &'static str, bytes: &'a [u8]) -> Option<Self> {
        let text = core::str::from_utf8(bytes).ok()?;
        let (signed, signature) = text.rsplit_once('.')?;
        // A third dot would be in the payload, where base64url has none.
        let (header, payload) = signed.split_once('.')?;
        let decode = |part| base64url::decode(field, part).ok();

        let header = Header::read(&decode(header)?)?;
        if header.x5c.is_empty() || header.x5c.len() > limits::CERTIFICATES {
            return None;
        }
        Some(Self {
            certificates: header.x5c.iter().map(|der| decode_base64(der)).collect::<Option<_>>()?,
            payload: decode(payload)?,
            algorithm: match header.alg.as_str() {
                "RS256" => Algorithm::Rs256,
                "ES256" => Algorithm::Es256,
                _ => return None,
            },
            signed,
            signature: decode(signature)?,
            field,
        })
    }

    /// JSON, if it is what it should be.
    pub(super) fn payload(&self) -> Option<&str> {
        core::str::from_utf8(&self.payload).ok()
    }

    /// Verifies the signature by the key of a certificate.
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

/// Strict base64, padded: of certificates in a header (RFC 7515 section 4.1.6), and of SafetyNet's nonce.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}
