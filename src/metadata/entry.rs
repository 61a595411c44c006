//! What the metadata says of one model. Spec: FIDO MDS 3.1 section 3.1.1, FIDO Metadata Statement 3.1 section 4.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::value::RawValue;
use sha1::{Digest, Sha1};

use super::status::{self, StatusReport};
use super::{ENTRY, ENTRY_LEN, ICON_LEN, malformed, read, too_large};
use crate::attestation::AttestationType;
use crate::error::Result;
use crate::x509::{Certificate, TrustAnchor};

/// What the metadata says of one model. Members that are not listed here are ignored.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct MetadataEntry {
    /// The model; none for U2F.
    pub aaguid: Option<[u8; 16]>,
    /// The [`key_identifier`]s of the model's attestation certificates; for U2F.
    pub key_identifiers: Vec<[u8; 20]>,
    /// The name of the model, in English.
    pub description: Option<String>,
    /// A picture of the model: a `data:image/` URL. Another URL would have a page ask somebody for it, and is left out
    /// like one that is longer than [`ICON_LEN`].
    pub icon: Option<String>,
    /// What the model's attestation certificates lead to. Some are the attestation certificates themselves.
    pub attestation_root_certificates: Vec<TrustAnchor>,
    /// How many more there are that could not be read. One bad certificate makes no other one untrue; fewer anchors
    /// mean fewer statements that are trusted, and never more.
    pub unreadable_root_certificates: usize,
    /// `basic_full`, `basic_surrogate`, `attca`, `anonca`, `ecdaa`, or what is to come.
    pub attestation_types: Vec<String>,
    /// What is known of the model's security, oldest first.
    pub status_reports: Vec<StatusReport>,
    /// The day of the last of them, YYYY-MM-DD.
    pub time_of_last_status_change: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    #[serde(default)]
    aaguid: Option<String>,
    #[serde(default)]
    attestation_certificate_key_identifiers: Option<Vec<String>>,
    #[serde(borrow, default)]
    metadata_statement: Option<&'a RawValue>,
    /// Required: without it the worst could be missing.
    #[serde(borrow)]
    status_reports: Vec<&'a RawValue>,
    #[serde(default)]
    time_of_last_status_change: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    icon: Option<String>,
    #[serde(default)]
    attestation_root_certificates: Option<Vec<String>>,
    #[serde(default)]
    attestation_types: Option<Vec<String>>,
}

impl MetadataEntry {
    /// Parses the JSON of an entry, as [`super::MetadataBlob::entry`] finds it. Safe on any input.
    ///
    /// # Errors
    ///
    /// `METADATA_MALFORMED` if it is not the JSON of an entry, `METADATA_TOO_LARGE`.
    pub fn parse(json: &str) -> Result<Self> {
        if json.len() > ENTRY_LEN {
            return Err(too_large(ENTRY));
        }
        Self::read(json).ok_or_else(|| malformed(ENTRY))
    }

    fn read(json: &str) -> Option<Self> {
        let members: Members<'_> = read::object(json)?;
        let statement = match members.metadata_statement {
            Some(statement) => read::object(statement.get())?,
            None => Statement::default(),
        };
        let identifiers = members.attestation_certificate_key_identifiers.unwrap_or_default();
        let (roots, unreadable_root_certificates) =
            anchors(&statement.attestation_root_certificates.unwrap_or_default());
        let reports = members.status_reports.iter();
        Some(Self {
            aaguid: members.aaguid.as_deref().and_then(read::aaguid),
            key_identifiers: identifiers.iter().filter_map(|text| read::hex(text)).collect(),
            description: statement.description,
            icon: statement.icon.filter(|icon| is_icon(icon)),
            attestation_root_certificates: roots,
            unreadable_root_certificates,
            attestation_types: statement.attestation_types.unwrap_or_default(),
            status_reports: reports
                .map(|report| status::read(report.get()))
                .collect::<Option<_>>()?,
            time_of_last_status_change: members.time_of_last_status_change,
        })
    }

    /// Whether the entry is of this authenticator, as [`super::MetadataBlob::find`] would find it. It keeps a caller who
    /// looked up the wrong one from trusting its roots.
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

    /// Whether authenticators of the model make such attestations. Basic attestation and that by an attestation CA look
    /// the same in a statement, so each of them stands for both. An entry that lists no types says nothing about them.
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

/// What can be read, and how many cannot.
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

/// What metadata knows a U2F model by: the SHA-1 of the public key in its attestation certificate (RFC 5280 section
/// 4.2.1.2, method 1), DER.
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
