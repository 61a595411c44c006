use alloc::vec;
use alloc::vec::Vec;

use ciborium::Value;
use sha2::{Digest, Sha256};

use crate::attestation::AttestationType;
use crate::attestation::sample::Sample;
use crate::certificates::statements::{ATTESTATION, CREDENTIAL, certificate, issue, map, x5c};
use crate::certificates::{Builder, Key, sequence, tlv};
use crate::error::ErrorCode;

const NONCE: &str = "1.2.840.113635.100.8.2";

fn nonce(sample: &Sample) -> Vec<u8> {
    Sha256::digest(sample.attested().signed_data()).to_vec()
}

fn value(nonce: &[u8]) -> Vec<u8> {
    sequence(&[&tlv(0xa1, &[&tlv(4, &[nonce])])])
}

/// A certificate for the credential's key, with this value of the extension.
fn with(value: &[u8]) -> Builder {
    certificate(CREDENTIAL).extension(NONCE, false, value)
}

fn good(sample: &Sample) -> Builder {
    with(&value(&nonce(sample)))
}

fn refusal(sample: &Sample, certificate: &Builder) -> Option<ErrorCode> {
    sample.refusal("apple", map(&[("x5c", x5c(&[issue(certificate)]))]))
}

#[test]
fn accepts_a_certificate_for_the_credential() {
    let sample = Sample::new();
    let chain = [issue(&good(&sample)), issue(&certificate(ATTESTATION))];
    let evidence = sample.verify("apple", map(&[("x5c", x5c(&chain))])).unwrap();
    assert_eq!(evidence.attestation_type, AttestationType::AnonCa);
    assert_eq!(evidence.certificates, chain);
}

#[test]
fn requires_the_hash_of_the_registration() {
    let sample = Sample::new();
    let certificate = good(&sample);
    let mismatch = Some(ErrorCode::AttestationDataMismatch);

    let mut other = Sample::new();
    other.client_data_hash[0] ^= 1;
    assert_eq!(refusal(&other, &certificate), mismatch);
    let mut other = Sample::new();
    other.authenticator_data.push(0);
    assert_eq!(refusal(&other, &certificate), mismatch);
}

#[test]
fn requires_the_extension_in_its_only_form() {
    let sample = Sample::new();
    let nonce = nonce(&sample);
    let octets = tlv(4, &[&nonce]);
    let invalid = Some(ErrorCode::AttestationCertificateInvalid);
    assert_eq!(refusal(&sample, &certificate(CREDENTIAL)), invalid);
    for value in [
        vec![],
        nonce.clone(),
        octets.clone(),
        sequence(&[&octets]),
        sequence(&[&tlv(0xa2, &[&octets])]),
        sequence(&[&tlv(0x81, &[&nonce])]),
        sequence(&[&tlv(0xa1, &[&octets]), &[5, 0]]),
        [value(&nonce), vec![0]].concat(),
        value(&nonce[1..]),
    ] {
        assert_eq!(refusal(&sample, &with(&value)), invalid);
    }
}

#[test]
fn requires_the_credentials_key() {
    let sample = Sample::new();
    let mismatch = Some(ErrorCode::AttestationKeyMismatch);
    for key in [Key::p256(ATTESTATION), Key::ed25519(1)] {
        let mut certificate = good(&sample);
        certificate.public = key.public;
        assert_eq!(refusal(&sample, &certificate), mismatch);
    }
}

#[test]
fn accepts_the_alg_of_early_systems_and_no_other_member() {
    let sample = Sample::new();
    let chain = x5c(&[issue(&good(&sample))]);
    let refusal = |member: (&str, Value)| sample.refusal("apple", map(&[member, ("x5c", chain.clone())]));
    assert_eq!(refusal(("alg", (-7).into())), None);
    let mismatch = Some(ErrorCode::AttestationAlgorithmMismatch);
    assert_eq!(refusal(("alg", (-257).into())), mismatch);
    assert_eq!(refusal(("alg", Value::Null)), mismatch);
    let malformed = Some(ErrorCode::AttestationStatementMalformed);
    assert_eq!(refusal(("sig", Value::Bytes(vec![]))), malformed);
    assert_eq!(sample.refusal("apple", map(&[])), malformed);
    assert_eq!(sample.refusal("apple", map(&[("x5c", x5c(&[]))])), malformed);
}
