//! The requirements on a TPM's attestation certificate. Spec: 8.3.1, TCG EK Credential Profile 3.2.9.
//!
//! ```text
//! SubjectAltName ::= GeneralNames, critical       -- with a directoryName that has:
//!     2.23.133.2.1 tpmManufacturer  UTF8String    -- "id:" and 8 hexadecimal digits
//!     2.23.133.2.2 tpmModel         UTF8String
//!     2.23.133.2.3 tpmVersion       UTF8String
//! ```

use x509_cert::der::asn1::Utf8StringRef;
use x509_cert::der::oid::{AssociatedOid, ObjectIdentifier};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectAltName};
use x509_cert::name::{Name, RelativeDistinguishedName};

use super::manufacturers::Manufacturer;
use crate::attestation::{TpmManufacturers, X5C};
use crate::error::{Error, ErrorCode, Result};
use crate::x509::Certificate;

const TPM_MANUFACTURER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.1");
const TPM_MODEL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.2");
const TPM_VERSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.3");
/// tcg-kp-AIKCertificate.
const AIK_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.8.3");

pub(super) fn check(certificate: &Certificate, manufacturers: &TpmManufacturers) -> Result<()> {
    // 8.3.1: the version is 3.
    // 8.3.1: the subject is empty.
    if !certificate.is_version_3() || !certificate.subject().is_empty() {
        return Err(invalid());
    }
    // 8.3.1: the subject alternative name identifies the TPM. Its manufacturer must be accepted.
    let manufacturer = manufacturer(certificate)?.ok_or_else(invalid)?;
    if !manufacturers.accept(manufacturer) {
        return Err(invalid());
    }
    // 8.3.1: the key is an attestation key.
    let usage: Option<ExtendedKeyUsage> = certificate.parsed_extension()?;
    if !usage.is_some_and(|usage| usage.0.contains(&AIK_CERTIFICATE)) {
        return Err(invalid());
    }
    // 8.3.1: basic constraints are present and say that it is not a CA.
    if certificate
        .basic_constraints()?
        .is_none_or(|constraints| constraints.ca)
    {
        return Err(invalid());
    }
    Ok(())
}

/// The manufacturer in a subject alternative name with all three attributes. None if one is missing.
fn manufacturer(certificate: &Certificate) -> Result<Option<Manufacturer>> {
    // RFC 5280 section 4.2.1.6: it must be critical if the subject is empty.
    if !certificate
        .extension(SubjectAltName::OID)
        .is_some_and(|(critical, _)| critical)
    {
        return Ok(None);
    }
    let Some(names) = certificate.parsed_extension::<SubjectAltName>()? else {
        return Ok(None);
    };
    Ok([TPM_MODEL, TPM_VERSION]
        .iter()
        .all(|attribute| attribute_of(&names, *attribute).is_some())
        .then(|| attribute_of(&names, TPM_MANUFACTURER))
        .flatten()
        .and_then(Manufacturer::parse))
}

/// The text of an attribute that occurs exactly once. Some certificates have all attributes in one relative
/// distinguished name, others have one for each.
fn attribute_of(names: &SubjectAltName, oid: ObjectIdentifier) -> Option<&str> {
    let mut values = names
        .0
        .iter()
        .filter_map(|name| match name {
            GeneralName::DirectoryName(name) => Some(name),
            _ => None,
        })
        .flat_map(Name::iter_rdn)
        .flat_map(RelativeDistinguishedName::iter)
        .filter(|attribute| attribute.oid == oid);
    let value = values.next().filter(|_| values.next().is_none())?;
    let text = value.value.decode_as::<Utf8StringRef<'_>>().ok()?.as_str();
    (!text.is_empty()).then_some(text)
}

#[cold]
fn invalid() -> Error {
    Error::new(ErrorCode::AttestationCertificateInvalid, X5C)
}
