//! The project's own vectors, `tests/vectors/*.json`. A software authenticator makes them from fixed keys, and the tests
//! of the npm package use them too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use touchstone_webauthn::error::ErrorCode;

use crate::common::authenticator::{Ceremony, Key};
use crate::common::{self, Case, Outcome};
use crate::fresh::check_fresh_json;

mod accepts;
#[cfg(feature = "attestation")]
mod attestation;
mod rejects;

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(file)
}

#[test]
fn the_vectors_are_fresh() {
    for (file, cases) in [("accepts.json", accepts::cases()), ("rejects.json", rejects::cases())] {
        check_fresh_json(&format!("tests/vectors/{file}"), &json!({ "cases": cases }));
    }
}

#[test]
fn accepts_valid_ceremonies() {
    for case in common::read_cases(&path("accepts.json")) {
        match case.run() {
            Outcome::Accepted(_) => {}
            Outcome::Refused(code) => panic!("{}: {code}", case.name),
        }
    }
}

#[test]
fn refuses_invalid_ceremonies_with_the_expected_code_and_field() {
    for case in common::read_cases(&path("rejects.json"))
        .iter()
        .filter(|case| case.is_for_this_build())
    {
        refuses(case);
    }
}

fn refuses(case: &Case) {
    let error = case.verify().expect_err(&case.name);
    assert_eq!(
        Some(error.code.as_str()),
        case.code.as_deref(),
        "{}: {error}",
        case.name
    );
    assert_eq!(Some(error.field), case.field.as_deref(), "{}: {error}", case.name);
}

#[cfg(feature = "attestation")]
#[test]
fn trusts_only_attestations_that_lead_to_an_anchor() {
    let (mut accepted, mut refused) = (0, 0);
    for case in common::read_cases(&path("attestation.json")) {
        if case.code.is_some() {
            refuses(&case);
            refused += 1;
        } else {
            let differences = case.compare(&case.run());
            assert!(differences.is_empty(), "{}", differences.join("\n"));
            accepted += 1;
        }
    }
    // A file that lost its cases would pass otherwise.
    assert_eq!((accepted, refused), (34, 77));
}

/// In these formats every byte is signed; the bytes of the certificates too, if trust is required.
#[cfg(feature = "attestation")]
#[test]
fn a_flipped_bit_of_a_trusted_attestation_never_verifies() {
    let signed = ["packed", "tpm.ES256", "apple", "android-key.strong-box"].map(|name| format!("{name}/registration"));
    let cases = common::read_cases(&path("attestation.json"));
    let cases: Vec<&Case> = cases.iter().filter(|case| signed.contains(&case.name)).collect();
    assert_eq!(cases.len(), signed.len());
    for case in cases {
        let object = case.member("attestationObject");
        for place in 0..object.len() {
            let mut bent = object.clone();
            bent[place] ^= 1 << (place % 8);
            let outcome = case.with_member("attestationObject", &bent).run();
            assert!(matches!(outcome, Outcome::Refused(_)), "{}: byte {place}", case.name);
        }
    }
}

/// The metadata are not part of a ceremony; the tests in `src/metadata` cover their codes.
const WITHOUT_VECTORS: &[ErrorCode] = &[
    ErrorCode::MetadataMalformed,
    ErrorCode::MetadataTooLarge,
    ErrorCode::MetadataExpired,
    ErrorCode::MetadataNumberMismatch,
    ErrorCode::MetadataUntrusted,
    ErrorCode::MetadataMissing,
    ErrorCode::AuthenticatorStatusForbidden,
];

#[test]
fn every_code_has_a_vector_that_it_refuses() {
    let rejects = common::read_cases(&path("rejects.json"));
    let attestation = common::read_cases(&path("attestation.json"));
    let cases = rejects.iter().chain(&attestation);
    let refused: BTreeSet<&str> = cases.filter_map(|case| case.code.as_deref()).collect();
    for code in ErrorCode::ALL.iter().filter(|code| !WITHOUT_VECTORS.contains(code)) {
        assert!(refused.contains(code.as_str()), "{} is dead or untested", code.as_str());
    }
}

fn ceremony(bend: impl FnOnce(&mut Ceremony)) -> Ceremony {
    let mut ceremony = Ceremony::new(Key::es256(1));
    bend(&mut ceremony);
    ceremony
}

fn bent(mut case: Value, bend: impl FnOnce(&mut Value)) -> Value {
    bend(&mut case);
    case
}
