//! FIDO metadata: what the FIDO Alliance publishes about authenticator models. Spec: FIDO Metadata Service 3.1.
//!
//! The crate does not download anything. The caller downloads the BLOB, verifies it once and stores
//! [`MetadataBlob::as_bytes`]. Each registration loads these bytes and looks up one model; that neither verifies nor
//! parses the rest again.
//!
//! ```no_run
//! use touchstone_webauthn::error::Result;
//! use touchstone_webauthn::metadata::{BlobPolicy, MetadataBlob, MetadataEntry};
//! use touchstone_webauthn::x509::TrustAnchor;
//!
//! # fn example(jws: &str, root: &str, now: u64, stored: Vec<u8>, aaguid: [u8; 16]) -> Result<()> {
//! // Once in a while:
//! let policy = BlobPolicy::new(TrustAnchor::from_pem(root)?, now);
//! let stored = MetadataBlob::verify(jws, &policy)?.into_bytes();
//!
//! // For each registration:
//! let blob = MetadataBlob::from_bytes(stored)?;
//! let model: Option<MetadataEntry> = blob.find(&aaguid, &[])?;
//! # Ok(())
//! # }
//! ```

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, ErrorCode, Result};
use crate::x509::TrustAnchor;

mod blob;
mod entry;
mod payload;
mod read;
mod status;
mod verification;

pub use entry::{MetadataEntry, key_identifier};
pub use status::{StatusPolicy, StatusReport};

/// The maximum length of a BLOB in characters. FIDO's has 10 MB; a Worker has 128 MB of memory, and verification needs
/// twice the length.
pub const BLOB_LEN: usize = 32 * 1024 * 1024;

/// The maximum number of entries of a BLOB. FIDO's has some hundreds.
pub const BLOB_ENTRIES: usize = 16 * 1024;

/// The maximum length of an entry in bytes. The largest of FIDO's have some 200 KiB, because of their icons.
pub const ENTRY_LEN: usize = 1024 * 1024;

/// The maximum length of an icon in characters. A longer icon is left out, so that no registration fails because of it.
pub const ICON_LEN: usize = 256 * 1024;

const FIELD: &str = "metadata";
const SIGNATURE: &str = "metadata.signature";
const X5C: &str = "metadata.header.x5c";
const ENTRY: &str = "metadata.entry";

/// The requirements on a BLOB.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BlobPolicy {
    /// The anchors to which the BLOB's certificates must lead.
    pub trust_anchors: Vec<TrustAnchor>,
    /// The DNS name that the signing certificate must have. FIDO signs with a certificate of a public web CA, from
    /// which everyone can get a certificate for their own name, so the anchor alone proves nothing. Use None only with
    /// anchors that certify nobody else.
    pub signer: Option<String>,
    /// The current time in seconds since 1970.
    pub now: u64,
    /// The number of the newest BLOB that the caller has verified. An older BLOB is refused.
    pub last_number: Option<u64>,
}

impl BlobPolicy {
    /// The policy for the BLOB of the FIDO Alliance, <https://mds3.fidoalliance.org/>.
    #[must_use]
    pub fn new(trust_anchors: Vec<TrustAnchor>, now: u64) -> Self {
        Self {
            trust_anchors,
            signer: Some("mds.fidoalliance.org".to_owned()),
            now,
            last_number: None,
        }
    }

    fn check(&self) -> Result<()> {
        let malformed = |field| Err(Error::new(ErrorCode::PolicyMalformed, field));
        if self.trust_anchors.is_empty() {
            return malformed("trustAnchors");
        }
        if self.signer.as_ref().is_some_and(String::is_empty) {
            return malformed("signer");
        }
        Ok(())
    }
}

/// A verified BLOB: the payload as signed, and an index of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MetadataBlob {
    /// The only copy of the data; [`blob`] describes its layout.
    bytes: Vec<u8>,
    layout: blob::Layout,
}

impl MetadataBlob {
    /// Verifies a downloaded BLOB, which is a JWS in compact form. Safe on untrusted input; the payload is not read
    /// before its signature is verified.
    ///
    /// # Errors
    ///
    /// `METADATA_TOO_LARGE`, `METADATA_MALFORMED`, `ENCODING_MALFORMED`; `METADATA_UNTRUSTED`, the `CERTIFICATE_` codes
    /// and `SIGNATURE_INVALID` if the signer is not one that the policy trusts; `METADATA_NUMBER_MISMATCH`,
    /// `METADATA_EXPIRED`; `POLICY_MALFORMED` if there is no anchor.
    ///
    /// Spec: FIDO MDS 3.1 section 3.2.
    pub fn verify(jws: &str, policy: &BlobPolicy) -> Result<Self> {
        policy.check()?;
        let payload = verification::verify(jws, policy)?;
        let bytes = payload::decode(payload)?;
        let blob = payload::index(bytes)?;
        if policy.last_number.is_some_and(|last| blob.number() < last) {
            return Err(Error::new(ErrorCode::MetadataNumberMismatch, "metadata.payload.no"));
        }
        blob.check_next_update(policy.now)?;
        Ok(blob)
    }

    /// The serial number of the BLOB, for the next [`BlobPolicy::last_number`].
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.layout.number
    }

    /// The day by which FIDO publishes the next BLOB: its first second, in seconds since 1970.
    #[must_use]
    pub const fn next_update(&self) -> u64 {
        self.layout.next_update
    }

    /// Checks that the next BLOB is not due yet. Call it for a BLOB that comes from a store.
    ///
    /// The BLOB is valid until the end of the `nextUpdate` day in UTC, because the next BLOB appears during that day.
    ///
    /// # Errors
    ///
    /// `METADATA_EXPIRED`.
    pub fn check_next_update(&self, now: u64) -> Result<()> {
        if now < self.next_update().saturating_add(read::DAY) {
            Ok(())
        } else {
            Err(Error::new(ErrorCode::MetadataExpired, "metadata.payload.nextUpdate"))
        }
    }

    /// The entry of an authenticator. It is found by the AAGUID, or by the certificate if the AAGUID is all zeros, as
    /// with U2F.
    ///
    /// # Errors
    ///
    /// `METADATA_MALFORMED`, `METADATA_TOO_LARGE`, `CERTIFICATE_MALFORMED`.
    pub fn find(&self, aaguid: &[u8; 16], certificates: &[Vec<u8>]) -> Result<Option<MetadataEntry>> {
        let json = match certificates.first() {
            _ if *aaguid != [0; 16] => self.entry(aaguid)?,
            Some(leaf) => self.entry_by_key_identifier(&key_identifier(leaf)?)?,
            None => None,
        };
        json.map(MetadataEntry::parse).transpose()
    }

    /// Like [`Self::find`], but refuses an authenticator without an entry.
    ///
    /// # Errors
    ///
    /// `METADATA_MISSING`, and those of [`Self::find`].
    pub fn require(&self, aaguid: &[u8; 16], certificates: &[Vec<u8>]) -> Result<MetadataEntry> {
        self.find(aaguid, certificates)?
            .ok_or_else(|| Error::new(ErrorCode::MetadataMissing, ENTRY))
    }
}

#[cold]
fn malformed(field: &'static str) -> Error {
    Error::new(ErrorCode::MetadataMalformed, field)
}

#[cold]
fn too_large(field: &'static str) -> Error {
    Error::new(ErrorCode::MetadataTooLarge, field)
}

#[cfg(test)]
mod tests;
