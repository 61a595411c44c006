//! FIDO metadata: the BLOB of the vectors, and registrations with the metadata of their model.

use js_sys::Array;
use serde::Deserialize;
use touchstone_webauthn::attestation::ModelMetadata;
use touchstone_webauthn::credential::RegistrationResponse;
use touchstone_webauthn::error::ErrorCode;
use touchstone_webauthn::metadata::{BlobPolicy, MetadataBlob};
use touchstone_webauthn::registration;
use touchstone_webauthn::x509::TrustAnchor;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::case::decode;
use crate::ceremonies::{ATTESTATION, case};
use crate::exports::{self, Message, array, bytes, open};

const MODEL: [u8; 16] = 0x1234_5678_9abc_def0_1234_5678_9abc_def0_u128.to_be_bytes();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    trust_anchors: Vec<String>,
    signer: String,
    now: u64,
    current: String,
    stale: String,
    revoked: String,
}

fn vector() -> Vector {
    serde_json::from_str(include_str!("../../vectors/metadata.json")).expect("a vector file")
}

fn policy(vector: &Vector) -> BlobPolicy {
    let anchors = vector.trust_anchors.iter();
    let anchors = anchors.map(|der| TrustAnchor::from_der(&decode(der)).expect("a certificate"));
    let mut policy = BlobPolicy::new(anchors.collect(), vector.now);
    policy.signer = Some(vector.signer.clone());
    policy
}

/// The BLOB, or the code of the refusal. The crate's function and its export must agree.
fn verify(blob: &str, anchors: &[String], policy: &BlobPolicy) -> Result<MetadataBlob, String> {
    let mut message = Message::default();
    message.list(anchors);
    message.list(policy.signer.as_slice());
    message.text(policy.now);
    message.flag(policy.last_number.is_some());
    if let Some(last) = policy.last_number {
        message.text(last);
    }
    let exported = open(exports::verify_metadata(&array(blob.as_bytes()), &message.bytes()));
    let exported = exported.map(|answer| bytes(&Array::from(&answer).get(0)));
    let native = MetadataBlob::verify(blob, policy);
    assert_eq!(
        exported.map_err(|refused| (refused.code, refused.field)),
        native
            .as_ref()
            .map(|blob| blob.as_bytes().to_vec())
            .map_err(|error| (error.code.as_str().into(), error.field.into()))
    );
    native.map_err(|error| error.code.as_str().into())
}

#[wasm_bindgen_test]
fn a_blob_is_verified_and_read_back() {
    let vector = vector();
    let blob = verify(&vector.current, &vector.trust_anchors, &policy(&vector)).expect("the current BLOB");
    assert_eq!(blob.number(), 7);
    let stored = MetadataBlob::from_bytes(blob.into_bytes()).expect("what was stored");
    let entry = stored.require(&MODEL, &[]).expect("the model's entry");
    assert!(entry.describes(&MODEL, &[]));
    assert_eq!(stored.find(&[7; 16], &[]), Ok(None));
}

#[wasm_bindgen_test]
fn a_blob_is_refused_with_the_expected_code() {
    let vector = vector();
    let refused = |blob: &str, bend: fn(&mut BlobPolicy)| {
        let mut policy = policy(&vector);
        bend(&mut policy);
        verify(blob, &vector.trust_anchors, &policy).expect_err("a refusal")
    };
    assert_eq!(refused(&vector.stale, |_| {}), "METADATA_EXPIRED");
    assert_eq!(
        refused(&vector.current, |policy| policy.last_number = Some(8)),
        "METADATA_NUMBER_MISMATCH"
    );
    assert_eq!(
        refused(&vector.current, |policy| policy.signer = Some("example.org".into())),
        "METADATA_UNTRUSTED"
    );
    assert_eq!(
        refused(&vector.current, |policy| policy.now += 60 * 86_400),
        "METADATA_EXPIRED"
    );
    assert_eq!(refused("", |_| {}), "METADATA_MALFORMED");
    let unsigned = format!("{}AAA", &vector.current[..vector.current.len() - 3]);
    assert_eq!(refused(&unsigned, |_| {}), "SIGNATURE_INVALID");
}

#[wasm_bindgen_test]
fn a_registration_is_trusted_by_its_models_metadata_until_that_revokes_it() {
    let vector = vector();
    let mut packed = case(ATTESTATION, "packed/registration");
    packed.attestation.trust_anchors.clear();
    for (blob, expected) in [
        (&vector.current, None),
        (&vector.revoked, Some(ErrorCode::AuthenticatorStatusForbidden)),
    ] {
        let blob = verify(blob, &vector.trust_anchors, &policy(&vector)).expect("a BLOB");
        let entry = blob.entry(&MODEL).expect("an index").expect("the model's entry");
        let exported = exports::verify_attested(&packed, Some(entry));
        assert_eq!(
            exported.err().map(|refused| refused.code),
            expected.map(|code| code.as_str().into())
        );

        let mut policy = packed.registration_policy().expect("a policy");
        policy.attestation.metadata = Some(ModelMetadata::new(blob.find(&MODEL, &[]).expect("an entry")));
        let response = RegistrationResponse::from_json(&packed.response.to_string()).expect("a response");
        let native = registration::verify(&response, &policy);
        assert_eq!(native.err().map(|error| error.code), expected);
    }
}
