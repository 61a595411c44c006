//! What the relying party asks of an attestation. Spec: 7.1 steps 23 and 24.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Attestation, AttestationType, Evidence, FORMAT};
use crate::error::{Error, ErrorCode, Result};
#[cfg(feature = "attestation")]
use crate::metadata::{MetadataEntry, StatusPolicy};
use crate::policy::Requirement;
#[cfg(feature = "attestation")]
use crate::x509::{self, TrustAnchor};

/// What the relying party asks of an attestation. The default asks for nothing: a statement has to be valid, and is not
/// trusted.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AttestationPolicy {
    /// Formats to accept; none: all that this build verifies but `android-safetynet`, which has to be named.
    pub formats: Vec<String>,
    /// Whether the certificates have to lead to a trust anchor.
    pub trust: Requirement,
    /// AAGUIDs of the authenticator models to accept; none: any. Only a trusted attestation proves a model, so this
    /// needs [`Self::trust`].
    pub aaguids: Vec<[u8; 16]>,
    /// Certificates that are trusted by themselves.
    #[cfg(feature = "attestation")]
    pub trust_anchors: Vec<TrustAnchor>,
    /// The present, in seconds since 1970, by which certificates are valid. Needed where there are anchors.
    #[cfg(feature = "attestation")]
    pub now: Option<u64>,
    /// The manufacturers of TPMs to accept.
    #[cfg(feature = "attestation")]
    pub tpm_manufacturers: TpmManufacturers,
    /// Where Android's keys have to be kept.
    #[cfg(feature = "attestation")]
    pub android_key_security: AndroidKeySecurity,
    /// Whether a TPM may sign its statement with RS1.
    #[cfg(feature = "attestation")]
    pub rs1: Rs1,
    /// What FIDO metadata say of the authenticator's model: its roots are anchors too, and its status may refuse it.
    #[cfg(feature = "attestation")]
    pub metadata: Option<ModelMetadata>,
}

/// What FIDO metadata say of one model.
#[cfg(feature = "attestation")]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ModelMetadata {
    /// The model's entry; none if the metadata do not know it.
    pub entry: Option<MetadataEntry>,
    /// The statuses that refuse.
    pub statuses: StatusPolicy,
}

#[cfg(feature = "attestation")]
impl ModelMetadata {
    /// With the statuses that are refused by default.
    #[must_use]
    pub fn new(entry: Option<MetadataEntry>) -> Self {
        Self {
            entry,
            ..Self::default()
        }
    }
}

/// Whose TPMs are accepted, by the manufacturer in the attestation certificate. Spec: 8.3.1.
#[cfg(feature = "attestation")]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum TpmManufacturers {
    /// Those of the TCG's registry.
    #[default]
    Registered,
    /// Those, and these more: `id:` and eight hexadecimal digits each.
    RegisteredAnd(Vec<String>),
    /// Any.
    Any,
}

/// What has to vouch for the key of an `android-key` attestation. Spec: 8.4.
#[cfg(feature = "attestation")]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum AndroidKeySecurity {
    /// Android or its trusted environment.
    #[default]
    Any,
    /// Its trusted environment or `StrongBox`.
    TrustedEnvironment,
}

/// RSA with SHA-1 (COSE -65535), in a TPM's statement and nowhere else. SHA-1 has collisions; older Windows machines have
/// nothing better.
#[cfg(feature = "attestation")]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a permission is there or it is not")]
pub enum Rs1 {
    /// `ALGORITHM_FORBIDDEN`.
    #[default]
    Refuse,
    /// Verified like another algorithm.
    Allow,
}

impl Default for AttestationPolicy {
    fn default() -> Self {
        Self {
            formats: Vec::new(),
            trust: Requirement::NotRequired,
            aaguids: Vec::new(),
            #[cfg(feature = "attestation")]
            trust_anchors: Vec::new(),
            #[cfg(feature = "attestation")]
            now: None,
            #[cfg(feature = "attestation")]
            tpm_manufacturers: TpmManufacturers::default(),
            #[cfg(feature = "attestation")]
            android_key_security: AndroidKeySecurity::default(),
            #[cfg(feature = "attestation")]
            rs1: Rs1::default(),
            #[cfg(feature = "attestation")]
            metadata: None,
        }
    }
}

impl AttestationPolicy {
    /// Refuses a policy that could not be kept: anchors without the time, trust or a list of models without anchors.
    pub(crate) fn check(&self) -> Result<()> {
        let malformed = |field| Err(Error::new(ErrorCode::PolicyMalformed, field));
        let required = self.trust == Requirement::Required;
        if !self.aaguids.is_empty() && !required {
            return malformed("requireTrustedAttestation");
        }
        #[cfg(not(feature = "attestation"))]
        if required {
            return malformed("trustAnchors");
        }
        #[cfg(feature = "attestation")]
        {
            let no_anchors = self.trust_anchors.is_empty() && self.metadata.is_none();
            if required && no_anchors {
                return malformed("trustAnchors");
            }
            if !no_anchors && self.now.is_none() {
                return malformed("now");
            }
            if !self.tpm_manufacturers.are_well_formed() {
                return malformed("tpmManufacturers");
            }
        }
        Ok(())
    }

