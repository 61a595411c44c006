//! Attestation statements, one target per format: a registration of the vectors with another statement. The fuzzer
//! cannot sign, so trusted statements were signed when the vectors were made.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ciborium::Value;

use crate::attestation::{AndroidKeySecurity, AttestationObject, Rs1, TpmManufacturers};
use crate::certificates;
use crate::credential::RegistrationResponse;
use crate::input::Input;
use crate::parsers::write;
use crate::policy::Requirement;
use crate::registration::{self, RegistrationPolicy};
use crate::seeds::{self, Case};
use crate::x509::TrustAnchor;

/// The trusted registrations of each format.
static CASES: LazyLock<BTreeMap<String, Vec<Case>>> = LazyLock::new(|| {
    let mut cases = BTreeMap::<String, Vec<Case>>::new();
    for case in seeds::attested() {
        if let Some(format) = case.format().filter(|_| case.trusted) {
            cases.entry(format).or_default().push(case);
        }
    }
    cases
});

pub(crate) fn packed(data: &[u8]) {
    run("packed", data);
}

pub(crate) fn tpm(data: &[u8]) {
    run("tpm", data);
}

pub(crate) fn android_key(data: &[u8]) {
    run("android-key", data);
}

pub(crate) fn apple(data: &[u8]) {
    run("apple", data);
}

pub(crate) fn fido_u2f(data: &[u8]) {
    run("fido-u2f", data);
}

pub(crate) fn android_safetynet(data: &[u8]) {
    run("android-safetynet", data);
}

pub(crate) fn compound(data: &[u8]) {
    run("compound", data);
}

/// Runs a registration with options of the policy and the statement in CBOR.
fn run(format: &str, data: &[u8]) {
    let cases = &CASES[format];
    let mut input = Input(data);
    let case = &cases[input.choice(cases.len())];
    let options = input.byte();
    let policy = policy(case, options);
    let response = RegistrationResponse {
        raw_id: case.raw_id.clone(),
        client_data_json: case.member("clientDataJSON").expect("client data"),
        attestation_object: object(case, format, input.0),
    };
    let verified = registration::verify(&response, &policy);
    assert_eq!(registration::verify(&response, &policy), verified);
    let Ok(verified) = verified else { return };
    let attestation = verified.attestation;
    assert_eq!(attestation.format, format);
    assert_eq!(attestation.trusted, attestation.anchor.is_some());
    assert!(attestation.trusted || options & 1 == 0, "accepted without trust");
    if attestation.trusted {
        let leaf = attestation
            .certificates
            .first()
            .expect("what is trusted has certificates");
        assert!(certificates::was_signed(leaf), "trusts what was never signed");
    }
}

fn policy(case: &Case, options: u8) -> RegistrationPolicy {
    let mut policy = RegistrationPolicy::new(&case.expected_challenge, &case.expected_origin, &case.expected_rp_id);
    let attestation = &mut policy.attestation;
    attestation.trust_anchors = vec![TrustAnchor::from_der(certificates::root()).expect("the root of the vectors")];
    attestation.now = Some(certificates::now());
    if options & 1 == 1 {
        attestation.trust = Requirement::Required;
    }
    if options & 2 == 2 {
        attestation.tpm_manufacturers = TpmManufacturers::Any;
        attestation.android_key_security = AndroidKeySecurity::TrustedEnvironment;
        attestation.rs1 = Rs1::Allow;
    }
    // SafetyNet must be named, in a compound too.
    let formats = [
        "android-key",
        "android-safetynet",
        "apple",
        "compound",
        "fido-u2f",
        "none",
        "packed",
        "tpm",
    ];
    attestation.formats = formats.map(String::from).to_vec();
    policy
}

/// The attestation object with these bytes as its statement. The CBOR of a map is its members, one after the other.
fn object(case: &Case, format: &str, statement: &[u8]) -> Vec<u8> {
    let text = |text: &str| write(&Value::Text(text.into()));
    [
        &[0xa3][..],
        &text("fmt"),
        &text(format),
        &text("attStmt"),
        statement,
        &text("authData"),
        &write(&Value::Bytes(case.object().authenticator_data)),
    ]
    .concat()
}

/// Statements of the format, including refused ones, for the first of its registrations; and statements of other
/// formats, from which mutations copy.
pub(crate) fn seeds(format: &str) -> Vec<Vec<u8>> {
    let seed = |place: usize, object: AttestationObject| [&[place as u8, 1][..], &write(&object.statement)].concat();
    let trusted = CASES[format].iter().enumerate();
    let trusted = trusted.map(|(place, case)| seed(place, case.object()));
    let refused = seeds::attested().into_iter().filter(|case| !case.trusted);
    let refused = refused.filter(|case| case.format().as_deref() == Some(format));
    let others = CASES.iter().filter(|(other, _)| *other != format);
    trusted
        .chain(refused.map(|case| seed(0, case.object())))
        .chain(others.map(|(_, cases)| seed(0, cases[0].object())))
        .collect()
}
