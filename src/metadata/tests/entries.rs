//! Entries: what is read of them, and how a policy judges them.

use super::*;
use crate::attestation::AttestationType;

fn entry(statement: &str, reports: &str) -> Result<MetadataEntry> {
    MetadataEntry::parse(&format!(
        r#"{{"aaguid":"{AAGUID}","metadataStatement":{{{statement}}},"statusReports":[{reports}],"timeOfLastStatusChange":"2024-01-01"}}"#
    ))
}

#[test]
fn reads_an_entry() {
    let root = root();
    let statement = format!(
        r#""legalHeader":"none","description":"A key","authenticatorVersion":2,"upv":[{{"major":1,"minor":0}}],
        "attestationTypes":["basic_full"],"attestationRootCertificates":["{}"],"icon":"data:image/png;base64,AAAA""#,
        STANDARD.encode(&root)
    );
    let report = r#"{"status":"FIDO_CERTIFIED_L1","effectiveDate":"2024-01-01","certificate":"","url":"",
        "authenticatorVersion":2,"certificationDescriptor":"A key"}"#;
    let entry = entry(&statement, report).unwrap();
    assert_eq!(entry.aaguid, Some(AAGUID_BYTES));
    assert_eq!(entry.description.as_deref(), Some("A key"));
    assert_eq!(entry.icon.as_deref(), Some("data:image/png;base64,AAAA"));
    assert_eq!(
        entry.attestation_root_certificates,
        [TrustAnchor::from_der(&root).unwrap()]
    );
    assert_eq!(entry.unreadable_root_certificates, 0);
    assert_eq!(entry.attestation_types, ["basic_full"]);
    assert_eq!(entry.time_of_last_status_change.as_deref(), Some("2024-01-01"));
    let [report] = entry.status_reports.as_slice() else {
        panic!()
    };
    assert_eq!(report.status, "FIDO_CERTIFIED_L1");
    assert_eq!(report.effective_date, Some(1_704_067_200));
    assert_eq!(report.authenticator_version, Some(2));
    assert_eq!((&report.certificate, &report.url), (&None, &None));
}

#[test]
fn one_bad_root_does_not_lose_the_others() {
    let text = STANDARD.encode(root());
    let (begin, end) = text.split_at(70);
    let statement = format!(
        r#""attestationRootCertificates":["\t{begin}\r\n{end} ","AAAA","{begin}","","{}"]"#,
        STANDARD.encode(intermediate())
    );
    let entry = entry(&statement, "").unwrap();
    assert_eq!(entry.attestation_root_certificates.len(), 2);
    assert_eq!(entry.unreadable_root_certificates, 3);
}

