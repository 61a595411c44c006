use alloc::format;

use super::*;
use crate::error::ErrorCode::*;

fn assertion(members: &str, response: &str) -> Result<AuthenticationResponse> {
    AuthenticationResponse::from_json(&format!(r#"{{{members},"response":{{{response}}}}}"#))
}

const MEMBERS: &str = r#""id":"AQID","rawId":"AQID","type":"public-key""#;
const RESPONSE: &str = r#""clientDataJSON":"e30","authenticatorData":"AA","signature":"AA""#;

#[test]
fn reads_an_assertion() {
    let read = assertion(MEMBERS, RESPONSE).unwrap();
    assert_eq!(read.raw_id, [1, 2, 3]);
    assert_eq!(read.client_data_json, b"{}");
    assert_eq!(read.user_handle, None);
}

#[test]
fn reads_a_null_or_empty_user_handle_as_none() {
    for none in ["null", "\"\""] {
        let read = assertion(MEMBERS, &format!(r#"{RESPONSE},"userHandle":{none}"#)).unwrap();
        assert_eq!(read.user_handle, None);
    }
    let read = assertion(MEMBERS, &format!(r#"{RESPONSE},"userHandle":"AQ""#)).unwrap();
    assert_eq!(read.user_handle.as_deref(), Some(&[1][..]));
}

#[test]
fn ignores_members_that_it_does_not_need() {
    let members = format!(r#"{MEMBERS},"authenticatorAttachment":7,"clientExtensionResults":null"#);
    assert!(assertion(&members, &format!(r#"{RESPONSE},"publicKey":[]"#)).is_ok());
}

#[test]
fn refuses_other_types_lengths_and_encodings() {
    let long = "A".repeat(20_000);
    for (members, response, code, field) in [
        (
            r#""rawId":"AQID","type":"public-key""#,
            RESPONSE,
            CredentialFieldMissing,
            "id",
        ),
        (
            r#""id":"","rawId":"","type":"public-key""#,
            RESPONSE,
            CredentialFieldMissing,
            "rawId",
        ),
        (
            r#""id":"AQID","rawId":{},"type":"public-key""#,
            RESPONSE,
            CredentialMalformed,
            "rawId",
        ),
        (
            r#""id":"AQID","rawId":"AQID""#,
            RESPONSE,
            CredentialFieldMissing,
            "type",
        ),
        (
            r#""id":"AQID","rawId":"AQID","type":"""#,
            RESPONSE,
            CredentialTypeUnsupported,
            "type",
        ),
        // Leftover bits: another text for the same bytes.
        (
            r#""id":"AR","rawId":"AR","type":"public-key""#,
            RESPONSE,
            EncodingMalformed,
            "rawId",
        ),
        (
            MEMBERS,
            r#""clientDataJSON":"e30""#,
            CredentialFieldMissing,
            "response.authenticatorData",
        ),
        (
            MEMBERS,
            r#""clientDataJSON":"e30=","authenticatorData":"AA","signature":"AA""#,
            EncodingMalformed,
            "response.clientDataJSON",
        ),
        (
            MEMBERS,
            r#""clientDataJSON":"e 30","authenticatorData":"AA","signature":"AA""#,
            EncodingMalformed,
            "response.clientDataJSON",
        ),
        (
            MEMBERS,
            &format!(r#""clientDataJSON":"{long}","authenticatorData":"AA","signature":"AA""#),
            CredentialTooLarge,
            "response.clientDataJSON",
        ),
    ] {
        let error = assertion(members, response).unwrap_err();
        assert_eq!((error.code, error.field), (code, field), "{members} {response:.60}");
    }
}

#[test]
fn refuses_deeply_nested_json() {
    let error = RegistrationResponse::from_json(&"[".repeat(1_000_000)).unwrap_err();
    assert_eq!(error.code, CredentialMalformed);
}
