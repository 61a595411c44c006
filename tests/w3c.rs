//! The W3C test vectors of Level 3, section 16, and the refusals made from them, where the folder is at hand.
//!
//! A case counts as supported when the vector that it comes from is of a format and an algorithm that this build
//! verifies; the others are listed by name, and every refusal among them still has to be refused.

#![allow(
    clippy::allow_attributes,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::semicolon_if_nothing_returned,
    clippy::type_complexity,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test states what it expects by panicking"
)]

mod common;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use common::{Case, Outcome};

/// Accepted vectors, refusals with their code, and cases of formats and algorithms to come.
const EXPECTED: (usize, usize, usize) = (20, 306, 171);

const UNSUPPORTED: &[&str] = &[
    "packed.ES256/registration",
    "packed.ES384/registration",
    "packed.ES512/registration",
    "packed.RS256/registration",
    "packed.EdDSA/registration",
    "packed.Ed448/registration",
    "tpm.ES256/registration",
    "android-key.ES256/registration",
    "apple.ES256/registration",
    "fido-u2f.ES256/registration",
];

/// What the test harness shows of a test that passes, too.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

#[test]
fn accepts_the_vectors_and_refuses_their_mutations_with_the_code_that_fits() {
    let folder = common::conformance_folder();
    if !folder.is_dir() {
        say("W3C vectors: not run, the folder ../shared/conformance is not there");
        return;
    }
    let read = |file: &str| -> Vec<Case> { common::read_cases(&folder.join(file)) };
    let codes: BTreeMap<String, Vec<String>> = common::read_json(&PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/vectors/w3c-codes.json"
    )));

    let (mut accepted, mut refused, mut later) = (0, 0, 0);
    let mut later_by_name: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    let (vectors, mutations) = (read("w3c-webauthn-l3.json"), read("w3c-webauthn-l3-mutations.json"));
    for case in vectors.iter().chain(&mutations) {
        let (base, mutation) = case.name.split_once('#').unwrap_or((&case.name, ""));
        let outcome = case.run();
        if UNSUPPORTED.contains(&base) {
            later += 1;
            *later_by_name.entry(base).or_default() += 1;
            if matches!(outcome, Outcome::Accepted { .. }) {
                failures.push(format!("{}: accepted unexpectedly", case.name));
            }
            continue;
        }
        match (mutation, &outcome) {
            ("", Outcome::Accepted { .. }) => {
                accepted += 1;
                failures.extend(case.compare(&outcome));
            }
            ("", Outcome::Refused(code)) => failures.push(format!("{}: refused with {code}", case.name)),
            (_, Outcome::Accepted { .. }) => failures.push(format!("{}: accepted", case.name)),
            (_, Outcome::Refused(code)) => {
                refused += 1;
                if !codes.get(mutation).is_some_and(|fitting| fitting.contains(code)) {
                    failures.push(format!("{}: {code}, but {}", case.name, case.why()));
                }
            }
        }
    }
    say(&format!(
        "W3C vectors: {accepted} accepted, {refused} refused as expected, {later} not yet supported: {}",
        later_by_name
            .iter()
            .map(|(base, cases)| format!("{base} ({cases})"))
            .collect::<Vec<_>>()
            .join(", ")
    ));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!((accepted, refused, later), EXPECTED);
}
