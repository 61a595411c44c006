use alloc::vec;
use alloc::vec::Vec;

use ciborium::Value;

use crate::attestation::sample::Sample;
use crate::attestation::{AttestationType, Evidence};
use crate::certificates::statements::{ATTESTATION, CREDENTIAL, SUBJECT, certificate, issue, map, sign, x5c};
use crate::certificates::{BASIC_CONSTRAINTS, Builder, Key, constraints, tlv};
use crate::error::{ErrorCode, Result};

const AAGUID: &str = "1.3.6.1.4.1.45724.1.1.4";

fn statement(algorithm: i64, signature: Vec<u8>, chain: &[Vec<u8>]) -> Value {
    map(&[
        ("alg", algorithm.into()),
        ("sig", Value::Bytes(signature)),
        ("x5c", x5c(chain)),
    ])
}

fn verify(certificate: &Builder) -> Result<Evidence> {
    let sample = Sample::new();
    let signature = sign(ATTESTATION, &sample.attested().signed_data());
    sample.verify("packed", statement(-7, signature, &[issue(certificate)]))
}

fn refusal(certificate: &Builder) -> Option<ErrorCode> {
    verify(certificate).err().map(|error| error.code)
}

fn refusal_of_subject(attributes: &[(&str, &str)]) -> Option<ErrorCode> {
    refusal(&certificate(ATTESTATION).subject(attributes))
}

#[test]
fn accepts_a_statement_by_an_attestation_certificate() {
    let certificate = certificate(ATTESTATION);
    let evidence = verify(&certificate).unwrap();
    assert_eq!(evidence.attestation_type, AttestationType::Basic);
    assert_eq!(evidence.certificates, [issue(&certificate)]);
}

#[test]
fn accepts_a_certificate_that_names_the_model() {
    let aaguid = |critical, value: &[u8]| refusal(&certificate(ATTESTATION).extension(AAGUID, critical, value));
    assert_eq!(aaguid(false, &tlv(4, &[&[5; 16]])), None);
    assert_eq!(
        aaguid(false, &tlv(4, &[&[6; 16]])),
        Some(ErrorCode::AttestationAaguidMismatch)
    );
    // Critical, of another length, of another type, without a type, and with a trailing byte.
    let invalid = Some(ErrorCode::AttestationCertificateInvalid);
    assert_eq!(aaguid(true, &tlv(4, &[&[5; 16]])), invalid);
    assert_eq!(aaguid(false, &tlv(4, &[&[5; 15]])), invalid);
    assert_eq!(aaguid(false, &tlv(3, &[&[5; 16]])), invalid);
    assert_eq!(aaguid(false, &[5; 16]), invalid);
    assert_eq!(aaguid(false, &[tlv(4, &[&[5; 16]]), vec![0]].concat()), invalid);
}

#[test]
fn requires_the_subject_of_an_attestation_certificate() {
    let invalid = Some(ErrorCode::AttestationCertificateInvalid);
    for (place, attribute) in SUBJECT.into_iter().enumerate() {
        let mut without = SUBJECT.to_vec();
        without.remove(place);
        assert_eq!(refusal_of_subject(&without), invalid, "{without:?}");
        let mut twice = SUBJECT.to_vec();
        twice.push(attribute);
        assert_eq!(refusal_of_subject(&twice), invalid, "{twice:?}");
    }
    for (place, value) in [
        (0, "AAA"),
        (0, "A1"),
        (1, ""),
        (2, "authenticator attestation"),
        (2, "Authenticator Attestation CA"),
        (3, ""),
    ] {
        let mut other = SUBJECT;
        other[place].1 = value;
        assert_eq!(refusal_of_subject(&other), invalid, "{other:?}");
    }
    // The vendor may add attributes and choose their order.
    let mut other = SUBJECT.to_vec();
    other.push(("2.5.4.7", "Anywhere"));
    other.reverse();
    assert_eq!(refusal_of_subject(&other), None);
}