    pub(super) fn check_format(&self, format: &str) -> Result<()> {
        let accepted = if self.formats.is_empty() {
            format != "android-safetynet"
        } else {
            self.formats.iter().any(|accepted| accepted == format)
        };
        accepted
            .then_some(())
            .ok_or_else(|| Error::new(ErrorCode::AttestationFormatForbidden, FORMAT))
    }

    /// Decides what is trusted. Of several statements, which only a compound has, one has to be.
    pub(super) fn assess(&self, format: String, evidence: Vec<Evidence>, aaguid: &[u8; 16]) -> Result<Attestation> {
        let mut refusal = Error::new(ErrorCode::AttestationUntrusted, FORMAT);
        let mut untrusted = None;
        for Evidence {
            attestation_type,
            certificates,
            covers_aaguid,
        } in evidence
        {
            // A U2F authenticator signs no AAGUID, so the one that came with it could be anyone's.
            let aaguid = if covers_aaguid { aaguid } else { &[0; 16] };
            match self.anchor(attestation_type, &certificates, aaguid) {
                Ok(anchor) => {
                    self.check_aaguid(aaguid)?;
                    self.check_status(&certificates, Some(&anchor), aaguid)?;
                    return Ok(Attestation {
                        format,
                        attestation_type,
                        trusted: true,
                        anchor: Some(anchor),
                        certificates,
                    });
                }
                Err(error) => {
                    self.check_status(&certificates, None, aaguid)?;
                    refusal = error;
                    untrusted.get_or_insert((attestation_type, certificates));
                }
            }
        }
        if self.trust == Requirement::Required {
            return Err(refusal);
        }
        let (attestation_type, certificates) = untrusted.unwrap_or((AttestationType::None, Vec::new()));
        Ok(Attestation {
            format,
            attestation_type,
            trusted: false,
            anchor: None,
            certificates,
        })
    }

    /// The anchor of a trust path: one of the policy's own, or a root that the metadata have for this model.
    #[cfg(feature = "attestation")]
    fn anchor(
        &self,
        attestation_type: AttestationType,
        certificates: &[Vec<u8>],
        aaguid: &[u8; 16],
    ) -> Result<Vec<u8>> {
        let now = self.now.unwrap_or_default();
        let own = x509::path::find(certificates, &self.trust_anchors, now);
        let found = match (own, &self.metadata) {
            (Err(error), Some(_)) => match self.entry(certificates, aaguid) {
                Some(entry) if entry.lists(attestation_type) => {
                    x509::path::find(certificates, &entry.attestation_root_certificates, now)
                }
                Some(_) => Err(error),
                None => Err(Error::new(
                    ErrorCode::MetadataMissing,
                    "response.authenticatorData.aaguid",
                )),
            },
            (own, _) => own,
        };
        found.map(|anchor| anchor.der().to_vec())
    }

    /// The metadata's entry, if it is of the model that the statement is of.
    #[cfg(feature = "attestation")]
    fn entry(&self, certificates: &[Vec<u8>], aaguid: &[u8; 16]) -> Option<&MetadataEntry> {
        let entry = self.metadata.as_ref()?.entry.as_ref()?;
        entry.describes(aaguid, certificates).then_some(entry)
    }

    /// A report may name a certificate: one of the statement's, or the anchor.
    #[cfg(feature = "attestation")]
    fn check_status(&self, certificates: &[Vec<u8>], anchor: Option<&Vec<u8>>, aaguid: &[u8; 16]) -> Result<()> {
        let (Some(metadata), Some(entry)) = (&self.metadata, self.entry(certificates, aaguid)) else {
            return Ok(());
        };
        let path: Vec<Vec<u8>> = certificates.iter().chain(anchor).cloned().collect();
        entry.check_status(&metadata.statuses, &path, self.now.unwrap_or_default())
    }

    #[cfg(not(feature = "attestation"))]
    #[expect(clippy::unused_self, reason = "as with anchors")]
    fn anchor(&self, _: AttestationType, _certificates: &[Vec<u8>], _aaguid: &[u8; 16]) -> Result<Vec<u8>> {
        Err(Error::new(ErrorCode::AttestationUntrusted, FORMAT))
    }

    #[cfg(not(feature = "attestation"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as with metadata")]
    const fn check_status(
        &self,
        _certificates: &[Vec<u8>],
        _anchor: Option<&Vec<u8>>,
        _aaguid: &[u8; 16],
    ) -> Result<()> {
        Ok(())
    }

    fn check_aaguid(&self, aaguid: &[u8; 16]) -> Result<()> {
        if self.aaguids.is_empty() || self.aaguids.contains(aaguid) {
            Ok(())
        } else {
            Err(Error::new(
                ErrorCode::AaguidForbidden,
                "response.authenticatorData.aaguid",
            ))
        }
    }
}

#[cfg(feature = "attestation")]
#[cfg(test)]
mod tests;
