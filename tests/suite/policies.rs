//! A policy that reports a deviation accepts exactly what the strict policy refuses for it, and nothing else.

use std::path::Path;

use touchstone_webauthn::authentication::{Authentication, AuthenticationPolicy, BackupEligibilityPolicy};
use touchstone_webauthn::error::{Error, ErrorCode};

use crate::common::{self, Case};

fn eligibility_changed() -> Case {
    let mut cases =
        common::read_cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/rejects.json")).into_iter();
    cases
        .find(|case| case.name == "eligibility-changed/authentication")
        .unwrap()
}

fn report(policy: &mut AuthenticationPolicy) {
    policy.backup_eligibility = BackupEligibilityPolicy::Report;
}

fn verify(case: &Case, adjust: impl FnOnce(&mut AuthenticationPolicy)) -> Result<Authentication, Error> {
    case.authenticate(&case.response.to_string(), adjust)
}

#[test]
fn changed_backup_eligibility_is_refused_or_reported() {
    let case = eligibility_changed();
    let refused = verify(&case, |_| {}).unwrap_err();
    assert_eq!(refused.code, ErrorCode::BackupEligibilityMismatch);
    let verified = verify(&case, report).unwrap();
    assert!(verified.backup_eligibility_changed && verified.flags.backup_eligible());
}

#[test]
fn eligibility_as_on_record_is_no_change() {
    for stored in [Some(true), None] {
        let mut case = eligibility_changed();
        case.credential.as_mut().unwrap().backup_eligible = stored;
        assert!(!verify(&case, report).unwrap().backup_eligibility_changed, "{stored:?}");
    }
}

#[test]
fn the_flag_is_signed() {
    let mut case = eligibility_changed();
    let mut data = case.member("authenticatorData");
    // The BE flag, with which the BS flag would go.
    data[32] &= !0b0001_1000;
    case = case.with_member("authenticatorData", &data);
    assert_eq!(verify(&case, report).unwrap_err().code, ErrorCode::SignatureInvalid);
}