#[test]
fn requires_version_3_and_no_ca() {
    let invalid = Some(ErrorCode::AttestationCertificateInvalid);
    let mut without = certificate(ATTESTATION).without(BASIC_CONSTRAINTS);
    let authority = without
        .clone()
        .extension(BASIC_CONSTRAINTS, true, &constraints(true, None));
    assert_eq!(refusal(&authority), invalid);
    // Older versions have no extensions.
    for version in 0..=2 {
        without.version = version;
        assert_eq!(refusal(&without), invalid);
    }
}

#[test]
fn verifies_by_the_certificates_key_with_the_statements_algorithm() {
    let sample = Sample::new();
    let data = sample.attested().signed_data();
    let chain = [issue(&certificate(ATTESTATION))];
    let refusal = |algorithm, signature| sample.refusal("packed", statement(algorithm, signature, &chain));

    let invalid = Some(ErrorCode::SignatureInvalid);
    assert_eq!(refusal(-7, sign(CREDENTIAL, &data)), invalid);
    assert_eq!(refusal(-7, sign(ATTESTATION, b"other data")), invalid);
    // Algorithms of other keys, an unknown one, and the one that only TPMs may use.
    let signature = || sign(ATTESTATION, &data);
    let mismatch = Some(ErrorCode::AttestationAlgorithmMismatch);
    assert_eq!(refusal(-8, signature()), mismatch);
    assert_eq!(refusal(-257, signature()), mismatch);
    let unsupported = Some(ErrorCode::AlgorithmUnsupported);
    assert_eq!(refusal(0, signature()), unsupported);
    assert_eq!(refusal(-65535, signature()), unsupported);
    // The same algorithm with its other identifier.
    assert_eq!(refusal(-9, signature()), None);
}

#[test]
fn refuses_keys_of_another_kind() {
    let mut certificate = certificate(ATTESTATION);
    certificate.public = Key::ed25519(1).public;
    assert_eq!(refusal(&certificate), Some(ErrorCode::AttestationAlgorithmMismatch));
}

#[test]
fn reads_the_first_certificate_whatever_follows() {
    let sample = Sample::new();
    let signature = || sign(ATTESTATION, &sample.attested().signed_data());
    let good = issue(&certificate(ATTESTATION));
    let other = issue(&certificate(8));
    let refusal = |chain: &[Vec<u8>]| sample.refusal("packed", statement(-7, signature(), chain));
    assert_eq!(refusal(&[good.clone(), other.clone()]), None);
    assert_eq!(refusal(&[other, good.clone()]), Some(ErrorCode::SignatureInvalid));
    assert_eq!(refusal(&[]), Some(ErrorCode::AttestationStatementMalformed));
    assert_eq!(refusal(&[vec![]]), Some(ErrorCode::CertificateMalformed));
    assert_eq!(
        refusal(&[[good.clone(), vec![0]].concat()]),
        Some(ErrorCode::CertificateMalformed)
    );
    assert_eq!(refusal(&vec![good; 7]), Some(ErrorCode::CertificateTooLarge));
}

#[test]
fn refuses_statements_of_another_form() {
    let sample = Sample::new();
    let signature = Value::Bytes(sign(ATTESTATION, &sample.attested().signed_data()));
    let chain = x5c(&[issue(&certificate(ATTESTATION))]);
    let good = [("alg", Value::from(-7)), ("sig", signature), ("x5c", chain)];
    assert_eq!(sample.refusal("packed", map(&good)), None);
    for (place, value) in [
        (0, Value::Text("-7".into())),
        (1, Value::Text("sig".into())),
        (2, Value::Bytes(issue(&certificate(ATTESTATION)))),
        (2, Value::Array(vec![Value::Null])),
    ] {
        let mut members = good.clone();
        members[place].1 = value;
        assert_eq!(
            sample.refusal("packed", map(&members)),
            Some(ErrorCode::AttestationStatementMalformed)
        );
    }
    let more = [&good[..], &[("ecdaaKeyId", Value::Bytes(vec![]))]].concat();
    assert_eq!(
        sample.refusal("packed", map(&more)),
        Some(ErrorCode::AttestationStatementMalformed)
    );
}
