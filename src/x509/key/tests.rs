use alloc::vec::Vec;

use x509_cert::der::Decode;

use super::*;
use crate::certificates::algorithms::{self, NULL, pss_algorithm};
use crate::certificates::{Key, bit_string, ec_public, oid, p256_point, sequence, tlv};

const SHA1: &str = "1.3.14.3.2.26";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const SHA384: &str = "2.16.840.1.101.3.4.2.2";
const SHA512: &str = "2.16.840.1.101.3.4.2.3";
const SHA3_256: &str = "2.16.840.1.101.3.4.2.8";

fn parsed(public: &[u8]) -> core::result::Result<KeyParameters, ErrorCode> {
    parameters(&SubjectPublicKeyInfoOwned::from_der(public).unwrap())
}

fn scheme_of(algorithm: &[u8]) -> Option<Scheme> {
    scheme(&AlgorithmIdentifierOwned::from_der(algorithm).unwrap())
}

fn public(algorithm: &[&[u8]], bits: &[u8]) -> Vec<u8> {
    sequence(&[&sequence(algorithm), bits])
}

#[test]
fn keys_convert_to_cose_parameters() {
    let point = p256_point(3);
    assert_eq!(
        parsed(&Key::p256(3).public),
        Ok(KeyParameters::Ec2 {
            curve: 1,
            x: point[1..33].to_vec(),
            y: point[33..].to_vec(),
        })
    );
    assert!(matches!(parsed(&Key::ed25519(3).public), Ok(KeyParameters::Okp { curve: 6, x }) if x.len() == 32));
    let rsa = parsed(&algorithms::rsa(2048).public);
    assert!(matches!(rsa, Ok(KeyParameters::Rsa { n, e }) if n.len() == 256 && n[0] >= 0x80 && e == [1, 0, 1]));
    #[cfg(feature = "ml-dsa")]
    assert!(matches!(
        parsed(&algorithms::ml_dsa_44(3).public),
        Ok(KeyParameters::Akp { public }) if public.len() == 1312
    ));
}

#[test]
fn keys_have_the_form_of_their_kind() {
    let (ec, p256) = (&oid("1.2.840.10045.2.1")[..], &oid("1.2.840.10045.3.1.7")[..]);
    let (rsa, ed25519) = (&oid("1.2.840.113549.1.1.1")[..], &oid("1.3.101.112")[..]);
    let point = p256_point(3);
    let bits = bit_string(&point);
    let number = |byte| tlv(2, &[&[byte]]);
    let rsa_key = bit_string(&sequence(&[&number(7), &number(3)]));
    assert!(parsed(&public(&[rsa, NULL], &rsa_key)).is_ok());
    for (what, public) in [
        ("a curve without a name", public(&[ec, &sequence(&[])], &bits)),
        ("no curve", public(&[ec], &bits)),
        (
            "a compressed point",
            ec_public("1.2.840.10045.3.1.7", &[&[2], &point[1..33]].concat()),
        ),
        (
            "a hybrid point",
            ec_public("1.2.840.10045.3.1.7", &[&[6], &point[1..]].concat()),
        ),
        ("infinity", ec_public("1.2.840.10045.3.1.7", &[0])),
        ("no point", ec_public("1.2.840.10045.3.1.7", &[])),
        ("a byte less", ec_public("1.2.840.10045.3.1.7", &point[..64])),
        (
            "a byte more",
            ec_public("1.2.840.10045.3.1.7", &[&point[..], &[0]].concat()),
        ),
        ("a point of another curve", ec_public("1.3.132.0.34", &point)),
        (
            "bits that are no bytes",
            public(&[ec, p256], &tlv(3, &[&[1], &point[..64], &[0]])),
        ),
        ("RSA without NULL", public(&[rsa], &rsa_key)),
        ("RSA with another parameter", public(&[rsa, p256], &rsa_key)),
        (
            "RSA without an exponent",
            public(&[rsa, NULL], &bit_string(&sequence(&[&number(7)]))),
        ),
        (
            "RSA with a third number",
            public(
                &[rsa, NULL],
                &bit_string(&sequence(&[&number(7), &number(3), &number(3)])),
            ),
        ),
        (
            "RSA with a byte after it",
            public(
                &[rsa, NULL],
                &bit_string(&[&sequence(&[&number(7), &number(3)])[..], &[0]].concat()),
            ),
        ),
        (
            "a negative modulus",
            public(&[rsa, NULL], &bit_string(&sequence(&[&number(0x87), &number(3)]))),
        ),
        ("Ed25519 with NULL", public(&[ed25519, NULL], &bit_string(&[1; 32]))),
    ] {
        assert_eq!(parsed(&public), Err(ErrorCode::CertificateMalformed), "{what}");
    }
}

#[test]
fn keys_of_other_kinds_are_not_supported() {
    for (what, public) in [
        ("P-224", ec_public("1.3.132.0.33", &[4; 57])),
        ("brainpoolP256r1", ec_public("1.3.36.3.3.2.8.1.1.7", &p256_point(3))),
        ("X25519", public(&[&oid("1.3.101.110")], &bit_string(&[1; 32]))),
        (
            "RSA for PSS only",
            public(&[&oid("1.2.840.113549.1.1.10")], &bit_string(&[1])),
        ),
        ("DSA", public(&[&oid("1.2.840.10040.4.1")], &bit_string(&[1]))),
    ] {
        assert_eq!(parsed(&public), Err(ErrorCode::AlgorithmUnsupported), "{what}");
    }
}

