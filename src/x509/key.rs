//! The keys of certificates, and what they sign. Spec: RFC 3279, RFC 5480, RFC 8410, RFC 4055, RFC 9881.

use x509_cert::der::asn1::{ContextSpecific, UintRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Any, Decode, ErrorKind, Reader, SliceReader, Tag, TagNumber, Tagged};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::error::{Error, ErrorCode, Result};
use crate::signature::{self, Hash, KeyParameters, Scheme};

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");

/// Named curves, their COSE identifiers and the length of their coordinates in bytes.
const CURVES: &[(ObjectIdentifier, i64, usize)] = &[
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), 1, 32),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), 2, 48),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), 3, 66),
    (ObjectIdentifier::new_unwrap("1.3.132.0.10"), 8, 32),
];

/// ML-DSA-44, -65 and -87. Keys and signatures have the same identifier (RFC 9881).
const ML_DSA: &[(ObjectIdentifier, i64)] = &[
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17"), -48),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18"), -49),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19"), -50),
];

/// Signature algorithms without parameters.
const SCHEMES: &[(ObjectIdentifier, Scheme)] = &[
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
        Scheme::Ecdsa(Hash::Sha256),
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"),
        Scheme::Ecdsa(Hash::Sha384),
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"),
        Scheme::Ecdsa(Hash::Sha512),
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
        Scheme::RsaPkcs1V1_5(Hash::Sha256),
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"),
        Scheme::RsaPkcs1V1_5(Hash::Sha384),
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"),
        Scheme::RsaPkcs1V1_5(Hash::Sha512),
    ),
    (ED25519, Scheme::Cose(-8)),
    (ED448, Scheme::Cose(-53)),
];

const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// The hash functions that PSS names, and the length of their digests in bytes.
const HASHES: &[(ObjectIdentifier, Hash, u8)] = &[
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), Hash::Sha256, 32),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), Hash::Sha384, 48),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), Hash::Sha512, 64),
];

/// Converts the key to the parameters of a COSE key. `ALGORITHM_UNSUPPORTED` if no COSE key of this crate is of this
/// kind, `CERTIFICATE_MALFORMED` if the key does not have the form of its kind.
pub(super) fn parameters(info: &SubjectPublicKeyInfoOwned) -> core::result::Result<KeyParameters, ErrorCode> {
    let algorithm = &info.algorithm;
    let bytes = info.subject_public_key.as_bytes();
    // RFC 8410 section 3 and RFC 9881 section 4.
    let without_parameters = bytes.filter(|_| algorithm.parameters.is_none());
    let parameters = match algorithm.oid {
        EC => return ec_key(algorithm, bytes),
        // RFC 3279 section 2.3.1.
        RSA => bytes.filter(|_| is_null(algorithm)).and_then(rsa_key),
        ED25519 | ED448 => without_parameters.map(|x| KeyParameters::Okp {
            curve: if algorithm.oid == ED25519 { 6 } else { 7 },
            x: x.to_vec(),
        }),
        oid if ML_DSA.iter().any(|(known, _)| *known == oid) => without_parameters.map(|public| KeyParameters::Akp {
            public: public.to_vec(),
        }),
        _ => return Err(ErrorCode::AlgorithmUnsupported),
    };
    parameters.ok_or(ErrorCode::CertificateMalformed)
}

/// RFC 5480 section 2.1.1: the curve must be a named one.
fn ec_key(
    algorithm: &AlgorithmIdentifierOwned,
    point: Option<&[u8]>,
) -> core::result::Result<KeyParameters, ErrorCode> {
    let curve: ObjectIdentifier = algorithm
        .parameters
        .as_ref()
        .and_then(|curve| curve.decode_as().ok())
        .ok_or(ErrorCode::CertificateMalformed)?;
    let (_, curve, len) = CURVES
        .iter()
        .find(|(oid, ..)| *oid == curve)
        .ok_or(ErrorCode::AlgorithmUnsupported)?;
    // SEC 1 section 2.3.3, uncompressed. No attestation certificate has a compressed point, and WebAuthn forbids it in
    // COSE keys (5.8.5).
    let Some([4, coordinates @ ..]) = point else {
        return Err(ErrorCode::CertificateMalformed);
    };
    coordinates
        .split_at_checked(*len)
        .filter(|(_, y)| y.len() == *len)
        .map(|(x, y)| KeyParameters::Ec2 {
            curve: *curve,
            x: x.to_vec(),
            y: y.to_vec(),
        })
        .ok_or(ErrorCode::CertificateMalformed)
}

