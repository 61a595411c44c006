//! The metadata of one model. Spec: FIDO MDS 3.1 section 3.1.1, FIDO Metadata Statement 3.1 section 4.

use alloc::string::String;
use alloc::vec::Vec;

use sha1::{Digest, Sha1};

use super::status::{self, StatusReport};
use super::{ENTRY, ENTRY_LEN, ICON_LEN, malformed, read, too_large};
use crate::attestation_type::AttestationType;
use crate::error::Result;
use crate::json::{self, Value, set};
use crate::x509::{Certificate, TrustAnchor};

/// The metadata of one model. Members that are not listed here are ignored.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct MetadataEntry {
    /// The AAGUID of the model. None for U2F.
    pub aaguid: Option<[u8; 16]>,
    /// The [`key_identifier`]s of the model's attestation certificates, for U2F.
    pub key_identifiers: Vec<[u8; 20]>,
    /// The name of the model, in English.
    pub description: Option<String>,
    /// A picture of the model: a `data:image/` URL. Other URLs, which a page would fetch from a third party, and icons
    /// longer than [`ICON_LEN`] are left out.
    pub icon: Option<String>,
    /// The roots of the model's attestation certificates. Some of them are the attestation certificates themselves.
    pub attestation_root_certificates: Vec<TrustAnchor>,
    /// The number of root certificates that could not be read. The others stay usable: fewer anchors mean that fewer
    /// statements are trusted, never more.
    pub unreadable_root_certificates: usize,
    /// `basic_full`, `basic_surrogate`, `attca`, `anonca`, `ecdaa`, or a future type.
    pub attestation_types: Vec<String>,
    /// The status reports about the model, oldest first.
    pub status_reports: Vec<StatusReport>,
    /// The day of the last status report, YYYY-MM-DD.
    pub time_of_last_status_change: Option<String>,
}

#[derive(Default)]
struct Statement {
    description: Option<String>,
    icon: Option<String>,
    attestation_root_certificates: Option<Vec<String>>,
    attestation_types: Option<Vec<String>>,
}

impl Statement {
    fn read(statement: Value<'_, '_>) -> Option<Self> {
        let (mut description, mut icon, mut roots, mut types) = (None, None, None, None);
        statement.members(&mut |name, value| match name {
            "description" => set(&mut description, value.nullable(Value::string)),
            "icon" => set(&mut icon, value.nullable(Value::string)),
            "attestationRootCertificates" => set(&mut roots, value.nullable(Value::strings)),
            "attestationTypes" => set(&mut types, value.nullable(Value::strings)),
            _ => Some(()),
        })?;
        Some(Self {
            description: description.flatten(),
            icon: icon.flatten(),
            attestation_root_certificates: roots.flatten(),
            attestation_types: types.flatten(),
        })
    }
}

impl MetadataEntry {
    /// Parses the JSON of an entry, which [`super::MetadataBlob::entry`] returns. Safe on untrusted input.
    ///
    /// # Errors
    ///
    /// `METADATA_MALFORMED` if the text is not the JSON of an entry, `METADATA_TOO_LARGE`.
    pub fn parse(json: &str) -> Result<Self> {
        if json.len() > ENTRY_LEN {
            return Err(too_large(ENTRY));
        }
        Self::read(json).ok_or_else(|| malformed(ENTRY))
    }

    fn read(json: &str) -> Option<Self> {
        let (mut aaguid, mut identifiers, mut statement) = (None, None, None);
        let (mut reports, mut time_of_last_status_change) = (None, None);
        json::members(json, &mut |name, value| match name {
            "aaguid" => set(&mut aaguid, value.nullable(Value::string)),
            "attestationCertificateKeyIdentifiers" => set(&mut identifiers, value.nullable(Value::strings)),
            "metadataStatement" => set(&mut statement, value.nullable(Statement::read)),
            "statusReports" => set(&mut reports, read_reports(value)),
            "timeOfLastStatusChange" => set(&mut time_of_last_status_change, value.nullable(Value::string)),
            _ => Some(()),
        })?;
        let statement = statement.flatten().unwrap_or_default();
        let identifiers: Vec<String> = identifiers.flatten().unwrap_or_default();
        let (roots, unreadable_root_certificates) =
            anchors(&statement.attestation_root_certificates.unwrap_or_default());
        Some(Self {
            aaguid: aaguid.flatten().as_deref().and_then(read::aaguid),
            key_identifiers: identifiers.iter().filter_map(|text| read::hex(text)).collect(),
            description: statement.description,
            icon: statement.icon.filter(|icon| is_icon(icon)),
            attestation_root_certificates: roots,
            unreadable_root_certificates,
            attestation_types: statement.attestation_types.unwrap_or_default(),
            // Required: without it, a refused status could be missing.
            status_reports: reports?,
            time_of_last_status_change: time_of_last_status_change.flatten(),
        })
    }

    /// Whether the entry describes this authenticator, by the rules of [`super::MetadataBlob::find`]. It prevents trust
    /// in the roots of an entry that was looked up wrongly.
    #[must_use]
    pub fn describes(&self, aaguid: &[u8; 16], certificates: &[Vec<u8>]) -> bool {
        if *aaguid != [0; 16] {
            return self.aaguid.as_ref() == Some(aaguid);
        }
        certificates
            .first()
            .and_then(|leaf| key_identifier(leaf).ok())
            .is_some_and(|identifier| self.key_identifiers.contains(&identifier))
    }

    /// Whether the entry lists this attestation type for the model. Basic attestation and attestation by a CA look the
    /// same in a statement, so each stands for both. An entry without types allows all of them.
    #[must_use]
    pub fn lists(&self, attestation_type: AttestationType) -> bool {
        let names: &[&str] = match attestation_type {
            AttestationType::None => &[],
            AttestationType::SelfAttestation => &["basic_surrogate"],
            AttestationType::Basic | AttestationType::AttCa => &["basic_full", "attca"],
            AttestationType::AnonCa => &["anonca"],
        };
        let listed = |name: &String| names.contains(&name.as_str());
        self.attestation_types.is_empty() || self.attestation_types.iter().any(listed)
    }
}

fn read_reports(reports: Value<'_, '_>) -> Option<Vec<StatusReport>> {
    let mut read = Vec::new();
    reports.elements(&mut |report| {
        read.push(status::read(report)?);
        Some(())
    })?;
    Some(read)
}

/// The certificates that can be read, and the number of the others.
fn anchors(certificates: &[String]) -> (Vec<TrustAnchor>, usize) {
    let read: Vec<_> = certificates
        .iter()
        .filter_map(|text| TrustAnchor::from_der(&read::certificate(text)?).ok())
        .collect();
    let unreadable = certificates.len().saturating_sub(read.len());
    (read, unreadable)
}

fn is_icon(icon: &str) -> bool {
    let image = icon
        .get(..11)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:image/"));
    image && icon.len() <= ICON_LEN
}

/// The identifier of a U2F model in the metadata: the SHA-1 of the public key in its attestation certificate (RFC 5280
/// section 4.2.1.2, method 1). The certificate is in DER.
///
/// # Errors
///
/// `CERTIFICATE_MALFORMED`, `CERTIFICATE_TOO_LARGE`.
pub fn key_identifier(certificate: &[u8]) -> Result<[u8; 20]> {
    const FIELD: &str = "response.attestationObject.attStmt.x5c";
    let certificate = Certificate::parse(FIELD, certificate)?;
    let key = certificate.public_key_bits().ok_or_else(|| certificate.malformed())?;
    Ok(Sha1::digest(key).into())
}
