//! The W3C test vectors of Level 3, section 16, and the refusals made from them, if the folder is present. The
//! attestations must lead to the vectors' root.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use crate::common::{self, Case, Outcome};

/// The numbers of accepted vectors and of refusals with the right code.
const EXPECTED: (usize, usize) = (30, 467);

/// Prints a line that the test harness shows even if the test passes.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

#[test]
fn accepts_the_vectors_and_refuses_their_mutations_with_a_fitting_code() {
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

    let (mut accepted, mut refused) = (0, 0);
    let mut failures = Vec::new();
    let (vectors, mutations) = (read("w3c-webauthn-l3.json"), read("w3c-webauthn-l3-mutations.json"));
    for case in vectors.iter().chain(&mutations) {
        let (_, mutation) = case.name.split_once('#').unwrap_or((&case.name, ""));
        let outcome = case.run();
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
        "W3C vectors: {accepted} accepted, {refused} refused as expected"
    ));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!((accepted, refused), EXPECTED);
}
