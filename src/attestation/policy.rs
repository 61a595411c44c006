//! What the relying party requires of an attestation. Spec: 7.1 steps 23 and 24.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Attestation, AttestationType, Evidence, FORMAT};
use crate::error::{Error, ErrorCode, Result};
#[cfg(feature = "attestation")]
use crate::metadata::{MetadataEntry, StatusPolicy};
use crate::policy::Requirement;
#[cfg(feature = "attestation")]
use crate::x509::{self, TrustAnchor};

/// What the relying party requires of an attestation. The default requires no trust: a statement must be valid, but is
/// not trusted.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AttestationPolicy {
    /// The formats to accept. Empty: all that this build verifies except `android-safetynet`, which must be named.
    pub formats: Vec<String>,
    /// Whether the certificates must lead to a trust anchor.
    pub trust: Requirement,
    /// The AAGUIDs of the authenticator models to accept. Empty: any. Only a trusted attestation proves a model, so a
    /// list needs [`Self::trust`].
    pub aaguids: Vec<[u8; 16]>,
    /// Certificates that are trusted directly.
    #[cfg(feature = "attestation")]
    pub trust_anchors: Vec<TrustAnchor>,
    /// The current time in seconds since 1970, at which certificates must be valid. Required if there are anchors.
    #[cfg(feature = "attestation")]
    pub now: Option<u64>,
    /// The TPM manufacturers to accept.
    #[cfg(feature = "attestation")]
    pub tpm_manufacturers: TpmManufacturers,
    /// Where Android must keep its keys.
    #[cfg(feature = "attestation")]
    pub android_key_security: AndroidKeySecurity,
    /// Whether a TPM may sign its statement with RS1.
    #[cfg(feature = "attestation")]
    pub rs1: Rs1,
    /// The FIDO metadata of the authenticator's model. Its roots are anchors too, and its status may refuse it.
    #[cfg(feature = "attestation")]
    pub metadata: Option<ModelMetadata>,
}

/// The FIDO metadata of one model.
#[cfg(feature = "attestation")]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ModelMetadata {
    /// The model's entry. None if the metadata do not have one.
    pub entry: Option<MetadataEntry>,
    /// The statuses that are refused.
    pub statuses: StatusPolicy,
}

#[cfg(feature = "attestation")]
impl ModelMetadata {
    /// An entry with the statuses that are refused by default.
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
    /// The manufacturers in the TCG's registry.
    #[default]
    Registered,
    /// Those in the registry and these: each is `id:` and eight hexadecimal digits.
    RegisteredAnd(Vec<String>),
    /// Any manufacturer.
    Any,
}

/// What must vouch for the key of an `android-key` attestation. Spec: 8.4.
#[cfg(feature = "attestation")]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum AndroidKeySecurity {
    /// Android or its trusted environment.
    #[default]
    Any,
    /// Android's trusted environment or `StrongBox`.
    TrustedEnvironment,
}

/// RSA with SHA-1 (COSE -65535), only in a TPM's statement. SHA-1 has collisions, but older Windows machines have
/// nothing better.
#[cfg(feature = "attestation")]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third state")]
pub enum Rs1 {
    /// `ALGORITHM_FORBIDDEN`.
    #[default]
    Refuse,
    /// Verified like other algorithms.
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
    /// Refuses a policy that cannot be checked: anchors without the time; trust or a list of models without anchors.
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

    /// Decides what is trusted. A compound has several statements; one trusted statement suffices.
    pub(super) fn assess(&self, format: String, evidence: Vec<Evidence>, aaguid: &[u8; 16]) -> Result<Attestation> {
        let mut refusal = Error::new(ErrorCode::AttestationUntrusted, FORMAT);
        let mut untrusted = None;
        for Evidence {
            attestation_type,
            certificates,
            covers_aaguid,
        } in evidence
        {
            // A U2F authenticator does not sign the AAGUID, so the one in the authenticator data proves nothing.
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

    /// The anchor of the trust path: one of the policy's own anchors, or a root in the model's metadata.
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

    /// The metadata entry, if it describes the model of the statement.
    #[cfg(feature = "attestation")]
    fn entry(&self, certificates: &[Vec<u8>], aaguid: &[u8; 16]) -> Option<&MetadataEntry> {
        let entry = self.metadata.as_ref()?.entry.as_ref()?;
        entry.describes(aaguid, certificates).then_some(entry)
    }

    /// A report may name a certificate: one of the statement's certificates or the anchor.
    #[cfg(feature = "attestation")]
    fn check_status(&self, certificates: &[Vec<u8>], anchor: Option<&Vec<u8>>, aaguid: &[u8; 16]) -> Result<()> {
        let (Some(metadata), Some(entry)) = (&self.metadata, self.entry(certificates, aaguid)) else {
            return Ok(());
        };
        let path: Vec<Vec<u8>> = certificates.iter().chain(anchor).cloned().collect();
        entry.check_status(&metadata.statuses, &path, self.now.unwrap_or_default())
    }

    #[cfg(not(feature = "attestation"))]
    #[expect(clippy::unused_self, reason = "same signature as in builds with attestation")]
    fn anchor(&self, _: AttestationType, _certificates: &[Vec<u8>], _aaguid: &[u8; 16]) -> Result<Vec<u8>> {
        Err(Error::new(ErrorCode::AttestationUntrusted, FORMAT))
    }

    #[cfg(not(feature = "attestation"))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "same signature as in builds with attestation"
    )]
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
