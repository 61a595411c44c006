use alloc::vec;
use alloc::vec::Vec;

use ciborium::Value;

use super::*;
use crate::attestation::sample::Sample;
use crate::certificates::statements::{map, x5c};
use crate::certificates::{Builder, Key, sequence, tlv};

mod key_description;

const INVALID: Option<ErrorCode> = Some(ErrorCode::AttestationCertificateInvalid);

/// The number of the credential's key pair in samples.
const CREDENTIAL: u8 = 1;

/// The number of another key pair.
const OTHER: u8 = 2;

fn sign(key: u8, message: &[u8]) -> Vec<u8> {
    (Key::p256(key).sign)(message)
}

/// The certificate, issued by a CA.
fn issue(certificate: &Builder) -> Vec<u8> {
    certificate.signed_by("CA", &Key::p256(9))
}

/// The contents of a key description.
struct Description {
    /// The levels of the attestation and of the key.
    security_levels: [u8; 2],
    challenge: Vec<u8>,
    software: Vec<Vec<u8>>,
    hardware: Vec<Vec<u8>>,
}

impl Description {
    /// A key in a trusted environment. Other fields stand before, between and after those that count.
    fn new(sample: &Sample) -> Self {
        Self {
            security_levels: [1, 1],
            challenge: sample.client_data_hash.to_vec(),
            software: vec![field(701, &integer(7)), field(709, &tlv(4, &[b"application"]))],
            hardware: vec![
                purpose(&[2]),
                field(3, &tlv(2, &[&[1, 0]])),
                origin(0),
                field(719, &integer(7)),
            ],
        }
    }

    fn der(&self) -> Vec<u8> {
        let list = |fields: &[Vec<u8>]| sequence(&[&fields.concat()]);
        sequence(&[
            &tlv(2, &[&[1, 0x2c]]),
            &tlv(10, &[&self.security_levels[..1]]),
            &tlv(2, &[&[1, 0x2c]]),
            &tlv(10, &[&self.security_levels[1..]]),
            &tlv(4, &[&self.challenge]),
            &tlv(4, &[]),
            &list(&self.software),
            &list(&self.hardware),
        ])
    }
}

/// An EXPLICIT field of an authorization list, of less than 128 bytes.
fn field(number: u16, value: &[u8]) -> Vec<u8> {
    let low = u8::try_from(number & 0x7f).unwrap();
    if number < 31 {
        return tlv(0xa0 | low, &[value]);
    }
    let high = u8::try_from(number >> 7).unwrap();
    [&[0xbf, 0x80 | high, low, u8::try_from(value.len()).unwrap()], value].concat()
}

fn integer(value: u8) -> Vec<u8> {
    tlv(2, &[&[value]])
}

fn purpose(purposes: &[u8]) -> Vec<u8> {
    let purposes: Vec<u8> = purposes.iter().flat_map(|purpose| integer(*purpose)).collect();
    field(1, &tlv(0x31, &[&purposes]))
}

fn origin(origin: u8) -> Vec<u8> {
    field(702, &integer(origin))
}

fn all_applications() -> Vec<u8> {
    field(600, &tlv(5, &[]))
}

const DESCRIPTION: &str = "1.3.6.1.4.1.11129.2.1.17";

/// A certificate for the credential's key.
fn certificate(description: &[u8]) -> Builder {
    Builder::leaf("Android Keystore Key", &Key::p256(CREDENTIAL)).extension(DESCRIPTION, false, description)
}

/// A certificate with a valid key description.
fn right_certificate(sample: &Sample) -> Builder {
    certificate(&Description::new(sample).der())
}

fn members(sample: &Sample, certificate: &Builder) -> Vec<(&'static str, Value)> {
    vec![
        ("alg", (-7).into()),
        ("sig", Value::Bytes(sign(CREDENTIAL, &sample.attested().signed_data()))),
        ("x5c", x5c(&[issue(certificate)])),
    ]
}

/// The verdict on a certificate in an otherwise valid statement.
fn refusal_of(sample: &Sample, certificate: &Builder) -> Option<ErrorCode> {
    sample.refusal("android-key", map(&members(sample, certificate)))
}

/// The verdict on a changed key description.
fn refusal_with(change: impl FnOnce(&mut Description)) -> Option<ErrorCode> {
    refusal_under(AndroidKeySecurity::Any, change)
}

fn refusal_under(security: AndroidKeySecurity, change: impl FnOnce(&mut Description)) -> Option<ErrorCode> {
    let mut sample = Sample::new();
    sample.policy.android_key_security = security;
    let mut description = Description::new(&sample);
    change(&mut description);
    refusal_of(&sample, &certificate(&description.der()))
}

#[test]
fn accepts_a_key_that_android_attests() {
    let sample = Sample::new();
    let certificate = right_certificate(&sample);
    let statement = map(&members(&sample, &certificate));
    let evidence = sample.verify("android-key", statement).unwrap();
    assert_eq!(evidence.attestation_type, AttestationType::Basic);
    assert_eq!(evidence.certificates, [issue(&certificate)]);
}

#[test]
fn requires_every_member_and_no_other() {
    let sample = Sample::new();
    let certificate = right_certificate(&sample);
    let expected = Some(ErrorCode::AttestationStatementMalformed);
    for missing in 0..3 {
        let mut members = members(&sample, &certificate);
        members.remove(missing);
        assert_eq!(sample.refusal("android-key", map(&members)), expected, "{missing}");
    }
    let mut members = members(&sample, &certificate);
    members.push(("ver", Value::Text("2.0".into())));
    assert_eq!(sample.refusal("android-key", map(&members)), expected);
}