#[test]
fn algorithms_have_the_parameters_of_their_kind() {
    let with = |kind: &str, parameters: &[u8]| scheme_of(&sequence(&[&oid(kind), parameters])).is_some();
    for kind in [
        "1.2.840.10045.4.3.2",
        "1.2.840.10045.4.3.3",
        "1.2.840.10045.4.3.4",
        "1.3.101.112",
        "1.3.101.113",
    ] {
        assert!(with(kind, &[]), "{kind}");
        assert!(!with(kind, NULL), "{kind} with NULL");
    }
    for kind in [
        "1.2.840.113549.1.1.11",
        "1.2.840.113549.1.1.12",
        "1.2.840.113549.1.1.13",
    ] {
        assert!(with(kind, NULL) && with(kind, &[]), "{kind}");
        assert!(!with(kind, &sequence(&[])), "{kind} with another");
    }
    for kind in [
        "2.16.840.1.101.3.4.3.17",
        "2.16.840.1.101.3.4.3.18",
        "2.16.840.1.101.3.4.3.19",
    ] {
        assert!(with(kind, &[]) && !with(kind, NULL), "{kind}");
    }
    for (what, kind) in [
        ("ECDSA with SHA-1", "1.2.840.10045.4.1"),
        ("RSA with SHA-1", "1.2.840.113549.1.1.5"),
        ("RSA with MD5", "1.2.840.113549.1.1.4"),
        ("ECDSA with SHA-224", "1.2.840.10045.4.3.1"),
        ("a key's identifier", "1.2.840.10045.2.1"),
    ] {
        assert!(!with(kind, &[]) && !with(kind, NULL), "{what}");
    }
}

#[test]
fn pss_uses_one_hash_and_a_salt_of_its_length() {
    for (hash, len, expected) in [
        (SHA256, 32, Hash::Sha256),
        (SHA384, 48, Hash::Sha384),
        (SHA512, 64, Hash::Sha512),
    ] {
        let scheme = scheme_of(&pss_algorithm(&[hash, hash], len));
        assert!(
            matches!(scheme, Some(Scheme::RsaPss(hash)) if hash == expected),
            "{expected:?}"
        );
        assert!(
            scheme_of(&pss_algorithm(&[hash, hash], len - 1)).is_none(),
            "{expected:?}, less salt"
        );
        assert!(
            scheme_of(&pss_algorithm(&[hash, hash], 20)).is_none(),
            "{expected:?}, salt of SHA-1"
        );
    }
    for (what, hashes, len) in [
        ("another mask", [SHA256, SHA384], 32),
        ("SHA-1", [SHA1, SHA1], 20),
        ("the mask by SHA-1", [SHA256, SHA1], 32),
        ("SHA-3", [SHA3_256, SHA3_256], 32),
    ] {
        assert!(scheme_of(&pss_algorithm(&hashes, len)).is_none(), "{what}");
    }
}

#[test]
fn pss_has_all_its_parameters_and_no_others() {
    let hash = |parameter: &[u8]| sequence(&[&oid(SHA256), parameter]);
    let mask = |hash: &[u8]| tlv(0xa1, &[&sequence(&[&oid("1.2.840.113549.1.1.8"), hash])]);
    let (message, bare) = (tlv(0xa0, &[&hash(NULL)]), tlv(0xa0, &[&hash(&[])]));
    let salt = tlv(0xa2, &[&tlv(2, &[&[32]])]);
    let pss = |fields: &[&[u8]]| scheme_of(&sequence(&[&oid("1.2.840.113549.1.1.10"), &sequence(fields)])).is_some();

    assert!(pss(&[&message, &mask(&hash(NULL)), &salt]));
    // RFC 4055 section 2.1: no parameter of a hash means NULL.
    assert!(pss(&[&bare, &mask(&hash(&[])), &salt]));
    let other_mask = tlv(0xa1, &[&sequence(&[&oid("1.2.840.113549.1.1.9"), &hash(NULL)])]);
    let trailer = tlv(0xa3, &[&tlv(2, &[&[1]])]);
    let wrong_hash = tlv(0xa0, &[&hash(&sequence(&[]))]);
    for (what, fields) in [
        ("none, which is SHA-1", &[][..]),
        ("no hash", &[&mask(&hash(NULL))[..], &salt]),
        ("no mask", &[&message, &salt]),
        ("no salt", &[&message, &mask(&hash(NULL))]),
        ("a mask without a hash", &[&message, &mask(&[]), &salt]),
        ("a mask of another kind", &[&message, &other_mask, &salt]),
        ("a hash with a parameter", &[&wrong_hash, &mask(&hash(NULL)), &salt]),
        ("another order", &[&salt, &message, &mask(&hash(NULL))]),
        ("the default trailer", &[&message, &mask(&hash(NULL)), &salt, &trailer]),
        ("a salt of two numbers", &[&message, &mask(&hash(NULL)), &salt, &salt]),
    ] {
        assert!(!pss(fields), "{what}");
    }
    for bytes in [&[][..], NULL] {
        assert!(scheme_of(&sequence(&[&oid("1.2.840.113549.1.1.10"), bytes])).is_none());
    }
}
