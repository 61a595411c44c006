//! Changed input must never make the verifier panic or accept bytes that were not signed.

use std::path::Path;

use crate::common::{self, Case, Outcome, encode};
use serde_json::Value;

fn accepts() -> Vec<Value> {
    #[derive(serde::Deserialize)]
    struct File {
        cases: Vec<Value>,
    }
    common::read_json::<File>(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/accepts.json")).cases
}

fn run(case: &Value) -> Outcome {
    serde_json::from_value::<Case>(case.clone()).unwrap().run()
}

/// Runs the case with each variant of one member of its response.
fn each_variant(case: &Value, member: &str, variants: impl Fn(&[u8]) -> Vec<Vec<u8>>, mut check: impl FnMut(Outcome)) {
    let Some(text) = case["response"]["response"][member].as_str() else {
        return;
    };
    for bytes in variants(&common::decode(text)) {
        let mut bent = case.clone();
        bent["response"]["response"][member] = Value::String(encode(&bytes));
        check(run(&bent));
    }
}

fn bit_flips(bytes: &[u8]) -> Vec<Vec<u8>> {
    (0..bytes.len() * 8)
        .map(|bit| {
            let mut flipped = bytes.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            flipped
        })
        .collect()
}

fn cuts_and_repeats(bytes: &[u8]) -> Vec<Vec<u8>> {
    let cut = (0..bytes.len()).map(|len| bytes[..len].to_vec());
    cut.chain([[bytes, bytes].concat(), [bytes, &[0]].concat()]).collect()
}

#[test]
fn a_flipped_bit_of_signed_bytes_never_verifies() {
    for case in accepts() {
        let name = case["name"].as_str().unwrap().to_owned();
        // With the format `none`, nothing in a registration is signed.
        if name.ends_with("/registration") && !name.starts_with("packed-self") {
            continue;
        }
        for member in ["clientDataJSON", "authenticatorData", "attestationObject", "signature"] {
            let mut tried = 0;
            each_variant(&case, member, bit_flips, |outcome| {
                tried += 1;
                assert!(
                    matches!(outcome, Outcome::Refused(_)),
                    "{name}: bit {} of {member}",
                    tried - 1
                );
            });
        }
    }
}

#[test]
fn a_cut_or_repeated_member_never_verifies() {
    for case in accepts() {
        let name = &case["name"];
        for member in ["clientDataJSON", "authenticatorData", "attestationObject", "signature"] {
            each_variant(&case, member, cuts_and_repeats, |outcome| {
                assert!(matches!(outcome, Outcome::Refused(_)), "{name}: {member}");
            });
        }
    }
}

#[test]
fn a_flipped_bit_of_unsigned_bytes_never_panics() {
    for case in accepts()
        .iter()
        .filter(|case| case["name"].as_str().unwrap().starts_with("none."))
    {
        for member in ["clientDataJSON", "attestationObject"] {
            each_variant(case, member, bit_flips, |_| {});
        }
    }
}
