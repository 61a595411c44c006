//! Whole verifications. The fuzzer has no private keys, so accepted data was signed when the vectors were made, and a
//! registered credential can sign in.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::authentication::{self, AuthenticationPolicy, CredentialRecord};
use crate::client_data;
use crate::cose::CredentialPublicKey;
use crate::credential::{AuthenticationResponse, RegistrationResponse};
use crate::input::{Input, counted};
use crate::policy::{CrossOrigin, Requirement};
use crate::registration::{self, RegistrationPolicy};
use crate::seeds::{self, Case};

/// The only values in which the vectors differ.
const TOP_ORIGIN: &str = "https://example.com";

static CASES: LazyLock<Vec<Case>> = LazyLock::new(seeds::accepted);

/// The data signed when the vectors were made, including vectors that are refused for another reason.
static SIGNED: LazyLock<BTreeSet<Vec<u8>>> = LazyLock::new(|| {
    let signed = |case: &Case| {
        Some(signed(
            &case.member("authenticatorData")?,
            &case.member("clientDataJSON")?,
        ))
    };
    seeds::all().iter().filter_map(signed).collect()
});

/// Algorithms of all kinds, with none or self attestation.
pub(crate) fn registration(data: &[u8]) {
    let case = &CASES[0];
    let mut input = Input(data);
    let options = input.byte();
    let response = RegistrationResponse {
        raw_id: input.counted().to_vec(),
        client_data_json: input.counted().to_vec(),
        attestation_object: input.0.to_vec(),
    };
    let mut policy = RegistrationPolicy::new(&case.expected_challenge, &case.expected_origin, &case.expected_rp_id);
    loosen(&mut policy.common, options);
    policy.algorithms.extend([
        -9, -19, -35, -36, -37, -38, -39, -47, -48, -49, -50, -51, -52, -53, -258, -259,
    ]);
    let Ok(verified) = registration::verify(&response, &policy) else {
        return;
    };
    assert_eq!(verified.credential_id, response.raw_id);
    assert!(policy.algorithms.contains(&verified.algorithm));
    assert!(verified.flags.user_present() && (options & 1 == 1 || verified.flags.user_verified()));
    let stored = CredentialPublicKey::parse("stored", &verified.credential_public_key);
    let stored = stored.expect("what was registered is a COSE key");
    assert_eq!(stored.algorithm, verified.algorithm);
    stored.public_key().expect("what was registered can sign in");
    assert_eq!(registration::verify(&response, &policy), Ok(verified));
}

/// An assertion with one of the vectors' records.
pub(crate) fn authentication(data: &[u8]) {
    let mut input = Input(data);
    let case = &CASES[input.choice(CASES.len())];
    let options = input.byte();
    let response = AuthenticationResponse {
        raw_id: case.raw_id.clone(),
        client_data_json: input.counted().to_vec(),
        authenticator_data: input.counted().to_vec(),
        signature: input.counted().to_vec(),
        user_handle: Some(input.0.to_vec()).filter(|handle| !handle.is_empty()),
    };
    let record = CredentialRecord::new(&case.raw_id, &case.public_key, 0);
    let mut policy = AuthenticationPolicy::new(&case.expected_challenge, &case.expected_origin, &case.expected_rp_id);
    loosen(&mut policy.common, options);
    let Ok(verified) = authentication::verify(&response, &record, &policy) else {
        return;
    };
    assert!(
        SIGNED.contains(&signed(&response.authenticator_data, &response.client_data_json)),
        "accepted what was never signed"
    );
    assert!(!verified.counter_regressed && !verified.backup_eligibility_changed);
    assert_eq!(authentication::verify(&response, &record, &policy), Ok(verified));
}

fn signed(authenticator_data: &[u8], client_data_json: &[u8]) -> Vec<u8> {
    [authenticator_data, &client_data::hash(client_data_json)].concat()
}

fn loosen(policy: &mut crate::policy::Policy, options: u8) {
    if options & 1 == 1 {
        policy.user_verification = Requirement::NotRequired;
    }
    if options & 2 == 2 {
        policy.cross_origin = CrossOrigin::Allow;
        policy.top_origins.push(TOP_ORIGIN.into());
    }
}

pub(crate) fn registration_seeds(cases: &[Case]) -> Vec<Vec<u8>> {
    let seed = |case: &Case| {
        let object = case.member("attestationObject")?;
        let client_data = case.member("clientDataJSON")?;
        Some([&[2][..], &counted(&case.raw_id), &counted(&client_data), &object].concat())
    };
    cases.iter().filter_map(seed).collect()
}

/// The accepted cases first. Their positions in the file are also the numbers of their records.
pub(crate) fn authentication_seeds(cases: &[Case]) -> Vec<Vec<u8>> {
    let seed = |(i, case): (usize, &Case)| {
        let client_data = counted(&case.member("clientDataJSON")?);
        let data = counted(&case.member("authenticatorData")?);
        let signature = counted(&case.member("signature")?);
        let record = if i < CASES.len() { i } else { 2 };
        let start = [record as u8, 2];
        let handle = case.member("userHandle").unwrap_or_default();
        Some([&start[..], &client_data, &data, &signature, &handle].concat())
    };
    cases.iter().enumerate().filter_map(seed).collect()
}
