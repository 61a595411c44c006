use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use ciborium::Value;

use crate::attestation::AttestationType;
use crate::attestation::sample::Sample;
use crate::certificates::statements::{ATTESTATION, CREDENTIAL, certificate, issue, map, sign, x5c};
use crate::error::ErrorCode;

fn part(format: &str, statement: Value) -> Value {
    map(&[("fmt", Value::Text(format.into())), ("attStmt", statement)])
}

fn basic(sample: &Sample) -> Value {
    let signature = sign(ATTESTATION, &sample.attested().signed_data());
    let chain = x5c(&[issue(&certificate(ATTESTATION))]);
    part(
        "packed",
        map(&[("alg", (-7).into()), ("sig", Value::Bytes(signature)), ("x5c", chain)]),
    )
}

fn by_itself(data: &[u8]) -> Value {
    let signature = sign(CREDENTIAL, data);
    part("packed", map(&[("alg", (-7).into()), ("sig", Value::Bytes(signature))]))
}

fn good(sample: &Sample) -> [Value; 2] {
    let data = sample.attested().signed_data();
    [by_itself(&data), basic(sample)]
}

fn refusal(sample: &Sample, statements: &[Value]) -> Option<ErrorCode> {
    let statement = Value::Array(statements.to_vec());
    super::verify(statement, &sample.attested())
        .err()
        .map(|error| error.code)
}

fn formats(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).into()).collect()
}

#[test]
fn verifies_each_statement() {
    let sample = Sample::new();
    let evidence = super::verify(Value::Array(good(&sample).to_vec()), &sample.attested()).unwrap();
    let types: Vec<AttestationType> = evidence.iter().map(|evidence| evidence.attestation_type).collect();
    assert_eq!(types, [AttestationType::SelfAttestation, AttestationType::Basic]);
}

#[test]
fn refuses_if_any_statement_is_invalid() {
    let sample = Sample::new();
    let bad = by_itself(b"other data");
    let invalid = Some(ErrorCode::SignatureInvalid);
    assert_eq!(refusal(&sample, &[bad.clone(), basic(&sample)]), invalid);
    assert_eq!(refusal(&sample, &[basic(&sample), bad]), invalid);
    let unknown = part("unknown", map(&[]));
    assert_eq!(
        refusal(&sample, &[basic(&sample), unknown]),
        Some(ErrorCode::AttestationFormatUnsupported)
    );
}

#[test]
fn accepts_two_to_four_statements() {
    let sample = Sample::new();
    let [one, two] = good(&sample);
    let malformed = Some(ErrorCode::AttestationStatementMalformed);
    assert_eq!(refusal(&sample, &[]), malformed);
    assert_eq!(refusal(&sample, core::slice::from_ref(&one)), malformed);
    assert_eq!(refusal(&sample, &vec![two.clone(); 4]), None);
    assert_eq!(refusal(&sample, &vec![two; 5]), Some(ErrorCode::CborTooLarge));
    assert_eq!(
        super::verify(one, &sample.attested()).err().map(|error| error.code),
        malformed
    );
}

#[test]
fn refuses_a_compound_inside_a_compound() {
    let sample = Sample::new();
    let nested = part("compound", Value::Array(good(&sample).to_vec()));
    assert_eq!(
        refusal(&sample, &[basic(&sample), nested]),
        Some(ErrorCode::AttestationStatementMalformed)
    );
}

#[test]
fn refuses_statements_of_another_form() {
    let sample = Sample::new();
    for other in [
        Value::Null,
        map(&[]),
        map(&[("fmt", Value::Text("none".into()))]),
        map(&[("attStmt", map(&[]))]),
        map(&[("fmt", Value::Null), ("attStmt", map(&[]))]),
        part("none", Value::Array(vec![])),
        map(&[
            ("fmt", Value::Text("none".into())),
            ("attStmt", map(&[])),
            ("more", Value::Null),
        ]),
    ] {
        assert_eq!(
            refusal(&sample, &[basic(&sample), other]),
            Some(ErrorCode::AttestationStatementMalformed)
        );
    }
}

#[test]
fn checks_each_format_against_the_policy() {
    let mut sample = Sample::new();
    let statements = [basic(&sample), part("none", map(&[]))];
    let forbidden = Some(ErrorCode::AttestationFormatForbidden);
    for (accepted, outcome) in [
        (&["compound", "packed", "none"][..], None),
        (&["compound", "packed"], forbidden),
        (&["packed", "none"], forbidden),
    ] {
        sample.policy.formats = formats(accepted);
        assert_eq!(refusal(&sample, &statements), outcome, "{accepted:?}");
    }
    // SafetyNet must be named, in a compound too.
    sample.policy.formats.clear();
    let safetynet = part("android-safetynet", map(&[]));
    assert_eq!(refusal(&sample, &[basic(&sample), safetynet]), forbidden);
}
