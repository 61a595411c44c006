//! `tests/vectors/attestation.json`: registrations with certificates. The tests of the npm package use them too.
//!
//! All keys are fixed, and the signatures need no random numbers, so that each run makes the same bytes.

use serde_json::{Value, json};

use crate::common::certificates::{Builder, Key};
use crate::fresh::check_fresh_json;

mod accepts;
mod formats;
mod registration;
mod rejects;
mod tpm;

/// The numbers of the key pairs on P-256.
const CREDENTIAL: u8 = 1;
const ATTESTATION: u8 = 2;
const OTHER: u8 = 3;
const ROOT: u8 = 10;
const INTERMEDIATE: u8 = 11;

const ROOT_NAME: &str = "Touchstone test root";
const INTERMEDIATE_NAME: &str = "Touchstone test CA";

fn root() -> Vec<u8> {
    let key = Key::p256(ROOT);
    Builder::authority(ROOT_NAME, &key).signed_by(ROOT_NAME, &key)
}

fn authority() -> Builder {
    Builder::authority(INTERMEDIATE_NAME, &Key::p256(INTERMEDIATE))
}

fn by_root(certificate: &Builder) -> Vec<u8> {
    certificate.signed_by(ROOT_NAME, &Key::p256(ROOT))
}

fn by_intermediate(certificate: &Builder) -> Vec<u8> {
    certificate.signed_by(INTERMEDIATE_NAME, &Key::p256(INTERMEDIATE))
}

/// The leaf and the certificate above it. The relying party has the root.
fn chain(leaf: &Builder) -> Vec<Vec<u8>> {
    vec![by_intermediate(leaf), by_root(&authority())]
}

fn with(mut case: Value, members: &Value) -> Value {
    for (member, value) in members.as_object().unwrap() {
        case[member] = value.clone();
    }
    case
}

/// The file's description of its fields.
fn fields() -> Value {
    json!({
        "attestationKey": "the private key, on P-256, of the leaf of packed/registration: to attest other registrations",
        "now": "seconds since 1970, by which certificates are valid and SafetyNet's responses are new",
        "trustAnchors": "PEM, or DER in base64url",
        "requireTrustedAttestation": "whether the certificates have to lead to one of them",
        "attestationFormats": "accepted formats; none: all but android-safetynet",
        "aaguids": "accepted models; none: any",
        "tpmManufacturers": "\"any\", or more than those of the TCG's registry",
        "androidKeySecurity": "\"any\" or \"trusted-environment\"",
        "allowRS1": "whether a TPM may sign with RS1",
        "expect": "of the result, where the case is accepted",
        "code": "where it is refused, beside the field and why",
    })
}

#[test]
fn the_attestation_vectors_are_fresh() {
    let cases = [accepts::cases(), rejects::cases()].concat();
    let file = json!({
        "fields": fields(),
        "attestationKey": registration::encode(&[ATTESTATION; 32]),
        "cases": cases,
    });
    check_fresh_json("tests/vectors/attestation.json", &file);
}
