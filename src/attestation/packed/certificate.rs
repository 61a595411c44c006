//! Packed attestation with a certificate, and the requirements on that certificate. Spec: 8.2, 8.2.1.
//!
//! ```asn1
//! version           v3
//! subject           C, O, OU = "Authenticator Attestation" and CN, each once
//! basicConstraints  { cA FALSE }
//! id-fido-gen-ce-aaguid (1.3.6.1.4.1.45724.1.1.4), if there, and never critical:
//!                   OCTET STRING (SIZE (16))
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::name::DirectoryString;

use crate::attestation::certificate::{check_model, leaf, verify_signature};
use crate::attestation::{AttestationType, Attested, Evidence, X5C};
use crate::error::{Error, ErrorCode, Result};
use crate::x509::Certificate;

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const ORGANIZATIONAL_UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// 8.2, with x5c.
pub(super) fn verify(
    algorithm: i64,
    signature: &[u8],
    chain: Vec<Vec<u8>>,
    attested: &Attested<'_>,
) -> Result<Evidence> {
    let certificate = leaf(&chain)?;

    // Verify sig over authenticatorData and clientDataHash with the certificate's key and alg.
    verify_signature(&certificate, algorithm, &attested.signed_data(), signature)?;

    // The certificate meets the requirements of 8.2.1.
    if !meets_requirements(&certificate)? {
        return Err(Error::new(ErrorCode::AttestationCertificateInvalid, X5C));
    }

    // If the certificate names a model, it is the one in authenticatorData.
    check_model(&certificate, attested.aaguid)?;

    // The statement does not tell whether a CA certified the key for one authenticator or for the model.
    Ok(Evidence::by_certificates(AttestationType::Basic, chain))
}

/// 8.2.1. Each attribute must occur exactly once; with two values, it would be open which one counts.
fn meets_requirements(certificate: &Certificate) -> Result<bool> {
    let country = |country: String| country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_alphabetic());
    let is = |oid, test: &dyn Fn(String) -> bool| attribute(certificate, oid).is_some_and(test);
    Ok(certificate.is_version_3()
        && is(COUNTRY, &country)
        && is(ORGANIZATION, &|name| !name.is_empty())
        && is(ORGANIZATIONAL_UNIT, &|unit| unit == "Authenticator Attestation")
        && is(COMMON_NAME, &|name| !name.is_empty())
        && certificate
            .basic_constraints()?
            .is_some_and(|constraints| !constraints.ca))
}

/// The text of an attribute that the subject has exactly once.
fn attribute(certificate: &Certificate, oid: ObjectIdentifier) -> Option<String> {
    let mut found = certificate.subject().iter().filter(|attribute| attribute.oid == oid);
    let (attribute, None) = (found.next()?, found.next()) else {
        return None;
    };
    DirectoryString::try_from(&attribute.value).ok().map(String::from)
}
