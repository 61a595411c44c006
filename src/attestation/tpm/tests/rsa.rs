//! Attestations as Windows makes them with most TPMs: RSA keys, signed with RS1.

use ::rsa::pkcs8::{DecodePrivateKey, EncodePublicKey};
use ::rsa::traits::PublicKeyParts;
use ::rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha1::Sha1;

use super::*;
use crate::cose::CredentialPublicKey;

/// A quote about an RSA credential.
fn quote(modulus: &[u8]) -> Quote {
    let mut quote = Quote::new();
    let cose = vec![
        (1.into(), 3.into()),
        (3.into(), (-257).into()),
        ((-1).into(), Value::Bytes(modulus.to_vec())),
        ((-2).into(), Value::Bytes(vec![1, 0, 1])),
    ];
    quote.sample.key = CredentialPublicKey::from_value("key", Value::Map(cose)).unwrap();
    // symmetric and scheme are NULL, 2,048 bits, the exponent is the default.
    let head = [0, 1, 0, 0x0b, 0, 6, 4, 0x72, 0, 0, 0, 0x10, 0, 0x10, 8, 0, 0, 0, 0, 0];
    quote.public_area = [&head[..], &sized(modulus)].concat();
    quote.name = [&[0, 0x0b], Sha256::digest(&quote.public_area).as_slice()].concat();
    quote
}

#[test]
fn an_rsa_credential_with_the_default_exponent() {
    assert_eq!(quote(&[0x81; 256]).refusal(), None);

    let mut other = quote(&[0x81; 256]);
    other.public_area = quote(&[0x83; 256]).public_area;
    assert_eq!(other.refusal(), Some(ErrorCode::AttestationKeyMismatch));

    // An exponent of 3.
    let mut other = quote(&[0x81; 256]);
    other.public_area[19] = 3;
    assert_eq!(other.refusal(), Some(ErrorCode::AttestationKeyMismatch));
}

#[test]
fn rs1_hashes_and_signs_with_sha_1() {
    let pem = include_str!("../../../../tests/vectors/keys/rsa-2048.pem");
    let key = RsaPrivateKey::from_pkcs8_pem(pem).unwrap();
    let mut quote = quote(&key.n_bytes());
    quote.certificate.public = key.to_public_key().to_public_key_der().unwrap().as_bytes().to_vec();
    quote.algorithm = -65535;
    assert_eq!(quote.refusal(), Some(ErrorCode::AlgorithmForbidden));
    quote.sample.policy.rs1 = Rs1::Allow;
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationDataMismatch));

    quote.extra_data = Sha1::digest(quote.sample.attested().signed_data()).to_vec();
    assert_eq!(quote.refusal(), Some(ErrorCode::SignatureInvalid));

    // RFC 8017 section 9.2, note 1.
    let padding = Pkcs1v15Sign {
        hash_len: Some(20),
        prefix: (*b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\0\x04\x14").into(),
    };
    let signature = key.sign(padding, &Sha1::digest(quote.cert_info())).unwrap();
    assert_eq!(quote.refusal_with("sig", Value::Bytes(signature)), None);
}

#[test]
fn rs1_needs_an_rsa_key() {
    let mut quote = Quote::new();
    quote.sample.policy.rs1 = Rs1::Allow;
    quote.algorithm = -65535;
    quote.extra_data = Sha1::digest(quote.sample.attested().signed_data()).to_vec();
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationAlgorithmMismatch));
}