/// RFC 8017 appendix A.1.1: modulus and exponent, without leading zeros.
fn rsa_key(bytes: &[u8]) -> Option<KeyParameters> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let key = reader.sequence(|reader| -> x509_cert::der::Result<_> {
        let n = UintRef::decode(reader)?.as_bytes().to_vec();
        let e = UintRef::decode(reader)?.as_bytes().to_vec();
        Ok(KeyParameters::Rsa { n, e })
    });
    reader.finish().ok()?;
    key.ok()
}

/// Verifies with a COSE algorithm: one of [`signature::PublicKey`], or RS1, with which some TPMs sign.
pub(super) fn verify(
    algorithm: i64,
    parameters: &KeyParameters,
    field: &'static str,
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    if algorithm == -65535 {
        return signature::verify_scheme(Scheme::RsaPkcs1V1_5(Hash::Sha1), parameters, field, message, signature);
    }
    signature::PublicKey::new(algorithm, parameters)
        .map_err(|code| Error::new(code, field))?
        .verify(field, message, signature)
}

/// The scheme of a certificate's signature. None if this crate does not verify it. SHA-1 is not verified: whoever finds
/// a collision owns a certificate that the authority never signed.
pub(super) fn scheme(algorithm: &AlgorithmIdentifierOwned) -> Option<Scheme> {
    let by_table = SCHEMES.iter().find(|(known, _)| *known == algorithm.oid);
    let scheme = match by_table {
        Some((_, scheme)) => *scheme,
        None if algorithm.oid == RSA_PSS => return pss(algorithm),
        None => Scheme::Cose(ML_DSA.iter().find(|(known, _)| *known == algorithm.oid)?.1),
    };
    // RFC 4055 section 5: NULL, and absent parameters count as NULL. RFC 5758 section 3.2, RFC 8410 section 3 and RFC
    // 9881 section 3: absent.
    let with_null = matches!(scheme, Scheme::RsaPkcs1V1_5(_)) && is_null(algorithm);
    (algorithm.parameters.is_none() || with_null).then_some(scheme)
}

/// RFC 4055 section 3.1. All fields must be present, because the defaults mean SHA-1; only the trailer has no other
/// value. The mask must use the same hash, and the salt must have the digest's length, as is usual for PSS.
fn pss(algorithm: &AlgorithmIdentifierOwned) -> Option<Scheme> {
    fn explicit<'a, T: Decode<'a, Error = x509_cert::der::Error>>(
        reader: &mut SliceReader<'a>,
        number: u32,
    ) -> x509_cert::der::Result<T> {
        ContextSpecific::decode_explicit(reader, TagNumber(number))?
            .map(|field| field.value)
            .ok_or_else(|| ErrorKind::Failed.into())
    }
    let parameters = algorithm.parameters.as_ref().filter(|any| any.tag() == Tag::Sequence)?;
    let mut reader = SliceReader::new(parameters.value()).ok()?;
    let hash: AlgorithmIdentifierOwned = explicit(&mut reader, 0).ok()?;
    let mask: AlgorithmIdentifierOwned = explicit(&mut reader, 1).ok()?;
    let salt_len: u8 = explicit(&mut reader, 2).ok()?;
    reader.finish().ok()?;
    let mask_hash: AlgorithmIdentifierOwned = mask.parameters.filter(|_| mask.oid == MGF1)?.decode_as().ok()?;
    let plain = |hash: &AlgorithmIdentifierOwned| hash.parameters.is_none() || is_null(hash);
    let (_, known, len) = HASHES.iter().find(|(oid, ..)| *oid == hash.oid)?;
    (mask_hash.oid == hash.oid && plain(&hash) && plain(&mask_hash) && salt_len == *len)
        .then_some(Scheme::RsaPss(*known))
}

fn is_null(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.parameters.as_ref().is_some_and(Any::is_null)
}

#[cfg(test)]
mod tests;
