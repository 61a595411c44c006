//! The status of a model, and the statuses that a relying party refuses. Spec: FIDO MDS 3.1 sections 3.1.3 and 3.1.4.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{MetadataEntry, read};
use crate::error::{Error, ErrorCode, Result};
use crate::json::{Value, set};

const ATTESTATION_KEY_COMPROMISE: &str = "ATTESTATION_KEY_COMPROMISE";

/// One report about a model.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StatusReport {
    /// `FIDO_CERTIFIED_L1`, `REVOKED`, and so on; the specification may add others.
    pub status: String,
    /// The first second of the day from which the report is effective. None, also for an invalid date, means always.
    pub effective_date: Option<u64>,
    /// The version of the authenticator that the report is about. It also applies to later versions.
    pub authenticator_version: Option<u64>,
    /// The certificate that the report is about, in DER. None, also for invalid base64, means the whole model.
    pub certificate: Option<Vec<u8>>,
    /// Where to read more.
    pub url: Option<String>,
}

pub(super) fn read(report: Value<'_, '_>) -> Option<StatusReport> {
    let (mut status, mut effective_date, mut authenticator_version) = (None, None, None);
    let (mut certificate, mut url) = (None, None);
    report.members(&mut |name, value| match name {
        "status" => set(&mut status, value.string()),
        "effectiveDate" => set(&mut effective_date, value.nullable(Value::string)),
        "authenticatorVersion" => set(&mut authenticator_version, value.nullable(Value::unsigned)),
        "certificate" => set(&mut certificate, value.nullable(Value::string)),
        "url" => set(&mut url, value.nullable(Value::string)),
        _ => Some(()),
    })?;
    let certificate = certificate.flatten().as_deref().and_then(read::certificate);
    Some(StatusReport {
        status: status?,
        effective_date: effective_date.flatten().as_deref().and_then(read::date),
        authenticator_version: authenticator_version.flatten(),
        // FIDO's BLOB has reports with an empty string for the certificate.
        certificate: certificate.filter(|der| !der.is_empty()),
        url: url.flatten().filter(|url: &String| !url.is_empty()),
    })
}

/// The reports for which a relying party refuses a model.
///
/// A later report does not cancel an earlier one. `UPDATE_AVAILABLE` says that the vendor has fixed something, and the
/// metadata then describe the new version. But an attestation does not tell which version made it, and an authenticator
/// that was sold before may never be updated. To accept a model in spite of a report, remove the status from the list.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StatusPolicy {
    /// The statuses, as the specification spells them.
    pub refused: Vec<String>,
}

impl Default for StatusPolicy {
    /// The statuses after which the keys or the user verification of a model cannot be relied on.
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
    /// Whether the report is a reason to refuse a statement with these certificates.
    fn refuses(&self, report: &StatusReport, certificates: &[Vec<u8>], now: u64) -> bool {
        let listed = self.refused.contains(&report.status);
        let in_force = report.effective_date.is_none_or(|begin| begin <= now);
        // The attestation key of one batch is compromised. Other batches are not affected.
        let concerned = match &report.certificate {
            Some(certificate) if report.status == ATTESTATION_KEY_COMPROMISE => certificates.contains(certificate),
            _ => true,
        };
        listed && in_force && concerned
    }
}

impl MetadataEntry {
    /// Refuses a model because of its status reports. The certificates are those of the attestation statement, in DER,
    /// and the anchor to which they lead: a report may be about the anchor, and few statements include it.
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
