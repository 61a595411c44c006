//! The Android SafetyNet attestation statement format. Spec: 8.5, and the SafetyNet documentation that it refers to.
//!
//! ```cddl
//! attStmt = { ver: text, response: bytes }   ; response: a compact JWS
//! ```
//!
//! Google has turned off the service, and the specification deprecates the format. It is accepted only if the policy
//! names it.

use alloc::string::String;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::certificate::leaf;
use super::{AttestationType, Attested, Evidence, Statement, malformed};
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, set};
use crate::x509::Certificate;

mod response;

use response::Response;

const HOSTNAME: &str = "attest.android.com";
const RESPONSE: &str = "response.attestationObject.attStmt.response";

/// How old a response may be. A ceremony takes a minute or two; browsers give up after ten.
const MAX_AGE_MS: u64 = 10 * 60 * 1000;

/// How far SafetyNet's clock may be ahead of ours.
const MAX_AHEAD_MS: u64 = 60 * 1000;

/// What SafetyNet says about the device, as far as the specification needs it.
struct Payload {
    nonce: String,
    timestamp_ms: u64,
    cts_profile_match: bool,
}

impl Payload {
    fn read(json: &str) -> Option<Self> {
        let (mut nonce, mut timestamp_ms, mut cts_profile_match) = (None, None, None);
        json::members(json, &mut |name, value| match name {
            "nonce" => set(&mut nonce, value.string()),
            "timestampMs" => set(&mut timestamp_ms, value.unsigned()),
            "ctsProfileMatch" => set(&mut cts_profile_match, value.boolean()),
            _ => Some(()),
        })?;
        Some(Self {
            nonce: nonce?,
            timestamp_ms: timestamp_ms?,
            cts_profile_match: cts_profile_match?,
        })
    }
}

pub(super) fn verify(mut statement: Statement, attested: &Attested<'_>) -> Result<Evidence> {
    let now = attested
        .policy
        .now
        .ok_or_else(|| Error::new(ErrorCode::PolicyMalformed, "now"))?;
    let version = statement.take("ver").and_then(|version| version.into_text().ok());
    let response = statement.bytes("response")?;
    statement.finish()?;

    // response is a response of version ver. There is only one form; ver is the release of Play services.
    version.filter(|version| !version.is_empty()).ok_or_else(malformed)?;
    let response = Response::parse(RESPONSE, &response).ok_or_else(malformed)?;
    let payload = response.payload().and_then(Payload::read).ok_or_else(malformed)?;

    // nonce is the hash of authenticatorData and clientDataHash in base64.
    let hash = Sha256::digest(attested.signed_data());
    if STANDARD.decode(&payload.nonce).ok().is_none_or(|nonce| nonce != *hash) {
        return Err(data_mismatch("response.attestationObject.attStmt.response.nonce"));
    }

    // The response comes from SafetyNet: its host's certificate signed it.
    let certificate = leaf(&response.certificates)?;
    if !is_for_host(&certificate)? {
        return Err(Error::new(ErrorCode::AttestationCertificateInvalid, RESPONSE));
    }
    response.verify(&certificate)?;

    // SafetyNet's documentation: the response is recent, and Google has approved the device.
    let now = now.saturating_mul(1000);
    if now > payload.timestamp_ms.saturating_add(MAX_AGE_MS) || payload.timestamp_ms > now.saturating_add(MAX_AHEAD_MS)
    {
        return Err(data_mismatch("response.attestationObject.attStmt.response.timestampMs"));
    }
    if !payload.cts_profile_match {
        return Err(data_mismatch(
            "response.attestationObject.attStmt.response.ctsProfileMatch",
        ));
    }

    Ok(Evidence::by_certificates(AttestationType::Basic, response.certificates))
}

fn is_for_host(certificate: &Certificate) -> Result<bool> {
    let names = certificate.parsed_extension::<SubjectAltName>()?;
    let is_host = |name: &GeneralName| matches!(name, GeneralName::DnsName(name) if name.as_str() == HOSTNAME);
    Ok(names.is_some_and(|names| names.0.iter().any(is_host)))
}

#[cold]
fn data_mismatch(field: &'static str) -> Error {
    Error::new(ErrorCode::AttestationDataMismatch, field)
}

#[cfg(test)]
mod tests;
