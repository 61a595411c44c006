//! Whole verifications of this crate, native, on the vectors of its tests: `cargo bench`. `make bench` measures the
//! package for JavaScript and its peers.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark that cannot run has nothing else to say"
)]

use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{Criterion, criterion_group, criterion_main};
use serde::Deserialize;
use serde_json::Value;
use touchstone_webauthn::authentication::{self, AuthenticationPolicy, CredentialRecord};
use touchstone_webauthn::credential::{AuthenticationResponse, RegistrationResponse};
use touchstone_webauthn::registration::{self, RegistrationPolicy};

/// The vectors of the plain ceremonies. The others differ only in parts that cost nothing.
const REGISTRATIONS: [&str; 2] = ["none.ES256/registration", "packed-self.ES256/registration"];
const AUTHENTICATIONS: [&str; 3] = ["ES256/authentication", "EdDSA/authentication", "RS256/authentication"];

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    expected_challenge: String,
    expected_origin: String,
    #[serde(rename = "expectedRPID")]
    expected_rp_id: String,
    credential: Option<Credential>,
    response: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    id: String,
    public_key: String,
    counter: u32,
}

fn case(name: &str) -> Case {
    let file: File = serde_json::from_str(include_str!("../tests/vectors/accepts.json")).expect("the file of vectors");
    let mut cases = file.cases.into_iter();
    cases.find(|case| case.name == name).expect("a vector of this name")
}

fn decode(base64url: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(base64url).expect("base64url")
}

fn authenticate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("authentication::verify");
    for name in AUTHENTICATIONS {
        let case = case(name);
        let credential = case.credential.as_ref().expect("an authentication has a credential");
        let record = CredentialRecord::new(
            &decode(&credential.id),
            &decode(&credential.public_key),
            credential.counter,
        );
        let policy = AuthenticationPolicy::new(&case.expected_challenge, &case.expected_origin, &case.expected_rp_id);
        let response = AuthenticationResponse::from_json(&case.response.to_string()).expect("a response");
        group.bench_function(name, |bencher| {
            bencher.iter(|| authentication::verify(black_box(&response), &record, &policy).expect("verified"));
        });
    }
    group.finish();
}

fn register(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("registration::verify");
    for name in REGISTRATIONS {
        let case = case(name);
        let policy = RegistrationPolicy::new(&case.expected_challenge, &case.expected_origin, &case.expected_rp_id);
        let response = RegistrationResponse::from_json(&case.response.to_string()).expect("a response");
        group.bench_function(name, |bencher| {
            bencher.iter(|| registration::verify(black_box(&response), &policy).expect("verified"));
        });
    }
    group.finish();
}

criterion_group!(benches, authenticate, register);
criterion_main!(benches);
