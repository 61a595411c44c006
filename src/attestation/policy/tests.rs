//! Tests of trust and of what metadata add to it. The tests of the formats cover the statements.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{AttestationPolicy, ModelMetadata, TpmManufacturers};
use crate::attestation::{Attestation, AttestationType, Evidence};
use crate::certificates::statements::{ATTESTATION, certificate, issue};
use crate::certificates::{Builder, Key, NOW};
use crate::error::{ErrorCode, Result};
use crate::metadata::{MetadataEntry, key_identifier};
use crate::policy::Requirement;
use crate::x509::TrustAnchor;

const AAGUID: [u8; 16] = [5; 16];
const UUID: &str = "05050505-0505-0505-0505-050505050505";

fn root() -> Vec<u8> {
    Builder::authority("CA", &Key::p256(9)).signed_by("CA", &Key::p256(9))
}

fn anchor(der: &[u8]) -> TrustAnchor {
    TrustAnchor::from_der(der).unwrap()
}

fn leaf() -> Vec<u8> {
    issue(&certificate(ATTESTATION))
}

fn required(change: impl FnOnce(&mut AttestationPolicy)) -> AttestationPolicy {
    let mut policy = AttestationPolicy {
        trust: Requirement::Required,
        now: Some(NOW),
        ..AttestationPolicy::default()
    };
    change(&mut policy);
    policy
}

fn assess(policy: &AttestationPolicy, evidence: Evidence, aaguid: &[u8; 16]) -> Result<Attestation> {
    policy.check()?;
    policy.assess("packed".to_string(), vec![evidence], aaguid)
}

fn basic() -> Evidence {
    Evidence::by_certificates(AttestationType::Basic, vec![leaf()])
}

fn refusal(policy: &AttestationPolicy, evidence: Evidence) -> Option<ErrorCode> {
    assess(policy, evidence, &AAGUID).err().map(|error| error.code)
}

/// An entry with the root, for a model with an AAGUID or with the key of its certificates.
fn entry(name: &str, types: &str, statuses: &[&str]) -> MetadataEntry {
    let root = STANDARD.encode(root());
    let reports = statuses.iter().map(|status| format!(r#"{{"status":"{status}"}}"#));
    let reports = reports.collect::<Vec<String>>().join(",");
    MetadataEntry::parse(&format!(
        r#"{{{name},"statusReports":[{reports}],"metadataStatement":
            {{"attestationTypes":[{types}],"attestationRootCertificates":["{root}"]}}}}"#
    ))
    .unwrap()
}

fn with_entry(entry: Option<MetadataEntry>) -> AttestationPolicy {
    required(|policy| policy.metadata = Some(ModelMetadata::new(entry)))
}

