//! What became of a model, and what of it a relying party refuses. Spec: FIDO MDS 3.1 sections 3.1.3 and 3.1.4.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

use super::{MetadataEntry, read};
use crate::error::{Error, ErrorCode, Result};

const ATTESTATION_KEY_COMPROMISE: &str = "ATTESTATION_KEY_COMPROMISE";

/// One report about a model.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StatusReport {
    /// `FIDO_CERTIFIED_L1`, `REVOKED`, and so on; the specification may add others.
    pub status: String,
    /// The first second of the day since which it holds. None, which is also for what is no date, means always.
    pub effective_date: Option<u64>,
    /// The version of the authenticator that the report is about; those above it are meant too.
    pub authenticator_version: Option<u64>,
    /// DER of the certificate that the report is about. None, which is also for what is no base64, means the whole
    /// model.
    pub certificate: Option<Vec<u8>>,
    /// Where to read more.
    pub url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    status: String,
    #[serde(default)]
    effective_date: Option<String>,
    #[serde(default)]
    authenticator_version: Option<u64>,
    #[serde(default)]
    certificate: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

pub(super) fn read(json: &str) -> Option<StatusReport> {
    let members: Members = read::object(json)?;
    let certificate = members.certificate.as_deref().and_then(read::certificate);
    Some(StatusReport {
        status: members.status,
        effective_date: members.effective_date.as_deref().and_then(read::date),
        authenticator_version: members.authenticator_version,
        // FIDO's BLOB has reports whose certificate is the empty string.
        certificate: certificate.filter(|der| !der.is_empty()),
        url: members.url.filter(|url| !url.is_empty()),
    })
}

/// Which reports a relying party refuses a model for.
///
/// A report is not undone by a later one. `UPDATE_AVAILABLE` says that a vendor has mended something, and the metadata
/// is then of the new version; an attestation does not tell which version made it, and an authenticator that was sold
/// before may never be updated. Who wants to accept a model in spite of a report takes its status out of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StatusPolicy {
    /// The statuses, as the specification spells them.
    pub refused: Vec<String>,
}

impl Default for StatusPolicy {
    /// The statuses by which the keys, or the users, of a model are not what they seem.
    fn default() -> Self {
        let refused = [
            "REVOKED",
            "USER_VERIFICATION_BYPASS",
            ATTESTATION_KEY_COMPROMISE,
            "USER_KEY_REMOTE_COMPROMISE",
            "USER_KEY_PHYSICAL_COMPROMISE",
        ];
        Self {
            refused: refused.map(ToOwned::to_owned).to_vec(),
        }
    }
}

impl StatusPolicy {
    /// Whether a report is a reason to refuse a statement with such certificates.
    fn refuses(&self, report: &StatusReport, certificates: &[Vec<u8>], now: u64) -> bool {
        let listed = self.refused.contains(&report.status);
        let in_force = report.effective_date.is_none_or(|begin| begin <= now);
        // One batch's attestation key is out: what the other batches say of themselves is as good as before.
        let concerned = match &report.certificate {
            Some(certificate) if report.status == ATTESTATION_KEY_COMPROMISE => certificates.contains(certificate),
            _ => true,
        };
        listed && in_force && concerned
    }
}

impl MetadataEntry {
    /// Refuses a model by what became of it. The certificates are those of the attestation statement, DER, and the
    /// anchor that they lead to, which a statement seldom brings along and a report may be about.
    ///
    /// # Errors
    ///
    /// `AUTHENTICATOR_STATUS_FORBIDDEN`.
    pub fn check_status(&self, policy: &StatusPolicy, certificates: &[Vec<u8>], now: u64) -> Result<()> {
        let refused = |report: &StatusReport| policy.refuses(report, certificates, now);
        if self.status_reports.iter().any(refused) {
            Err(Error::new(
                ErrorCode::AuthenticatorStatusForbidden,
                "metadata.entry.statusReports",
            ))
        } else {
            Ok(())
        }
    }
}
