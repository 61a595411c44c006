use sha1::Sha1;
use sha2::{Sha384, Sha512};

use super::*;
use crate::signature::KeyParameters;

const MALFORMED: Option<ErrorCode> = Some(ErrorCode::AttestationStatementMalformed);

/// type, nameAlg, objectAttributes and an authPolicy.
fn head(key_type: u8, policy: &[u8]) -> Vec<u8> {
    [&[0, key_type, 0, 0x0b, 0, 0, 0, 0][..], &sized(policy)].concat()
}

fn parse(parts: &[&[u8]]) -> Result<Option<KeyParameters>> {
    Public::parse(&parts.concat()).map(|public| public.key)
}

/// The parameters of an ECC key, with points x and y.
fn ecc(parameters: &[u8], x: &[u8], y: &[u8]) -> Result<Option<KeyParameters>> {
    parse(&[&head(0x23, b"policy"), parameters, &sized(x), &sized(y)])
}

fn rsa(parameters: &[u8], modulus: &[u8]) -> Result<Option<KeyParameters>> {
    parse(&[&head(1, &[]), parameters, &sized(modulus)])
}

fn code<T>(result: Result<T>) -> Option<ErrorCode> {
    result.err().map(|error| error.code)
}

#[test]
fn is_read_to_its_end_and_no_further() {
    let quote = Quote::new();
    let area = &quote.public_area;
    let longer = [&**area, &[0]].concat();
    let shorter = (0..area.len()).map(|len| area[..len].to_vec());
    for area in shorter.chain([longer]) {
        assert_eq!(quote.refusal_with("pubArea", Value::Bytes(area)), MALFORMED);
    }
}

#[test]
fn the_key_is_the_credential_s() {
    let mut quote = Quote::new();
    quote.public_area = ecc_area(ATTESTATION);
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationKeyMismatch));

    let mut quote = Quote::new();
    quote.sample.key = crate::attestation::sample::ed25519_key();
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationKeyMismatch));

    // TPM_ECC_NIST_P384 and TPM_ECC_BN_P256, with coordinates of the same length.
    for curve in [4, 0x10] {
        let mut quote = Quote::new();
        quote.public_area[15] = curve;
        assert_eq!(quote.refusal(), Some(ErrorCode::AttestationKeyMismatch), "{curve}");
    }
}

#[test]
fn names_use_any_of_four_hash_functions() {
    fn refusal<D: Digest>(algorithm: u8) -> Option<ErrorCode> {
        let mut quote = Quote::new();
        quote.public_area[3] = algorithm;
        quote.name = [&[0, algorithm], &*D::digest(&quote.public_area)].concat();
        quote.refusal()
    }
    assert_eq!(refusal::<Sha1>(0x04), None);
    assert_eq!(refusal::<Sha256>(0x0b), None);
    assert_eq!(refusal::<Sha384>(0x0c), None);
    assert_eq!(refusal::<Sha512>(0x0d), None);
    // NULL, SM3 and an unassigned one.
    for algorithm in [0x10, 0x12, 0xff] {
        let mut quote = Quote::new();
        quote.public_area[3] = algorithm;
        assert_eq!(quote.refusal(), MALFORMED, "{algorithm}");
    }
}

#[test]
fn is_an_rsa_or_an_ecc_key() {
    // KEYEDHASH, SYMCIPHER, NULL.
    for key_type in [0x08, 0x25, 0x10] {
        let mut quote = Quote::new();
        quote.public_area[1] = key_type;
        assert_eq!(quote.refusal(), MALFORMED, "{key_type}");
    }
}

