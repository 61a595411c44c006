//! Trust anchors: certificates that the relying party trusts directly.

use alloc::vec::Vec;

use x509_cert::ext::pkix::KeyUsage;

use super::Certificate;
use crate::error::{Error, ErrorCode, Result};

const FIELD: &str = "trustAnchors";

/// A certificate that is trusted because the relying party says so. It may be a root, an intermediate certificate, or
/// the leaf itself.
#[derive(Clone, Debug)]
pub struct TrustAnchor(Certificate);

impl TrustAnchor {
    /// Reads DER.
    ///
    /// # Errors
    ///
    /// `POLICY_MALFORMED` if it is not a certificate, or if its key or its constraints are malformed.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Certificate::parse(FIELD, der)
            .ok()
            .filter(has_form_of_issuer)
            .map(Self)
            .ok_or_else(|| Error::new(ErrorCode::PolicyMalformed, FIELD))
    }

    /// Reads one or more certificates in PEM text. Text between them is ignored (RFC 7468 section 2).
    ///
    /// # Errors
    ///
    /// `POLICY_MALFORMED` if there is none, or one is incomplete or malformed.
    pub fn from_pem(text: &str) -> Result<Vec<Self>> {
        let malformed = Error::new(ErrorCode::PolicyMalformed, FIELD);
        let mut anchors = Vec::new();
        for block in text.split("-----BEGIN CERTIFICATE-----").skip(1) {
            let (body, _) = block.split_once("-----END CERTIFICATE-----").ok_or(malformed)?;
            let body: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            anchors.push(Self::from_der(&decode(&body).ok_or(malformed)?)?);
        }
        if anchors.is_empty() {
            Err(malformed)
        } else {
            Ok(anchors)
        }
    }

    /// The certificate in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        self.0.der()
    }

    pub(crate) const fn certificate(&self) -> &Certificate {
        &self.0
    }
}

/// Checks the parts that a path would read, so that the relying party learns about a malformed anchor when it makes the
/// policy, and clients do not. A key of an unsupported algorithm is accepted.
fn has_form_of_issuer(certificate: &Certificate) -> bool {
    let key_has_form = match certificate.parameters() {
        Ok(_) => true,
        Err(error) => error.code == ErrorCode::AlgorithmUnsupported,
    };
    key_has_form && certificate.basic_constraints().is_ok() && certificate.parsed_extension::<KeyUsage>().is_ok()
}

fn decode(base64: &[u8]) -> Option<Vec<u8>> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(base64).ok()
}

impl PartialEq for TrustAnchor {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for TrustAnchor {}

#[cfg(test)]
mod tests;
