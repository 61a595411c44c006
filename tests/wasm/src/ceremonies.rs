//! The ceremonies: every vector has the same result with the crate's functions and with its exports.

use serde_json::Value;
use touchstone_webauthn::error::Error;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::case::{Case, encode, parse_cases};
use crate::exports::{self, Refusal};

const ACCEPTS: &str = include_str!("../../vectors/accepts.json");
const REJECTS: &str = include_str!("../../vectors/rejects.json");
pub(crate) const ATTESTATION: &str = include_str!("../../vectors/attestation.json");

pub(crate) fn cases(text: &str) -> Vec<Case> {
    parse_cases(text).expect("a vector file")
}

/// The case with this name.
pub(crate) fn case(text: &str, name: &str) -> Case {
    cases(text).into_iter().find(|case| case.name == name).expect(name)
}

fn refusal(error: &Error) -> Refusal {
    Refusal {
        code: error.code.as_str().into(),
        field: error.field.into(),
    }
}

/// The result of both. Exports leave out the UP flag, because it is always required.
fn verify(case: &Case, exported: Result<Value, Refusal>) -> Result<Value, Refusal> {
    let native = case.verify().map_err(|error| refusal(&error)).map(|mut value| {
        value["flags"].as_object_mut().expect("flags").remove("up");
        value
    });
    assert_eq!(exported, native, "{}", case.name);
    native
}

fn expect_refused(case: &Case, exported: Result<Value, Refusal>) {
    let refused = verify(case, exported).expect_err(&case.name);
    assert_eq!(Some(refused.code), case.code, "{}", case.name);
    assert_eq!(Some(refused.field), case.field, "{}", case.name);
}

#[wasm_bindgen_test]
fn accepts_valid_ceremonies() {
    let cases = cases(ACCEPTS);
    for case in &cases {
        verify(case, exports::verify(case)).expect(&case.name);
    }
    assert_eq!(cases.len(), 16);
}

#[wasm_bindgen_test]
fn refuses_invalid_ceremonies_with_the_expected_code_and_field() {
    // Text that is not JSON reaches the exports as a string, which has no members.
    let (texts, cases): (Vec<Case>, Vec<Case>) = cases(REJECTS)
        .into_iter()
        .filter(Case::is_for_this_build)
        .partition(|case| case.response.is_string());
    for case in &cases {
        expect_refused(case, exports::verify(case));
    }
    for case in &texts {
        expect_refused(case, case.verify().map_err(|error| refusal(&error)));
        let refused = exports::verify(case).expect_err(&case.name);
        assert_eq!(
            [refused.code.as_str(), refused.field.as_str()],
            ["CREDENTIAL_MALFORMED", "id"]
        );
    }
    assert_eq!((cases.len(), texts.len()), (78, 2));
}

#[wasm_bindgen_test]
fn trusts_only_attestations_that_lead_to_an_anchor() {
    let (mut accepted, mut refused) = (0, 0);
    for case in cases(ATTESTATION) {
        let exported = exports::verify_attested(&case, None);
        if case.code.is_some() {
            expect_refused(&case, exported);
            refused += 1;
        } else {
            verify(&case, exported).expect(&case.name);
            let differences = case.compare(&case.run());
            assert!(differences.is_empty(), "{}", differences.join("\n"));
            accepted += 1;
        }
    }
    assert_eq!((accepted, refused), (34, 77));
}

#[wasm_bindgen_test]
fn the_export_with_every_format_agrees_with_the_other_one() {
    for mut case in cases(ACCEPTS)
        .into_iter()
        .filter(|case| case.ceremony == "registration")
    {
        case.attestation.now = Some(0);
        assert_eq!(
            exports::verify_attested(&case, None),
            exports::verify(&case),
            "{}",
            case.name
        );
    }
}

#[wasm_bindgen_test]
fn another_challenge_never_verifies() {
    for mut case in cases(ACCEPTS) {
        case.expected_challenge = encode(&[1; 32]);
        case.code = Some("CHALLENGE_MISMATCH".into());
        case.field = Some("response.clientDataJSON.challenge".into());
        expect_refused(&case, exports::verify(&case));
    }
}

#[wasm_bindgen_test]
fn another_origin_never_verifies() {
    for origin in [
        "https://example.com",
        "http://example.org",
        "https://example.org:444",
        "https://www.example.org",
    ] {
        for mut case in cases(ACCEPTS) {
            case.expected_origin = origin.into();
            case.code = Some("ORIGIN_MISMATCH".into());
            case.field = Some("response.clientDataJSON.origin".into());
            expect_refused(&case, exports::verify(&case));
        }
    }
}

#[wasm_bindgen_test]
fn a_flipped_bit_of_a_signature_never_verifies() {
    let signed = case(ACCEPTS, "ES256/authentication");
    let bits = signed.member("signature").len() * 8;
    for bit in 0..bits {
        let mut case = flipped(&signed, "signature", bit);
        case.code = Some("SIGNATURE_INVALID".into());
        case.field = Some("response.signature".into());
        expect_refused(&case, exports::verify(&case));
    }
}

/// Flips one bit of each byte. The crate's own tests cover RS256: its arithmetic takes a minute if std is not
/// optimized.
#[wasm_bindgen_test]
fn a_changed_signed_byte_never_verifies() {
    for algorithm in ["ES256", "EdDSA"] {
        let signed = case(ACCEPTS, &format!("{algorithm}/authentication"));
        for member in ["clientDataJSON", "authenticatorData", "signature"] {
            for place in 0..signed.member(member).len() {
                let case = flipped(&signed, member, place * 8 + place % 8);
                assert!(verify(&case, exports::verify(&case)).is_err(), "{}", case.name);
            }
        }
    }
}

fn flipped(case: &Case, member: &str, bit: usize) -> Case {
    let mut bytes = case.member(member);
    bytes[bit / 8] ^= 1 << (bit % 8);
    let mut flipped = case.with_member(member, &bytes);
    flipped.name = format!("{}: bit {bit} of {member}", case.name);
    flipped
}
