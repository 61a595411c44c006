//! Attestation statements and the certificates that they carry.

use std::string::ToString;
use std::vec::Vec;

use ciborium::Value;

use super::{BASIC_CONSTRAINTS, Builder, Key, constraints};

/// The number of the credential's key pair.
pub(crate) const CREDENTIAL: u8 = 1;

/// The number of the attestation certificate's key pair.
pub(crate) const ATTESTATION: u8 = 2;

/// A subject that meets 8.2.1.
pub(crate) const SUBJECT: [(&str, &str); 4] = [
    ("2.5.4.6", "AA"),
    ("2.5.4.10", "Vendor"),
    ("2.5.4.11", "Authenticator Attestation"),
    ("2.5.4.3", "Model"),
];

pub(crate) fn sign(key: u8, message: &[u8]) -> Vec<u8> {
    (Key::p256(key).sign)(message)
}

/// A certificate for a key that meets 8.2.1.
pub(crate) fn certificate(key: u8) -> Builder {
    Builder::leaf("", &Key::p256(key))
        .subject(&SUBJECT)
        .extension(BASIC_CONSTRAINTS, true, &constraints(false, None))
}

/// The certificate, issued by a CA.
pub(crate) fn issue(certificate: &Builder) -> Vec<u8> {
    certificate.signed_by("CA", &Key::p256(9))
}

/// A CBOR map with text keys.
pub(crate) fn map(members: &[(&str, Value)]) -> Value {
    let member = |(key, value): &(&str, Value)| (Value::Text((*key).to_string()), value.clone());
    Value::Map(members.iter().map(member).collect())
}

pub(crate) fn x5c(certificates: &[Vec<u8>]) -> Value {
    Value::Array(certificates.iter().cloned().map(Value::Bytes).collect())
}