#[test]
fn the_certificate_signs_this_registration() {
    let sample = Sample::new();
    let certificate = right_certificate(&sample);
    let by_other = sign(OTHER, &sample.attested().signed_data());
    let over_other = sign(CREDENTIAL, &sample.authenticator_data);
    for signature in [by_other, over_other, vec![]] {
        let mut members = members(&sample, &certificate);
        members[1].1 = Value::Bytes(signature);
        let refusal = sample.refusal("android-key", map(&members));
        assert_eq!(refusal, Some(ErrorCode::SignatureInvalid));
    }
}

#[test]
fn the_algorithm_belongs_to_the_certificates_key() {
    let sample = Sample::new();
    let mut certificate = right_certificate(&sample);
    let refusal = |certificate: &Builder, algorithm: i64| {
        let mut members = members(&sample, certificate);
        members[0].1 = algorithm.into();
        sample.refusal("android-key", map(&members))
    };
    assert_eq!(
        refusal(&certificate, -257),
        Some(ErrorCode::AttestationAlgorithmMismatch)
    );
    // RS1 is for TPMs only.
    assert_eq!(refusal(&certificate, -65535), Some(ErrorCode::AlgorithmUnsupported));
    certificate.public = Key::ed25519(CREDENTIAL).public;
    assert_eq!(refusal(&certificate, -7), Some(ErrorCode::AttestationAlgorithmMismatch));
}

#[test]
fn the_certificate_has_the_credentials_key() {
    let sample = Sample::new();
    let mut certificate = right_certificate(&sample);
    certificate.public = Key::p256(OTHER).public;
    let mut members = members(&sample, &certificate);
    members[1].1 = Value::Bytes(sign(OTHER, &sample.attested().signed_data()));
    let refusal = sample.refusal("android-key", map(&members));
    assert_eq!(refusal, Some(ErrorCode::AttestationKeyMismatch));
}

#[test]
fn the_challenge_is_the_hash_of_the_client_data() {
    let expected = Some(ErrorCode::AttestationDataMismatch);
    assert_eq!(refusal_with(|description| description.challenge[0] ^= 1), expected);
    assert_eq!(refusal_with(|description| description.challenge.truncate(31)), expected);
    assert_eq!(refusal_with(|description| description.challenge.clear()), expected);
}

#[test]
fn the_key_must_not_be_for_all_applications() {
    let software = |description: &mut Description| description.software.insert(0, all_applications());
    assert_eq!(refusal_with(software), INVALID);
    assert_eq!(
        refusal_with(|description| description.hardware.insert(2, all_applications())),
        INVALID
    );
}

#[test]
fn the_key_must_be_generated_in_place() {
    assert_eq!(
        refusal_with(|description| drop(description.hardware.remove(2))),
        INVALID
    );
    assert_eq!(refusal_with(|description| description.hardware[2] = origin(2)), INVALID);
    // In both lists, and they disagree.
    assert_eq!(
        refusal_with(|description| description.software.push(origin(1))),
        INVALID
    );
}

#[test]
fn the_purpose_must_be_signing() {
    assert_eq!(
        refusal_with(|description| drop(description.hardware.remove(0))),
        INVALID
    );
    assert_eq!(
        refusal_with(|description| description.hardware[0] = purpose(&[])),
        INVALID
    );
    assert_eq!(
        refusal_with(|description| description.hardware[0] = purpose(&[3])),
        INVALID
    );
    // Decryption, agreement of keys, and attesting other keys.
    for other in [1, 6, 7] {
        let purposes = if other < 2 { [other, 2] } else { [2, other] };
        assert_eq!(
            refusal_with(|description| description.hardware[0] = purpose(&purposes)),
            INVALID
        );
    }
    assert_eq!(
        refusal_with(|description| description.software.insert(0, purpose(&[1]))),
        INVALID
    );
}

#[test]
fn the_purpose_may_include_verifying() {
    assert_eq!(
        refusal_with(|description| description.hardware[0] = purpose(&[2, 3])),
        None
    );
}

/// The description of a key without a trusted environment.
fn by_software(description: &mut Description) {
    description.security_levels = [0, 0];
    description.software = vec![purpose(&[2]), origin(0)];
    description.hardware = vec![];
}

#[test]
fn software_may_vouch_for_a_key_unless_the_policy_forbids_it() {
    use AndroidKeySecurity::{Any, TrustedEnvironment};
    assert_eq!(refusal_under(Any, by_software), None);
    assert_eq!(refusal_under(TrustedEnvironment, by_software), INVALID);

    // Both security levels count, and so does the list that contains purpose and origin.
    assert_eq!(refusal_under(TrustedEnvironment, |_| {}), None);
    let strong_box = |description: &mut Description| description.security_levels = [2, 2];
    assert_eq!(refusal_under(TrustedEnvironment, strong_box), None);
    for levels in [[0, 1], [1, 0]] {
        let change = |description: &mut Description| description.security_levels = levels;
        assert_eq!(refusal_under(Any, change), None);
        assert_eq!(refusal_under(TrustedEnvironment, change), INVALID);
    }
    for place in [0, 2] {
        let change = |description: &mut Description| {
            let moved = description.hardware.remove(place);
            description.software.push(moved);
        };
        assert_eq!(refusal_under(Any, change), None);
        assert_eq!(refusal_under(TrustedEnvironment, change), INVALID);
    }
}

#[test]
fn a_certificate_of_another_key_signs_nothing() {
    let sample = Sample::new();
    let mut certificate = right_certificate(&sample);
    certificate.public = Key::p256(OTHER).public;
    assert_eq!(refusal_of(&sample, &certificate), Some(ErrorCode::SignatureInvalid));
}