#[test]
fn leaves_out_icons_that_are_not_pictures() {
    let icon = |url: &str| entry(&format!(r#""icon":"{url}""#), "").unwrap().icon.is_some();
    assert!(icon("data:image/svg+xml;base64,AA") && icon("DATA:image/png;base64,AA"));
    let long = format!("data:image/png;base64,{}", "A".repeat(ICON_LEN));
    for url in [
        "",
        "https://example.org/a.png",
        "javascript:x",
        "data:text/html,x",
        "dätä:image/png",
        &long,
    ] {
        assert!(!icon(url), "{:.30}", url);
    }
}

#[test]
fn refuses_json_that_is_not_an_entry() {
    for json in [
        "",
        "[]",
        "null",
        "{}",
        r#"{"statusReports":null}"#,
        r#"{"statusReports":{}}"#,
        r#"{"statusReports":["REVOKED"]}"#,
        r#"{"statusReports":[["REVOKED"]]}"#,
        r#"{"statusReports":[{}]}"#,
        r#"{"statusReports":[{"status":1}]}"#,
        r#"{"statusReports":[{"status":"A","status":"B"}]}"#,
        r#"{"statusReports":[],"statusReports":[]}"#,
        r#"{"statusReports":[],"metadataStatement":[]}"#,
        r#"{"statusReports":[],"metadataStatement":{"attestationTypes":[15879]}}"#,
        r#"{"statusReports":[]}x"#,
    ] {
        assert_refused(MetadataEntry::parse(json), ErrorCode::MetadataMalformed, ENTRY);
    }
    let long = format!(r#"{{"statusReports":[]}}{}"#, " ".repeat(ENTRY_LEN));
    assert_refused(MetadataEntry::parse(&long), ErrorCode::MetadataTooLarge, ENTRY);
    let bare = MetadataEntry::parse(r#"{"statusReports":[],"metadataStatement":null,"aaguid":null}"#).unwrap();
    assert_eq!((bare.aaguid, bare.description), (None, None));
}

#[test]
fn knows_the_attestation_types_of_a_model() {
    use AttestationType::{AnonCa, AttCa, Basic, None, SelfAttestation};
    let lists = |types: &str| {
        let entry = entry(&format!(r#""attestationTypes":[{types}]"#), "").unwrap();
        [None, SelfAttestation, Basic, AttCa, AnonCa].map(|attestation_type| entry.lists(attestation_type))
    };
    assert_eq!(lists(""), [true; 5]);
    assert_eq!(lists(r#""basic_surrogate""#), [false, true, false, false, false]);
    assert_eq!(lists(r#""basic_full""#), [false, false, true, true, false]);
    assert_eq!(lists(r#""ecdaa","attca""#), [false, false, true, true, false]);
    assert_eq!(lists(r#""anonca""#), [false, false, false, false, true]);
}

fn status(reports: &str, policy: &StatusPolicy, certificates: &[Vec<u8>]) -> Result<()> {
    entry("", reports).unwrap().check_status(policy, certificates, NOW)
}

#[track_caller]
fn assert_status(reports: &str, accepted: bool) {
    let result = status(reports, &StatusPolicy::default(), &[root()]);
    let expected = if accepted {
        None
    } else {
        Some(ErrorCode::AuthenticatorStatusForbidden)
    };
    assert_eq!(result.err().map(|error| error.code), expected, "{reports}");
}

#[test]
fn refuses_models_that_were_broken() {
    for bad in [
        "REVOKED",
        "USER_VERIFICATION_BYPASS",
        "ATTESTATION_KEY_COMPROMISE",
        "USER_KEY_REMOTE_COMPROMISE",
        "USER_KEY_PHYSICAL_COMPROMISE",
    ] {
        assert_status(&format!(r#"{{"status":"{bad}"}}"#), false);
        // Reports before or after it do not cancel it.
        let certified = r#"{"status":"FIDO_CERTIFIED_L2"}"#;
        assert_status(
            &format!(r#"{certified},{{"status":"{bad}"}},{{"status":"UPDATE_AVAILABLE"}}"#),
            false,
        );
        assert_status(&format!(r#"{{"status":"{bad}"}},{certified}"#), false);
    }
    for good in [
        "FIDO_CERTIFIED",
        "NOT_FIDO_CERTIFIED",
        "UPDATE_AVAILABLE",
        "SELF_ASSERTION_SUBMITTED",
        "revoked",
        "",
    ] {
        assert_status(&format!(r#"{{"status":"{good}"}}"#), true);
    }
    assert_status("", true);
}

#[test]
fn the_caller_s_list_decides() {
    let policy = StatusPolicy {
        refused: ["NOT_FIDO_CERTIFIED".into()].to_vec(),
    };
    assert_eq!(status(r#"{"status":"REVOKED"}"#, &policy, &[]), Ok(()));
    assert_refused(
        status(r#"{"status":"NOT_FIDO_CERTIFIED"}"#, &policy, &[]),
        ErrorCode::AuthenticatorStatusForbidden,
        "metadata.entry.statusReports",
    );
}

#[test]
fn a_report_counts_from_its_day_on() {
    let since = |date: &str| format!(r#"{{"status":"REVOKED","effectiveDate":"{date}"}}"#);
    assert_status(&since("2025-06-14"), false);
    assert_status(&since(TODAY), false);
    assert_status(&since("2025-06-16"), true);
    // A report with an invalid date still counts.
    for date in ["", "tomorrow", "2025-6-16", "2025-06-31"] {
        assert_status(&since(date), false);
    }
}

#[test]
fn a_compromised_key_concerns_its_own_certificate() {
    let report = |status: &str, certificate: &str| format!(r#"{{"status":"{status}","certificate":"{certificate}"}}"#);
    let (own, other) = (STANDARD.encode(root()), STANDARD.encode(intermediate()));
    assert_status(&report("ATTESTATION_KEY_COMPROMISE", &own), false);
    assert_status(&report("ATTESTATION_KEY_COMPROMISE", &other), true);
    assert_status(&report("ATTESTATION_KEY_COMPROMISE", &format!("{}\\n", own)), false);
    // An unreadable certificate may be any certificate.
    for unreadable in ["", "?", "AAA"] {
        assert_status(&report("ATTESTATION_KEY_COMPROMISE", unreadable), false);
    }
    // For other statuses, the certificate is only information.
    assert_status(&report("REVOKED", &other), false);
    // The key did not sign a statement without certificates.
    let own = report("ATTESTATION_KEY_COMPROMISE", &own);
    assert_eq!(status(&own, &StatusPolicy::default(), &[]), Ok(()));
}
