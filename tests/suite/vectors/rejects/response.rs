//! Refusals of the JSON form and of the client data.

use serde_json::{Value, json};
use touchstone_webauthn::error::ErrorCode::*;

use super::{AUTH_DATA, CLIENT_DATA, Refusal, authenticated, authentication, bent, registered, registration};

/// 5.1: the JSON form.
pub(super) fn json_form() -> Vec<Refusal> {
    vec![
        (
            "not-json",
            CredentialMalformed,
            "credential",
            registered(|c| c["response"] = json!("{\"id\":")),
        ),
        (
            "not-an-object",
            CredentialMalformed,
            "credential",
            authenticated(|c| c["response"] = json!("[]")),
        ),
        (
            "id-is-a-number",
            CredentialMalformed,
            "id",
            authenticated(|c| c["response"]["id"] = json!(1)),
        ),
        (
            "no-raw-id",
            CredentialFieldMissing,
            "rawId",
            registered(|c| c["response"]["rawId"] = Value::Null),
        ),
        (
            "no-response",
            CredentialFieldMissing,
            "response",
            authenticated(|c| c["response"]["response"] = json!(1)),
        ),
        (
            "no-signature",
            CredentialFieldMissing,
            "response.signature",
            authenticated(|c| c["response"]["response"]["signature"] = Value::Null),
        ),
        (
            "client-data-too-large",
            CredentialTooLarge,
            CLIENT_DATA,
            registered(|c| c["response"]["response"]["clientDataJSON"] = json!("A".repeat(11_000))),
        ),
        (
            "type-not-public-key",
            CredentialTypeUnsupported,
            "type",
            authenticated(|c| c["response"]["type"] = json!("password")),
        ),
        (
            "id-not-raw-id",
            CredentialIdMismatch,
            "id",
            registered(|c| c["response"]["id"] = json!("AAAA")),
        ),
        (
            "id-not-on-record",
            CredentialIdMismatch,
            "rawId",
            authenticated(|c| c["credential"]["id"] = json!("AAAA")),
        ),
        (
            "id-not-attested",
            CredentialIdMismatch,
            "rawId",
            registered(|c| {
                c["response"]["id"] = json!("AAAA");
                c["response"]["rawId"] = json!("AAAA");
            }),
        ),
        (
            "id-too-long",
            CredentialIdTooLarge,
            "rawId",
            registered(|c| {
                c["response"]["id"] = json!("AAAA");
                c["response"]["rawId"] = json!("A".repeat(1365));
            }),
        ),
        (
            "attested-id-too-long",
            CredentialIdTooLarge,
            AUTH_DATA,
            bent(registration(|c| c.credential_id = vec![9; 1024]), |case| {
                case["response"]["id"] = json!("AAAA");
                case["response"]["rawId"] = json!("AAAA");
            }),
        ),
        (
            "not-allowed",
            CredentialIdForbidden,
            "rawId",
            authenticated(|c| c["allowCredentials"] = json!(["AAAA"])),
        ),
        (
            "handle-too-long",
            UserHandleMalformed,
            "response.userHandle",
            authentication(|c| c.user_handle = Some(vec![1; 65])),
        ),
        (
            "handle-of-another",
            UserHandleMismatch,
            "response.userHandle",
            authenticated(|c| c["credential"]["userHandle"] = json!("AAAA")),
        ),
        (
            "padded-signature",
            EncodingMalformed,
            "response.signature",
            authenticated(|c| {
                let padded = format!("{}=", c["response"]["response"]["signature"].as_str().unwrap());
                c["response"]["response"]["signature"] = json!(padded);
            }),
        ),
        (
            "raw-id-not-base64url",
            EncodingMalformed,
            "rawId",
            registered(|c| c["response"]["rawId"] = json!("+/+/")),
        ),
    ]
}

/// 7.1 steps 5 to 11, 7.2 steps 8 to 14.
pub(super) fn client_data() -> Vec<Refusal> {
    vec![
        (
            "client-data-not-json",
            ClientDataMalformed,
            CLIENT_DATA,
            authentication(|c| c.client_data_bytes = Some(b"{".to_vec())),
        ),
        (
            "client-data-trailing",
            ClientDataMalformed,
            CLIENT_DATA,
            registration(|c| c.client_data_bytes = Some(b"{}{}".to_vec())),
        ),
        (
            "client-data-duplicate",
            ClientDataMalformed,
            CLIENT_DATA,
            authentication(|c| {
                c.client_data_bytes = Some(br#"{"type":"webauthn.get","type":"webauthn.get"}"#.to_vec());
            }),
        ),
        (
            "type-of-registration",
            ClientDataTypeMismatch,
            "response.clientDataJSON.type",
            authentication(|c| c.client_data = json!({ "type": "webauthn.create" })),
        ),
        (
            "type-missing",
            ClientDataTypeMismatch,
            "response.clientDataJSON.type",
            authentication(|c| c.client_data_bytes = Some(b"{}".to_vec())),
        ),
        (
            "another-challenge",
            ChallengeMismatch,
            "response.clientDataJSON.challenge",
            authentication(|c| c.challenge = vec![1; 32]),
        ),
        (
            "another-port",
            OriginMismatch,
            "response.clientDataJSON.origin",
            authentication(|c| c.origin = "https://example.org:8443".into()),
        ),
        (
            "suffix-without-dot",
            OriginMismatch,
            "response.clientDataJSON.origin",
            registration(|c| c.origin = "https://evil-example.org".into()),
        ),
        (
            "framed",
            CrossOriginForbidden,
            "response.clientDataJSON.crossOrigin",
            authentication(|c| c.client_data = json!({ "crossOrigin": true })),
        ),
        (
            "top-origin-alone",
            CrossOriginForbidden,
            "response.clientDataJSON.crossOrigin",
            authentication(|c| c.client_data = json!({ "topOrigin": "https://example.com" })),
        ),
        (
            "another-top-origin",
            TopOriginMismatch,
            "response.clientDataJSON.topOrigin",
            bent(
                authentication(|c| c.client_data = json!({ "crossOrigin": true, "topOrigin": "https://example.net" })),
                |case| {
                    case["crossOrigin"] = json!(true);
                    case["expectedTopOrigin"] = json!("https://example.com");
                },
            ),
        ),
    ]
}
