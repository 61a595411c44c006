//! Refusals of statements, signatures, counters and policies.

use serde_json::json;
use touchstone_webauthn::Value as Cbor;
use touchstone_webauthn::error::ErrorCode::*;

use super::{AUTH_DATA, Refusal, STATEMENT, authenticated, authentication, bent, packed, registered, registration};
use crate::common::authenticator::{Key, cose_bytes};
use crate::common::encode;

/// 7.1 steps 21 and 22.
pub(super) fn statements() -> Vec<Refusal> {
    vec![
        (
            "unknown-format",
            AttestationFormatUnsupported,
            "response.attestationObject.fmt",
            registration(|c| c.format = "NONE"),
        ),
        (
            "certificates",
            AttestationFormatUnsupported,
            "response.attestationObject.attStmt.x5c",
            bent(packed(-7, &[0], Some(1)), |c| c["build"] = json!("core")),
        ),
        (
            "no-certificates",
            AttestationStatementMalformed,
            STATEMENT,
            packed(-7, &[0], Some(0)),
        ),
        (
            "statement-of-none",
            AttestationStatementMalformed,
            STATEMENT,
            registration(|c| {
                c.statement = Some(Cbor::Map(vec![("sig".into(), Cbor::Bytes(vec![0]))]));
            }),
        ),
        (
            "statement-without-algorithm",
            AttestationStatementMalformed,
            STATEMENT,
            registration(|c| {
                c.format = "packed";
                c.statement = Some(Cbor::Map(vec![("sig".into(), Cbor::Bytes(vec![0]))]));
            }),
        ),
        (
            "statement-of-another-algorithm",
            AttestationAlgorithmMismatch,
            STATEMENT,
            packed(-8, &[0], None),
        ),
        (
            "statement-not-signed",
            SignatureInvalid,
            "response.attestationObject.attStmt.sig",
            packed(-7, &[0], None),
        ),
    ]
}

/// 7.2 steps 21 and 22.
pub(super) fn signatures() -> Vec<Refusal> {
    vec![
        (
            "signature-of-another-key",
            SignatureInvalid,
            "response.signature",
            authenticated(|c| {
                c["credential"]["publicKey"] = json!(encode(&cose_bytes(&Key::es256(3).cose())));
            }),
        ),
        (
            "signature-empty",
            SignatureInvalid,
            "response.signature",
            authenticated(|c| c["response"]["response"]["signature"] = json!("")),
        ),
        (
            "signature-of-zeros",
            SignatureInvalid,
            "response.signature",
            authenticated(|c| {
                c["response"]["response"]["signature"] = json!(encode(&[0x30, 6, 2, 1, 0, 2, 1, 0]));
            }),
        ),
        (
            "counter-equal",
            SignatureCounterMismatch,
            AUTH_DATA,
            bent(authentication(|c| c.counter = 5), |case| {
                case["credential"]["counter"] = json!(5);
            }),
        ),
        (
            "counter-back-to-zero",
            SignatureCounterMismatch,
            AUTH_DATA,
            authenticated(|c| c["credential"]["counter"] = json!(1)),
        ),
    ]
}

/// The relying party's own mistakes.
pub(super) fn policies() -> Vec<Refusal> {
    vec![
        (
            "no-expected-challenge",
            PolicyMalformed,
            "expectedChallenge",
            registered(|c| c["expectedChallenge"] = json!("")),
        ),
        (
            "expected-origin-with-a-path",
            PolicyMalformed,
            "expectedOrigin",
            registered(|c| c["expectedOrigin"] = json!("https://example.org/")),
        ),
        (
            "no-expected-rp-id",
            PolicyMalformed,
            "expectedRPID",
            authenticated(|c| c["expectedRPID"] = json!("")),
        ),
    ]
}

/// If two things are wrong, then the order of the steps decides.
pub(super) fn order() -> Vec<Refusal> {
    vec![
        (
            "challenge-before-origin",
            ChallengeMismatch,
            "response.clientDataJSON.challenge",
            authentication(|c| {
                c.challenge = vec![1; 32];
                c.origin = "https://example.net".into();
            }),
        ),
        (
            "rp-id-before-flags-and-signature",
            RpIdMismatch,
            AUTH_DATA,
            bent(
                authentication(|c| {
                    c.rp_id = "example.net".into();
                    c.flags = 0;
                }),
                |case| case["response"]["response"]["signature"] = json!(""),
            ),
        ),
        (
            "signature-before-counter",
            SignatureInvalid,
            "response.signature",
            authenticated(|c| {
                c["credential"]["counter"] = json!(9);
                c["response"]["response"]["signature"] = json!("");
            }),
        ),
    ]
}
