use alloc::vec;

use super::*;
use crate::error::ErrorCode::*;

fn key(entries: &[(i64, Value)]) -> Result<CredentialPublicKey> {
    let map = entries
        .iter()
        .map(|(label, value)| ((*label).into(), value.clone()))
        .collect();
    CredentialPublicKey::from_value("key", Value::Map(map))
}

#[test]
fn reads_the_parameters_of_each_type() {
    let okp = key(&[
        (1, 1.into()),
        (3, (-8).into()),
        (-1, 6.into()),
        (-2, Value::Bytes(vec![1])),
    ])
    .unwrap();
    assert_eq!(okp.algorithm, -8);
    assert_eq!(okp.parameters, KeyParameters::Okp { curve: 6, x: vec![1] });

    let rsa = key(&[
        (1, 3.into()),
        (3, (-257).into()),
        (-1, Value::Bytes(vec![1])),
        (-2, Value::Bytes(vec![2])),
    ]);
    assert_eq!(rsa.unwrap().parameters, KeyParameters::Rsa { n: vec![1], e: vec![2] });
}

#[test]
fn reads_algorithms_that_no_build_knows() {
    let unknown = [
        (1, 1.into()),
        (3, (-65_600).into()),
        (-1, 6.into()),
        (-2, Value::Bytes(vec![1])),
    ];
    let unknown = key(&unknown).unwrap();
    assert_eq!(unknown.algorithm, -65_600);
    assert_eq!(unknown.public_key().unwrap_err().code, AlgorithmUnsupported);
}

#[test]
fn refuses_every_other_form() {
    let good: [(i64, Value); 4] = [
        (1, 1.into()),
        (3, (-8).into()),
        (-1, 6.into()),
        (-2, Value::Bytes(vec![1; 32])),
    ];
    assert!(key(&good).is_ok());
    for without in 0..good.len() {
        let mut entries = good.to_vec();
        entries.remove(without);
        assert_eq!(
            key(&entries).unwrap_err().code,
            CoseKeyMalformed,
            "without {}",
            good[without].0
        );
    }
    for (label, value) in [
        (1, Value::from(4)),     // symmetric
        (1, Value::from(7)),     // a type that this build has no algorithm of
        (1, Value::from("OKP")), // types and algorithms are numbers in WebAuthn
        (3, Value::from("EdDSA")),
        (-1, Value::from("Ed25519")),
        (-2, Value::from("x")),
    ] {
        let entries: Vec<_> = good
            .iter()
            .filter(|(known, _)| *known != label)
            .cloned()
            .chain([(label, value)])
            .collect();
        assert_eq!(key(&entries).unwrap_err().code, CoseKeyMalformed, "{label}");
    }
    for (label, value) in [
        (2, Value::Bytes(vec![1])),              // kid
        (4, Value::Array(vec![Value::from(2)])), // key_ops
        (5, Value::Bytes(vec![1])),              // Base IV
        (-4, Value::Bytes(vec![1; 32])),         // the private key
        (-70_000, Value::from(1)),
    ] {
        let entries: Vec<_> = good.iter().cloned().chain([(label, value)]).collect();
        assert_eq!(key(&entries).unwrap_err().code, CoseKeyMalformed, "{label}");
    }
    assert_eq!(
        CredentialPublicKey::parse("key", &[0x80]).unwrap_err().code,
        CoseKeyMalformed
    );
    assert_eq!(
        CredentialPublicKey::parse("key", &[0xa0, 0]).unwrap_err().code,
        CborTrailingData
    );
    assert_eq!(
        CredentialPublicKey::parse("key", &[0; 5000]).unwrap_err().code,
        CredentialTooLarge
    );
}

#[test]
fn binds_type_curve_and_algorithm_together() {
    let p256 = KeyParameters::Ec2 {
        curve: 1,
        x: vec![1; 32],
        y: vec![1; 32],
    };
    let p384 = KeyParameters::Ec2 {
        curve: 2,
        x: vec![1; 32],
        y: vec![1; 32],
    };
    let ed448 = KeyParameters::Okp {
        curve: 7,
        x: vec![1; 32],
    };
    let rsa = KeyParameters::Rsa {
        n: vec![0xff; 256],
        e: vec![1, 0, 1],
    };
    for (algorithm, parameters) in [
        (-7, p384),
        (-7, rsa.clone()),
        (-7, ed448.clone()),
        (-8, ed448),
        (-8, p256.clone()),
        (-8, rsa),
        (-257, p256),
    ] {
        let key = CredentialPublicKey {
            algorithm,
            parameters,
            field: "key",
        };
        assert_eq!(key.public_key().unwrap_err().code, CoseKeyMismatch, "{key:?}");
    }
}
