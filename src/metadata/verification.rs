//! Verifies the BLOB, which is a JWS in compact form. Spec: RFC 7515, RFC 7518 section 3, FIDO MDS 3.1 section 3.2.

use alloc::string::String;
use alloc::vec::Vec;

use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{KeyUsage, SubjectAltName};

use super::{BlobPolicy, SIGNATURE, X5C, malformed, payload, too_large};
use crate::base64url;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Value, set};
use crate::jws::{self, Compact, ecdsa_der};
use crate::limits;
use crate::signature::KeyParameters;
use crate::x509::{Certificate, path};

const HEADER: &str = "metadata.header";
const ALG: &str = "metadata.header.alg";

/// The maximum length of a header in characters: room for the largest number of the largest certificates, in base64
/// twice.
const HEADER_LEN: usize = 160 * 1024;

/// JWS algorithms and their COSE identifiers. `none` and algorithms with shared secrets are not among them. `EdDSA`
/// means Ed25519 here.
const ALGORITHMS: &[(&str, i64)] = &[
    ("ES256", -7),
    ("ES384", -35),
    ("ES512", -36),
    ("RS256", -257),
    ("RS384", -258),
    ("RS512", -259),
    ("PS256", -37),
    ("PS384", -38),
    ("PS512", -39),
    ("EdDSA", -8),
    ("Ed25519", -19),
];

/// The members of the header that are read. Others are not needed; `x5u` would have to be fetched, and the crate
/// fetches nothing.
struct Header {
    alg: String,
    typ: Option<String>,
    x5c: Option<Vec<String>>,
    /// Whether the header names critical extensions. None is supported, so the BLOB is then refused (RFC 7515 section
    /// 4.1.11).
    crit: bool,
}

impl Header {
    fn read(json: &str) -> Option<Self> {
        let (mut alg, mut typ, mut x5c, mut crit) = (None, None, None, None);
        json::members(json, &mut |name, value| match name {
            "alg" => set(&mut alg, value.string()),
            "typ" => set(&mut typ, value.nullable(Value::string)),
            "x5c" => set(&mut x5c, value.nullable(Value::strings)),
            "crit" => set(&mut crit, value.nullable(Value::raw)),
            _ => Some(()),
        })?;
        Some(Self {
            alg: alg?,
            typ: typ.flatten(),
            x5c: x5c.flatten(),
            crit: crit.flatten().is_some(),
        })
    }
}

/// Returns the payload, in base64url, if a signer that the policy trusts has signed it.
pub(super) fn verify<'a>(text: &'a str, policy: &BlobPolicy) -> Result<&'a str> {
    payload::check_len(text)?;
    let jws = Compact::split(text).ok_or_else(|| malformed(super::FIELD))?;
    let header = read_header(jws.header)?;
    let certificates = certificates(header.x5c.as_deref().unwrap_or_default())?;

    path::find(&certificates, &policy.trust_anchors, policy.now).map_err(|error| match error.code {
        ErrorCode::AttestationUntrusted => Error::new(ErrorCode::MetadataUntrusted, X5C),
        code => Error::new(code, X5C),
    })?;
    let leaf = certificates.first().ok_or_else(|| malformed(X5C))?;
    let leaf = Certificate::parse(X5C, leaf)?;
    // RFC 5280 section 4.2.1.3: the path checks who may sign certificates; the leaf must be allowed to sign other data.
    let may_sign = leaf.parsed_extension::<KeyUsage>()?;
    if !may_sign.is_none_or(|usage| usage.digital_signature()) {
        return Err(Error::new(ErrorCode::CertificateUseForbidden, X5C));
    }
    if let Some(signer) = &policy.signer {
        check_name(&leaf, signer)?;
    }

    if jws.signature.len() > limits::base64url_len(limits::SIGNATURE_LEN) {
        return Err(too_large(SIGNATURE));
    }
    let signature = base64url::decode(SIGNATURE, jws.signature)?;
    verify_signature(&header.alg, &leaf, jws.signed.as_bytes(), &signature)?;
    Ok(jws.payload)
}

fn read_header(header: &str) -> Result<Header> {
    if header.len() > HEADER_LEN {
        return Err(too_large(HEADER));
    }
    let json = base64url::decode(HEADER, header)?;
    let header = core::str::from_utf8(&json)
        .ok()
        .and_then(Header::read)
        .ok_or_else(|| malformed(HEADER))?;
    // RFC 7519 section 5.1: the type is JWT, in upper or lower case. A JWS of another type was signed for another
    // purpose.
    let other_type = header.typ.as_ref().is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT"));
    if other_type || header.crit {
        return Err(malformed(HEADER));
    }
    Ok(header)
}

fn certificates(x5c: &[String]) -> Result<Vec<Vec<u8>>> {
    if x5c.is_empty() {
        return Err(malformed(X5C));
    }
    if x5c.len() > limits::CERTIFICATES {
        return Err(Error::new(ErrorCode::CertificateTooLarge, X5C));
    }
    jws::certificates(x5c).ok_or_else(|| Error::new(ErrorCode::EncodingMalformed, X5C))
}

/// Checks that the certificate has the signer's DNS name. Names are compared as in RFC 6125, but wildcards do not
/// match.
fn check_name(leaf: &Certificate, signer: &str) -> Result<()> {
    let names = leaf.parsed_extension::<SubjectAltName>()?;
    let is_signer = |name: &GeneralName| match name {
        GeneralName::DnsName(name) => name.as_str().eq_ignore_ascii_case(signer),
        _ => false,
    };
    if names.is_some_and(|names| names.0.iter().any(is_signer)) {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::MetadataUntrusted, X5C))
    }
}

fn verify_signature(alg: &str, leaf: &Certificate, signed: &[u8], signature: &[u8]) -> Result<()> {
    let (_, algorithm) = ALGORITHMS
        .iter()
        .find(|(name, _)| *name == alg)
        .ok_or_else(|| Error::new(ErrorCode::AlgorithmUnsupported, ALG))?;
    let invalid = Error::new(ErrorCode::SignatureInvalid, SIGNATURE);
    match (algorithm, leaf.parameters()?) {
        (-7 | -35 | -36, KeyParameters::Ec2 { x, .. }) => {
            let signature = ecdsa_der(signature, x.len()).ok_or(invalid)?;
            leaf.verify(*algorithm, SIGNATURE, signed, &signature)
        }
        _ => leaf.verify(*algorithm, SIGNATURE, signed, signature),
    }
}
