//! Certificate paths. Spec: 7.1 step 24, RFC 5280 section 6.
//!
//! A path is the leaf, the certificates after it in `x5c`, each signed by the next, and one of the relying party's
//! anchors, which signed the last of them. Only an anchor ends a path: a root in `x5c` is an ordinary certificate, and
//! certificates after the end of the path are ignored. A leaf that equals an anchor, byte for byte, is a path on its
//! own.
//!
//! - `x5c` is in order, as every format requires. No other order is tried.
//! - Names are equal if their DER is equal. RFC 5280 section 7.1 would fold case and spaces, but no issuer relies on
//!   that.
//! - Key identifiers are not read: they are hints, and many certificates lack them. Every anchor with the right name is
//!   tried.
//! - The dates of an anchor do not count, as in RFC 5280 section 6.1.1 (d), where an anchor is a name and a key. The
//!   relying party ends its trust by removing the anchor, and roots expire while authenticators below them are in use.
//!   The dates of all other certificates count, and those of a leaf count even if it is an anchor itself.
//! - The constraints of an anchor do count (RFC 5937) if it has version 3. Older certificates have none.
//! - Revocation is not checked: that would need a request.

use alloc::vec::Vec;

use x509_cert::der::oid::{AssociatedOid, ObjectIdentifier};
use x509_cert::ext::pkix::{BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, SubjectAltName};

use super::{Certificate, TrustAnchor, key};
use crate::error::{Error, ErrorCode, Result};
use crate::limits;
use crate::signature;

const FIELD: &str = "response.attestationObject.attStmt.x5c";

/// Certificates between leaf and anchor. Together with leaf and anchor, they make [`limits::CERTIFICATES`].
const INTERMEDIATES: usize = limits::CERTIFICATES.saturating_sub(2);

/// Signatures to verify in one search. A path needs at most five; the others are for anchors with the same name, of
/// which a manufacturer that renews its root has two or three.
const SIGNATURE_CHECKS: usize = 16;

/// Extensions that may be critical: those that are read here; the leaf's usage and names, which the formats read; and
/// policies, which have no effect if no policy is required (RFC 5280 section 6.1.5 (g)). Name constraints and policy
/// constraints are not among them.
const KNOWN: &[ObjectIdentifier] = &[
    BasicConstraints::OID,
    KeyUsage::OID,
    ExtendedKeyUsage::OID,
    SubjectAltName::OID,
    CertificatePolicies::OID,
];

/// Extensions of the leaf that a format reads.
const KNOWN_IN_LEAF: &[ObjectIdentifier] = &[
    // The AAGUID of packed and TPM.
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.4"),
    // Android's key description.
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.17"),
    // Apple's nonce.
    ObjectIdentifier::new_unwrap("1.2.840.113635.100.8.2"),
];

/// Finds the anchor that the certificates lead to, leaf first. If there is none, the error is that of a path that
/// failed, or `ATTESTATION_UNTRUSTED` if the names form no path either.
pub(crate) fn find<'a>(chain: &[Vec<u8>], anchors: &'a [TrustAnchor], now: u64) -> Result<&'a TrustAnchor> {
    if chain.len() > limits::CERTIFICATES {
        return Err(Error::new(ErrorCode::CertificateTooLarge, FIELD));
    }
    let parse = |der: &Vec<u8>| Certificate::parse(FIELD, der);
    let chain = chain.iter().map(parse).collect::<Result<Vec<_>>>()?;
    if let Some(leaf) = chain.first()
        && let Some(anchor) = anchors.iter().find(|anchor| anchor.der() == leaf.der())
    {
        return check_itself(leaf, 0, now).map(|()| anchor);
    }
    let mut signatures = Signatures(SIGNATURE_CHECKS);
    let mut refusal = Error::new(ErrorCode::AttestationUntrusted, FIELD);
    // The result of the checks from the leaf up to the current certificate.
    let mut path = Ok(());
    for (place, certificate) in chain.iter().enumerate() {
        let intermediates = chain.get(1..=place).unwrap_or_default();
        path = path.and_then(|()| check_itself(certificate, place, now));
        for anchor in issuers(certificate, anchors) {
            let end = path
                .and_then(|()| signatures.verify(certificate, anchor.certificate()))
                .and_then(|()| check_anchor(anchor.certificate(), intermediates));
            match end {
                Ok(()) => return Ok(anchor),
                Err(error) => refusal = more_telling(refusal, error),
            }
        }
        let Some(above) = chain.get(place.saturating_add(1)) else {
            break;
        };
        if above.subject() != certificate.issuer() {
            break;
        }
        path = path
            .and_then(|()| signatures.verify(certificate, above))
            .and_then(|()| check_authority(above, intermediates));
    }
    Err(refusal)
}