fn of_model(types: &str, statuses: &[&str]) -> AttestationPolicy {
    with_entry(Some(entry(&format!(r#""aaguid":"{UUID}""#), types, statuses)))
}

#[test]
fn trusts_what_an_anchor_vouches_for() {
    let policy = required(|policy| policy.trust_anchors = vec![anchor(&root())]);
    let attestation = assess(&policy, basic(), &AAGUID).unwrap();
    assert!(attestation.trusted);
    assert_eq!(attestation.anchor, Some(root()));
    assert_eq!(attestation.certificates, [leaf()]);
}

#[test]
fn trusts_nothing_without_an_anchor() {
    let attestation = assess(&AttestationPolicy::default(), basic(), &AAGUID).unwrap();
    assert!(!attestation.trusted);
    assert_eq!(attestation.anchor, None);
    assert_eq!(attestation.attestation_type, AttestationType::Basic);
}

#[test]
fn refuses_certificates_that_lead_to_another_anchor_or_none() {
    let other = Builder::authority("Other", &Key::p256(8)).signed_by("Other", &Key::p256(8));
    let policy = required(|policy| policy.trust_anchors = vec![anchor(&other)]);
    assert_eq!(refusal(&policy, basic()), Some(ErrorCode::AttestationUntrusted));
    for untrusted in [AttestationType::None, AttestationType::SelfAttestation] {
        let evidence = Evidence::without_certificates(untrusted);
        assert_eq!(refusal(&policy, evidence), Some(ErrorCode::AttestationUntrusted));
    }
}

#[test]
fn refuses_policies_that_cannot_be_checked() {
    let check = |policy: &AttestationPolicy| policy.check().err().map(|error| (error.code, error.field));
    let misuse = |field| Some((ErrorCode::PolicyMalformed, field));
    let anchors = || vec![anchor(&root())];
    assert_eq!(check(&required(|_| {})), misuse("trustAnchors"));
    assert_eq!(
        check(&AttestationPolicy {
            trust_anchors: anchors(),
            ..AttestationPolicy::default()
        }),
        misuse("now")
    );
    assert_eq!(
        check(&AttestationPolicy {
            aaguids: vec![AAGUID],
            ..AttestationPolicy::default()
        }),
        misuse("requireTrustedAttestation")
    );
    let bad = required(|policy| {
        policy.trust_anchors = anchors();
        policy.tpm_manufacturers = TpmManufacturers::RegisteredAnd(vec!["FFFFF1D0".to_string()]);
    });
    assert_eq!(check(&bad), misuse("tpmManufacturers"));
    assert_eq!(check(&required(|policy| policy.trust_anchors = anchors())), None);
}

#[test]
fn accepts_the_models_of_the_list_only() {
    let mut policy = required(|policy| policy.trust_anchors = vec![anchor(&root())]);
    policy.aaguids = vec![[6; 16]];
    assert_eq!(refusal(&policy, basic()), Some(ErrorCode::AaguidForbidden));
    policy.aaguids.push(AAGUID);
    assert_eq!(refusal(&policy, basic()), None);
}

#[test]
fn does_not_trust_a_model_that_was_not_signed() {
    let mut policy = required(|policy| policy.trust_anchors = vec![anchor(&root())]);
    policy.aaguids = vec![AAGUID];
    let u2f = || Evidence {
        covers_aaguid: false,
        ..basic()
    };
    assert_eq!(refusal(&policy, u2f()), Some(ErrorCode::AaguidForbidden));
    policy.aaguids.push([0; 16]);
    assert_eq!(refusal(&policy, u2f()), None);

    // Metadata found by such an AAGUID do not count either; those of the attestation key do.
    let listed = of_model(r#""basic_full""#, &[]);
    assert_eq!(refusal(&listed, u2f()), Some(ErrorCode::MetadataMissing));
    let key: String = key_identifier(&leaf())
        .unwrap()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = format!(r#""attestationCertificateKeyIdentifiers":["{key}"]"#);
    assert_eq!(refusal(&with_entry(Some(entry(&name, "", &[]))), u2f()), None);
}

#[test]
fn trusts_the_roots_that_metadata_have_for_the_model() {
    let policy = of_model(r#""basic_full""#, &["FIDO_CERTIFIED_L1"]);
    assert_eq!(assess(&policy, basic(), &AAGUID).unwrap().anchor, Some(root()));
    let other = assess(&policy, basic(), &[6; 16]).unwrap_err();
    assert_eq!(other.code, ErrorCode::MetadataMissing);
    assert_eq!(refusal(&with_entry(None), basic()), Some(ErrorCode::MetadataMissing));
}

#[test]
fn does_not_trust_types_that_the_model_does_not_list() {
    let policy = of_model(r#""basic_surrogate""#, &[]);
    assert_eq!(refusal(&policy, basic()), Some(ErrorCode::AttestationUntrusted));
}

#[test]
fn refuses_a_model_by_its_status_trusted_or_not() {
    let mut policy = of_model(r#""basic_full""#, &["FIDO_CERTIFIED", "REVOKED"]);
    assert_eq!(refusal(&policy, basic()), Some(ErrorCode::AuthenticatorStatusForbidden));
    policy.trust = Requirement::NotRequired;
    let unattested = || Evidence::without_certificates(AttestationType::None);
    assert_eq!(
        refusal(&policy, unattested()),
        Some(ErrorCode::AuthenticatorStatusForbidden)
    );
    policy.metadata.as_mut().unwrap().statuses.refused.clear();
    assert_eq!(refusal(&policy, unattested()), None);
}
