//! What only the larger wasm verifies: attestation with a policy.

use alloc::string::String;
use alloc::vec::Vec;

use wasm_bindgen::prelude::*;

use super::answer::answer;
use super::message::{Message, requirement};
use crate::attestation::{self, AndroidKeySecurity, AttestationPolicy, ModelMetadata, Rs1, TpmManufacturers};
use crate::base64url;
use crate::error::{Error, ErrorCode, Result};
use crate::limits;
use crate::metadata::{BlobPolicy, MetadataBlob, MetadataEntry};
use crate::x509::TrustAnchor;

/// Verifies a `RegistrationResponseJSON` like `verify_registration`, with an attestation policy.
#[wasm_bindgen]
#[must_use]
pub fn verify_attested_registration(message: &[u8]) -> JsValue {
    super::registration(message, |message| Some(AttestationInput::read(message)?.policy()))
}

/// The values of the attestation policy in a message, in their order.
struct AttestationInput {
    formats: Vec<String>,
    required: bool,
    /// UUIDs.
    aaguids: Vec<String>,
    /// PEM, or base64url of DER.
    trust_anchors: Vec<String>,
    /// In seconds.
    now: u64,
    any_tpm_manufacturer: bool,
    tpm_manufacturers: Vec<String>,
    android_trusted_environment: bool,
    allow_rs1: bool,
    metadata: Option<MetadataInput>,
}

struct MetadataInput {
    /// The JSON of the model's entry: zero or one.
    entry: Vec<String>,
    /// None: the statuses that are refused by default.
    statuses: Option<Vec<String>>,
}

impl AttestationInput {
    fn read(message: &mut Message<'_>) -> Option<Self> {
        Some(Self {
            formats: message.texts()?,
            required: message.flag()?,
            aaguids: message.texts()?,
            trust_anchors: message.texts()?,
            now: message.number()?,
            any_tpm_manufacturer: message.flag()?,
            tpm_manufacturers: message.texts()?,
            android_trusted_environment: message.flag()?,
            allow_rs1: message.flag()?,
            metadata: message.optional(|message| {
                Some(MetadataInput {
                    entry: message.texts()?,
                    statuses: message.optional(Message::texts)?,
                })
            })?,
        })
    }

    fn policy(self) -> Result<AttestationPolicy> {
        let aaguids = self.aaguids.iter().map(|text| aaguid(text));
        Ok(AttestationPolicy {
            formats: self.formats,
            trust: requirement(self.required),
            aaguids: aaguids.collect::<Result<_>>()?,
            trust_anchors: all_anchors(&self.trust_anchors)?,
            now: Some(self.now),
            tpm_manufacturers: if self.any_tpm_manufacturer {
                TpmManufacturers::Any
            } else {
                TpmManufacturers::RegisteredAnd(self.tpm_manufacturers)
            },
            android_key_security: if self.android_trusted_environment {
                AndroidKeySecurity::TrustedEnvironment
            } else {
                AndroidKeySecurity::Any
            },
            rs1: if self.allow_rs1 { Rs1::Allow } else { Rs1::Refuse },
            metadata: self.metadata.map(MetadataInput::metadata).transpose()?,
        })
    }
}

impl MetadataInput {
    fn metadata(self) -> Result<ModelMetadata> {
        let entry = self.entry.first().map(|json| MetadataEntry::parse(json)).transpose()?;
        let mut metadata = ModelMetadata::new(entry);
        if let Some(refused) = self.statuses {
            metadata.statuses.refused = refused;
        }
        Ok(metadata)
    }
}

/// The keys by which a model's metadata are found: the AAGUID, or the key identifier if the statement does not prove an
/// AAGUID.
#[wasm_bindgen]
#[must_use]
pub fn model_of(attestation_object: &JsValue) -> JsValue {
    let model = super::decode(attestation_object, "attestationObject", limits::ATTESTATION_OBJECT_LEN)
        .and_then(|bytes| attestation::model(&bytes));
    answer(model, |model| Some(super::answer::model(&model)))
}

/// Verifies a FIDO metadata BLOB. The calls below give the order of the values in `message`.
#[wasm_bindgen]
#[must_use]
pub fn verify_metadata(blob: &[u8], message: &[u8]) -> JsValue {
    let read = Message::read(message, |message| {
        let trust_anchors = message.texts()?;
        let signer = message.texts()?;
        let now = message.number()?;
        let last_number = message.optional(Message::number)?;
        Some((trust_anchors, signer, now, last_number))
    });
    let Some((trust_anchors, mut signer, now, last_number)) = read else {
        return JsValue::UNDEFINED;
    };
    let verified = all_anchors(&trust_anchors).and_then(|trust_anchors| {
        let mut policy = BlobPolicy::new(trust_anchors, now);
        policy.signer = signer.pop();
        policy.last_number = last_number;
        let blob = core::str::from_utf8(blob).map_err(|_| Error::new(ErrorCode::MetadataMalformed, "metadata"))?;
        MetadataBlob::verify(blob, &policy)
    });
    answer(verified, |blob| Some(super::answer::bytes_answer(blob.as_bytes())))
}

fn all_anchors(texts: &[String]) -> Result<Vec<TrustAnchor>> {
    let mut all = Vec::new();
    for text in texts {
        all.extend(anchors(text)?);
    }
    Ok(all)
}

fn anchors(text: &str) -> Result<Vec<TrustAnchor>> {
    if text.contains("-----BEGIN") {
        return TrustAnchor::from_pem(text);
    }
    let der =
        base64url::decode("trustAnchors", text).map_err(|_| Error::new(ErrorCode::PolicyMalformed, "trustAnchors"))?;
    TrustAnchor::from_der(&der).map(|anchor| alloc::vec![anchor])
}

/// A UUID, with or without hyphens.
fn aaguid(text: &str) -> Result<[u8; 16]> {
    let digits: String = text.chars().filter(|character| *character != '-').collect();
    // `from_str_radix` would also accept a sign.
    let is_uuid = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_uuid
        .then(|| u128::from_str_radix(&digits, 16).ok())
        .flatten()
        .map(u128::to_be_bytes)
        .ok_or_else(|| Error::new(ErrorCode::PolicyMalformed, "aaguids"))
}