#[test]
fn ecc_parameters_are_read_by_their_algorithms() {
    let expected = Some(KeyParameters::Ec2 {
        curve: 1,
        x: vec![1; 32],
        y: vec![2; 32],
    });
    let read = |parameters: &[u8]| ecc(parameters, &[1; 32], &[2; 32]);
    let right: &[&[u8]] = &[
        &[0, 0x10, 0, 0x10, 0, 3, 0, 0x10],
        // AES-128 in CFB.
        &[0, 6, 0, 128, 0, 0x43, 0, 0x10, 0, 3, 0, 0x10],
        // ECDSA with SHA-256, ECDAA with a count, KDF1_SP800_56A with SHA-256.
        &[0, 0x10, 0, 0x18, 0, 0x0b, 0, 3, 0, 0x10],
        &[0, 0x10, 0, 0x1a, 0, 0x0b, 0, 1, 0, 3, 0, 0x10],
        &[0, 0x10, 0, 0x10, 0, 3, 0, 0x20, 0, 0x0b],
    ];
    for parameters in right {
        assert_eq!(read(parameters).unwrap(), expected, "{parameters:?}");
    }
    // A symmetric algorithm, a scheme and a kdf that do not exist; RSASSA, which is not a scheme of ECC.
    let wrong: &[&[u8]] = &[
        &[0, 0x18, 0, 0x10, 0, 3, 0, 0x10],
        &[0, 0x10, 0, 0x14, 0, 0x0b, 0, 3, 0, 0x10],
        &[0, 0x10, 0, 0x10, 0, 3, 0, 0x18, 0, 0x0b],
    ];
    for parameters in wrong {
        assert_eq!(code(read(parameters)), MALFORMED, "{parameters:?}");
    }
}

#[test]
fn coordinates_are_numbers_that_fit_the_curve() {
    let parameters = [0, 0x10, 0, 0x10, 0, 3, 0, 0x10];
    let padded = Some(KeyParameters::Ec2 {
        curve: 1,
        x: [&[0][..], &[1; 31]].concat(),
        y: vec![2; 32],
    });
    let longer = [&[0, 0][..], &[1; 31]].concat();
    for x in [
        &[1; 31][..],
        &[0].into_iter().chain([1; 31]).collect::<Vec<u8>>(),
        &longer,
    ] {
        assert_eq!(ecc(&parameters, x, &[2; 32]).unwrap(), padded, "{x:?}");
    }
    assert_eq!(code(ecc(&parameters, &[1; 33], &[2; 32])), MALFORMED);
}

#[test]
fn rsa_parameters_are_read_by_their_algorithms() {
    let modulus = [0x80; 256];
    let right: &[&[u8]] = &[
        &[0, 0x10, 0, 0x10, 8, 0, 0, 0, 0, 0],
        // AES-256 in CFB; RSASSA with SHA-256; RSAES.
        &[0, 6, 1, 0, 0, 0x43, 0, 0x10, 8, 0, 0, 0, 0, 0],
        &[0, 0x10, 0, 0x14, 0, 0x0b, 8, 0, 0, 0, 0, 0],
        &[0, 0x10, 0, 0x15, 8, 0, 0, 0, 0, 0],
        // An explicit exponent.
        &[0, 0x10, 0, 0x10, 8, 0, 0, 1, 0, 1],
    ];
    for parameters in right {
        let expected = Some(KeyParameters::Rsa {
            n: modulus.to_vec(),
            e: vec![1, 0, 1],
        });
        assert_eq!(rsa(parameters, &modulus).unwrap(), expected, "{parameters:?}");
    }
    // ECDSA, which is not a scheme of RSA.
    let wrong = [0, 0x10, 0, 0x18, 0, 0x0b, 8, 0, 0, 0, 0, 0];
    assert_eq!(code(rsa(&wrong, &modulus)), MALFORMED);
}

#[test]
fn an_rsa_modulus_has_the_bits_that_its_parameters_tell() {
    let parameters = [0, 0x10, 0, 0x10, 8, 0, 0, 0, 0, 3];
    let expected = Some(KeyParameters::Rsa {
        n: vec![0x80; 256],
        e: vec![3],
    });
    let longer = [&[0][..], &[0x80; 256]].concat();
    assert_eq!(rsa(&parameters, &longer).unwrap(), expected);
    for modulus in [&[0x80; 255][..], &[0x80; 257], &[0; 256], &[]] {
        assert_eq!(code(rsa(&parameters, modulus)), MALFORMED);
    }
}
