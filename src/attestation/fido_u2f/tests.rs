use alloc::vec;
use alloc::vec::Vec;

use ciborium::Value;

use crate::attestation::AttestationType;
use crate::attestation::sample::{Sample, ed25519_key};
use crate::certificates::statements::{ATTESTATION, CREDENTIAL, certificate, issue, map, sign, x5c};
use crate::certificates::{BASIC_CONSTRAINTS, Builder, Key, p256_point};
use crate::error::ErrorCode;

/// The data that U2F signs, assembled independently.
fn verification_data(sample: &Sample) -> Vec<u8> {
    let mut data = vec![0];
    data.extend_from_slice(&sample.rp_id_hash);
    data.extend_from_slice(&sample.client_data_hash);
    data.extend_from_slice(&sample.credential_id);
    data.extend_from_slice(&p256_point(CREDENTIAL));
    data
}

fn statement(signature: Vec<u8>, chain: &[Vec<u8>]) -> Value {
    map(&[("sig", Value::Bytes(signature)), ("x5c", x5c(chain))])
}

fn good(sample: &Sample) -> Value {
    let signature = sign(ATTESTATION, &verification_data(sample));
    statement(signature, &[issue(&certificate(ATTESTATION))])
}

#[test]
fn accepts_a_statement_by_an_attestation_certificate() {
    let sample = Sample::new();
    let evidence = sample.verify("fido-u2f", good(&sample)).unwrap();
    assert_eq!(evidence.attestation_type, AttestationType::Basic);
    assert_eq!(evidence.certificates, [issue(&certificate(ATTESTATION))]);
}

#[test]
fn requires_only_the_key_of_the_certificate() {
    let sample = Sample::new();
    let signature = || sign(ATTESTATION, &verification_data(&sample));
    let refusal = |certificate: &Builder| sample.refusal("fido-u2f", statement(signature(), &[issue(certificate)]));
    let mut certificate = certificate(ATTESTATION).without(BASIC_CONSTRAINTS).subject(&[]);
    certificate.version = 0;
    assert_eq!(refusal(&certificate), None);

    certificate.public = Key::ed25519(1).public;
    assert_eq!(refusal(&certificate), Some(ErrorCode::AttestationCertificateInvalid));
}

#[test]
fn requires_exactly_one_certificate() {
    let sample = Sample::new();
    let signature = sign(ATTESTATION, &verification_data(&sample));
    let certificate = issue(&certificate(ATTESTATION));
    for count in [0, 2] {
        assert_eq!(
            sample.refusal(
                "fido-u2f",
                statement(signature.clone(), &vec![certificate.clone(); count])
            ),
            Some(ErrorCode::AttestationStatementMalformed)
        );
    }
}

#[test]
fn binds_every_part_of_the_registration() {
    let statement = good(&Sample::new());
    let changes: [fn(&mut Sample); 3] = [
        |sample| sample.rp_id_hash[31] ^= 1,
        |sample| sample.client_data_hash[0] ^= 1,
        |sample| sample.credential_id.push(0),
    ];
    for change in changes {
        let mut sample = Sample::new();
        change(&mut sample);
        assert_eq!(
            sample.refusal("fido-u2f", statement.clone()),
            Some(ErrorCode::SignatureInvalid)
        );
    }
    // U2F authenticators have no AAGUID, so none is signed.
    let mut sample = Sample::new();
    sample.aaguid = [0; 16];
    assert_eq!(sample.refusal("fido-u2f", statement), None);
}

#[test]
fn verifies_what_u2f_signs_and_nothing_else() {
    let sample = Sample::new();
    let chain = [issue(&certificate(ATTESTATION))];
    let refusal = |signature| sample.refusal("fido-u2f", statement(signature, &chain));
    let data = verification_data(&sample);
    let invalid = Some(ErrorCode::SignatureInvalid);
    assert_eq!(refusal(sign(CREDENTIAL, &data)), invalid);
    assert_eq!(refusal(sign(ATTESTATION, &data[1..])), invalid);
    assert_eq!(refusal(sign(ATTESTATION, &sample.attested().signed_data())), invalid);
}

#[test]
fn attests_only_keys_on_p256() {
    let mut sample = Sample::new();
    let statement = good(&sample);
    sample.key = ed25519_key();
    assert_eq!(
        sample.refusal("fido-u2f", statement),
        Some(ErrorCode::AttestationKeyMismatch)
    );
}

#[test]
fn refuses_statements_of_another_form() {
    let sample = Sample::new();
    let chain = x5c(&[issue(&certificate(ATTESTATION))]);
    let signature = Value::Bytes(sign(ATTESTATION, &verification_data(&sample)));
    for members in [
        vec![],
        vec![("sig", signature.clone())],
        vec![("x5c", chain.clone())],
        vec![("sig", signature), ("x5c", chain), ("alg", (-7).into())],
    ] {
        assert_eq!(
            sample.refusal("fido-u2f", map(&members)),
            Some(ErrorCode::AttestationStatementMalformed)
        );
    }
}