/// The anchors with the name of the certificate's issuer, without duplicates: the metadata of many models name the same
/// root.
fn issuers<'a>(certificate: &Certificate, anchors: &'a [TrustAnchor]) -> Vec<&'a TrustAnchor> {
    let mut issuers = Vec::new();
    for anchor in anchors {
        if anchor.certificate().subject() == certificate.issuer() && !issuers.contains(&anchor) {
            issuers.push(anchor);
        }
    }
    issuers
}

/// Of two refusals, the one that tells more: a broken rule before a signature by another key of the same name, and that
/// before a missing path.
const fn more_telling(known: Error, other: Error) -> Error {
    match (known.code, other.code) {
        (ErrorCode::AttestationUntrusted, _) => other,
        (ErrorCode::CertificateSignatureInvalid, ErrorCode::AttestationUntrusted) => known,
        (ErrorCode::CertificateSignatureInvalid, _) => other,
        _ => known,
    }
}

/// How many signatures may still be verified.
struct Signatures(usize);

impl Signatures {
    /// RFC 5280 section 6.1.3 (a) (1): the issuer's key signed the certificate.
    fn verify(&mut self, certificate: &Certificate, issuer: &Certificate) -> Result<()> {
        let refused = |code| Error::new(code, FIELD);
        self.0 = self
            .0
            .checked_sub(1)
            .ok_or_else(|| refused(ErrorCode::CertificateTooLarge))?;
        let scheme =
            key::scheme(&certificate.signature_algorithm).ok_or_else(|| refused(ErrorCode::AlgorithmUnsupported))?;
        let parameters = issuer.parameters()?;
        signature::verify_scheme(scheme, &parameters, FIELD, &certificate.signed, &certificate.signature).map_err(
            |error| match error.code {
                ErrorCode::AlgorithmUnsupported => error,
                _ => refused(ErrorCode::CertificateSignatureInvalid),
            },
        )
    }
}

/// Checks a certificate of `x5c` on its own. The leaf has `place` 0.
fn check_itself(certificate: &Certificate, place: usize, now: u64) -> Result<()> {
    check_dates(certificate, now)?;
    check_critical_extensions(certificate, place == 0)
}

/// RFC 5280 section 6.1.3 (a) (2). Both dates belong to the period.
fn check_dates(certificate: &Certificate, now: u64) -> Result<()> {
    let validity = certificate.tbs.validity();
    let begin = validity.not_before.to_unix_duration().as_secs();
    let end = validity.not_after.to_unix_duration().as_secs();
    (begin..=end)
        .contains(&now)
        .then_some(())
        .ok_or_else(|| Error::new(ErrorCode::CertificateExpired, certificate.field))
}

/// RFC 5280 section 4.2: a certificate with an unknown critical extension is refused.
fn check_critical_extensions(certificate: &Certificate, leaf: bool) -> Result<()> {
    let known = |oid| KNOWN.contains(oid) || (leaf && KNOWN_IN_LEAF.contains(oid));
    certificate
        .extensions()
        .iter()
        .all(|extension| !extension.critical || known(&extension.extn_id))
        .then_some(())
        .ok_or_else(|| use_forbidden(certificate))
}

fn check_anchor(anchor: &Certificate, intermediates: &[Certificate]) -> Result<()> {
    if intermediates.len() > INTERMEDIATES {
        return Err(Error::new(ErrorCode::CertificateTooLarge, FIELD));
    }
    if !anchor.is_version_3() {
        return Ok(());
    }
    check_critical_extensions(anchor, false)?;
    check_authority(anchor, intermediates)
}

/// RFC 5280 section 6.1.4 (k) to (n): the certificate may sign certificates, and the intermediate certificates below it
/// are not too many.
fn check_authority(authority: &Certificate, intermediates: &[Certificate]) -> Result<()> {
    let constraints = authority
        .basic_constraints()?
        .filter(|constraints| constraints.ca)
        .ok_or_else(|| use_forbidden(authority))?;
    // (l): a self-issued certificate does not count for the length of the path.
    let counted = intermediates
        .iter()
        .filter(|certificate| certificate.subject() != certificate.issuer())
        .count();
    let short_enough = constraints
        .path_len_constraint
        .is_none_or(|most| counted <= usize::from(most));
    let signs = authority
        .parsed_extension::<KeyUsage>()?
        .is_none_or(|usage| usage.key_cert_sign());
    (short_enough && signs)
        .then_some(())
        .ok_or_else(|| use_forbidden(authority))
}

#[cold]
fn use_forbidden(certificate: &Certificate) -> Error {
    Error::new(ErrorCode::CertificateUseForbidden, certificate.field)
}

#[cfg(test)]
mod tests;
