//! The project's own vectors, `tests/vectors/*.json`: made by a software authenticator from fixed keys, shared with the
//! tests of the wasm package. `BLESS=1` writes them, a plain run compares and runs them; attestation.json is written by
//! `src/attestation/vectors.rs`.

#![allow(
    clippy::allow_attributes,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::semicolon_if_nothing_returned,
    clippy::type_complexity,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test states what it expects by panicking"
)]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use common::authenticator::{BE, BS, Ceremony, ED, Key, UP, UV, attestation_object, cbor_bytes, cose_bytes};
use common::{Case, Outcome, encode};
use serde_json::{Value, json};
use touchstone_webauthn::Value as Cbor;
use touchstone_webauthn::error::ErrorCode;

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(file)
}

/// Writes or compares a file of cases, and reads it back as the other languages do.
fn fresh(file: &str, cases: Vec<Value>) -> Vec<Case> {
    let text = serde_json::to_string_pretty(&json!({ "cases": cases })).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path(file), &text).unwrap();
    }
    let found = std::fs::read_to_string(path(file)).unwrap_or_default();
    assert!(found == text, "tests/vectors/{file} is out of date: run `make gen`");
    common::read_cases(&path(file))
}

#[test]
fn accepts_what_is_right() {
    for case in fresh("accepts.json", accepts()) {
        match case.run() {
            Outcome::Accepted(_) => {}
            Outcome::Refused(code) => panic!("{}: {code}", case.name),
        }
    }
}

#[test]
fn refuses_what_is_wrong_with_its_code_and_field() {
    for case in fresh("rejects.json", rejects())
        .iter()
        .filter(|case| case.is_for_this_build())
    {
        refuses(case);
    }
}

fn refuses(case: &Case) {
    let error = case.verify().expect_err(&case.name);
    assert_eq!(
        Some(error.code.as_str()),
        case.code.as_deref(),
        "{}: {error}",
        case.name
    );
    assert_eq!(Some(error.field), case.field.as_deref(), "{}: {error}", case.name);
}

#[cfg(feature = "attestation")]
#[test]
fn trusts_attestations_that_lead_to_an_anchor_and_no_others() {
    let (mut accepted, mut refused) = (0, 0);
    for case in common::read_cases(&path("attestation.json")) {
        if case.code.is_some() {
            refuses(&case);
            refused += 1;
        } else {
            let differences = case.compare(&case.run());
            assert!(differences.is_empty(), "{}", differences.join("\n"));
            accepted += 1;
        }
    }
    assert_eq!((accepted, refused), ATTESTATION_CASES);
}

/// Of these formats every byte is signed, those of the certificates too, if trust is asked for.
#[cfg(feature = "attestation")]
#[test]
fn a_flipped_bit_of_a_trusted_attestation_never_verifies() {
    let signed = ["packed", "tpm.ES256", "apple", "android-key.strong-box"].map(|name| format!("{name}/registration"));
    let cases = common::read_cases(&path("attestation.json"));
    let cases: Vec<&Case> = cases.iter().filter(|case| signed.contains(&case.name)).collect();
    assert_eq!(cases.len(), signed.len());
    for case in cases {
        let object = case.member("attestationObject");
        for place in 0..object.len() {
            let mut bent = object.clone();
            bent[place] ^= 1 << (place % 8);
            let outcome = case.with_member("attestationObject", &bent).run();
            assert!(matches!(outcome, Outcome::Refused(_)), "{}: byte {place}", case.name);
        }
    }
}

/// Accepted and refused; a file that lost its cases would pass otherwise.
#[cfg(feature = "attestation")]
const ATTESTATION_CASES: (usize, usize) = (34, 77);

/// Metadata is no part of a registration: the tests in `src/metadata` have its refusals.
const WITHOUT_VECTORS: &[ErrorCode] = &[
    ErrorCode::MetadataMalformed,
    ErrorCode::MetadataTooLarge,
    ErrorCode::MetadataExpired,
    ErrorCode::MetadataNumberMismatch,
    ErrorCode::MetadataUntrusted,
    ErrorCode::MetadataMissing,
    ErrorCode::AuthenticatorStatusForbidden,
];

#[test]
fn every_code_has_a_vector_that_it_refuses() {
    let rejects = rejects();
    let attestation = common::read_cases(&path("attestation.json"));
    let refused: BTreeSet<&str> = rejects
        .iter()
        .filter_map(|case| case["code"].as_str())
        .chain(attestation.iter().filter_map(|case| case.code.as_deref()))
        .collect();
    for code in ErrorCode::ALL.iter().filter(|code| !WITHOUT_VECTORS.contains(code)) {
        assert!(refused.contains(code.as_str()), "{} is dead or untested", code.as_str());
    }
}

fn ceremony(bend: impl FnOnce(&mut Ceremony)) -> Ceremony {
    let mut ceremony = Ceremony::new(Key::es256(1));
    bend(&mut ceremony);
    ceremony
}

fn bent(mut case: Value, bend: impl FnOnce(&mut Value)) -> Value {
    bend(&mut case);
    case
}

fn accepts() -> Vec<Value> {
    let mut cases = Vec::new();
    let keys: [(&str, fn() -> Key); 3] = [
        ("ES256", || Key::es256(1)),
        ("EdDSA", || Key::eddsa(2)),
        ("RS256", Key::rs256),
    ];
    for (name, key) in keys {
        cases.push(Ceremony::new(key()).registration(&format!("none.{name}/registration")));
        let mut packed = Ceremony::new(key());
        packed.format = "packed";
        cases.push(packed.registration(&format!("packed-self.{name}/registration")));
        cases.push(Ceremony::new(key()).authentication(&format!("{name}/authentication")));
    }
    let counted = ceremony(|c| c.counter = 7).authentication("counter-increased/authentication");
    cases.push(bent(counted, |case| case["credential"]["counter"] = json!(6)));
    cases.push(ceremony(|c| c.user_handle = None).authentication("no-user-handle/authentication"));
    let known = ceremony(|_| {}).authentication("known-user-handle/authentication");
    cases.push(bent(known, |case| {
        case["credential"]["userHandle"] = json!(encode(b"handle of the user"));
        case["credential"]["backupEligible"] = json!(true);
        case["allowCredentials"] = json!([case["credential"]["id"]]);
    }));
    let framed = json!({ "crossOrigin": true, "topOrigin": "https://example.com" });
    let framed = ceremony(|c| c.client_data = framed).authentication("expected-top-origin/authentication");
    cases.push(bent(framed, |case| {
        case["crossOrigin"] = json!(true);
        case["expectedTopOrigin"] = json!("https://example.com");
    }));
    let extended = |c: &mut Ceremony| {
        c.flags |= ED;
        c.tail = cbor_bytes(&Cbor::Map(vec![("credProtect".into(), 2.into())]));
    };
    cases.push(ceremony(extended).registration("extensions/registration"));
    cases.push(ceremony(extended).authentication("extensions/authentication"));
    cases.push(ceremony(|c| c.flags = UP | UV | 0b0010_0010).registration("reserved-flags/registration"));
    cases
}

/// The case of a registration, of an assertion, and of each after something was bent in it.
fn rejects() -> Vec<Value> {
    let registration = |bend: fn(&mut Ceremony)| ceremony(bend).registration("");
    let authentication = |bend: fn(&mut Ceremony)| ceremony(bend).authentication("");
    let registered = |bend: fn(&mut Value)| bent(registration(|_| {}), bend);
    let authenticated = |bend: fn(&mut Value)| bent(authentication(|_| {}), bend);
    let object = |bend: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let case = registration(|_| {});
        let bytes = bend(attestation_object(&case));
        bent(case, |case| {
            case["response"]["response"]["attestationObject"] = json!(encode(&bytes))
        })
    };

    const CLIENT_DATA: &str = "response.clientDataJSON";
    const AUTH_DATA: &str = "response.authenticatorData";
    const OBJECT: &str = "response.attestationObject";
    const KEY: &str = "response.authenticatorData.credentialPublicKey";
    const STATEMENT: &str = "response.attestationObject.attStmt";
    use ErrorCode::*;
    let table: Vec<(&str, ErrorCode, &str, Value)> = vec![
        // 5.1: the JSON form.
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
        // 7.1 steps 5 to 11, 7.2 steps 8 to 14.
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
        // 7.1 step 13.
        (
            "object-truncated",
            CborMalformed,
            OBJECT,
            object(&|bytes| bytes[..bytes.len() - 1].to_vec()),
        ),
        (
            "object-trailing",
            CborTrailingData,
            OBJECT,
            object(&|bytes| [bytes, vec![0]].concat()),
        ),
        (
            "object-duplicate",
            CborDuplicate,
            OBJECT,
            object(&|_| b"\xa2\x63fmt\x64none\x63fmt\x64none".to_vec()),
        ),
        (
            "object-indefinite",
            CborUnsupported,
            OBJECT,
            object(&|_| b"\xbf\xff".to_vec()),
        ),
        (
            "object-deep",
            CborTooLarge,
            OBJECT,
            object(&|_| [vec![0x81; 100], vec![0]].concat()),
        ),
        (
            "object-of-another-kind",
            AttestationObjectMalformed,
            OBJECT,
            object(&|_| b"\xa1\x63fmt\x64none".to_vec()),
        ),
        (
            "object-with-more",
            AttestationObjectMalformed,
            OBJECT,
            object(&|bytes| [b"\xa4", &bytes[1..], b"\x61x\x00"].concat()),
        ),
        (
            "object-not-a-map",
            AttestationObjectMalformed,
            OBJECT,
            object(&|_| b"\x80".to_vec()),
        ),
        (
            "data-truncated",
            AuthenticatorDataMalformed,
            AUTH_DATA,
            authentication(|c| c.cut = 1),
        ),
        (
            "data-trailing",
            AuthenticatorDataTrailingData,
            AUTH_DATA,
            authentication(|c| c.tail = vec![0]),
        ),
        (
            "data-trailing-key",
            AuthenticatorDataTrailingData,
            AUTH_DATA,
            registration(|c| c.tail = vec![0]),
        ),
        (
            "extensions-missing",
            CborMalformed,
            AUTH_DATA,
            registration(|c| c.flags |= ED),
        ),
        (
            "extensions-not-a-map",
            ExtensionsMalformed,
            AUTH_DATA,
            authentication(|c| {
                c.flags |= ED;
                c.tail = vec![0x80];
            }),
        ),
        // 7.1 steps 14 to 20, 7.2 steps 15 to 19.
        (
            "another-rp-id",
            RpIdMismatch,
            AUTH_DATA,
            authentication(|c| c.rp_id = "sub.example.org".into()),
        ),
        (
            "not-present",
            UserPresenceMissing,
            AUTH_DATA,
            authentication(|c| c.flags = UV),
        ),
        (
            "not-present-at-registration",
            UserPresenceMissing,
            AUTH_DATA,
            registration(|c| c.flags = UV),
        ),
        (
            "not-verified",
            UserVerificationMissing,
            AUTH_DATA,
            authentication(|c| c.flags = UP | BE),
        ),
        (
            "backed-up-not-eligible",
            BackupStateMismatch,
            AUTH_DATA,
            authentication(|c| c.flags = UP | UV | BS),
        ),
        (
            "eligibility-changed",
            BackupEligibilityMismatch,
            AUTH_DATA,
            authenticated(|c| c["credential"]["backupEligible"] = json!(false)),
        ),
        (
            "no-credential",
            AttestedCredentialDataMissing,
            AUTH_DATA,
            registration(|c| c.flags |= common::authenticator::AT),
        ),
        (
            "key-not-offered",
            AlgorithmForbidden,
            KEY,
            registered(|c| c["allowedAlgorithms"] = json!([-8, -257])),
        ),
        (
            "key-of-no-algorithm",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key.retain(|(label, _)| *label != 3)),
        ),
        (
            "key-of-no-type",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key.retain(|(label, _)| *label != 1)),
        ),
        (
            "key-with-its-private-part",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key.push((-4, Cbor::Bytes(vec![1; 32])))),
        ),
        (
            "key-with-a-sign-bit",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key[4].1 = Cbor::Bool(true)),
        ),
        (
            "key-with-operations",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key.insert(2, (4, Cbor::Array(vec![2.into()])))),
        ),
        (
            "key-on-another-curve",
            CoseKeyMismatch,
            KEY,
            with_key(|key| key[2].1 = 2.into()),
        ),
        (
            "key-of-another-algorithm",
            CoseKeyMismatch,
            KEY,
            with_key(|key| key[1].1 = (-257).into()),
        ),
        (
            "key-of-an-unknown-algorithm",
            AlgorithmUnsupported,
            KEY,
            bent(with_key(|key| key[1].1 = (-260).into()), |case| {
                case["allowedAlgorithms"] = json!([-260]);
            }),
        ),
        (
            "key-off-its-curve",
            PublicKeyInvalid,
            KEY,
            with_key(|key| key[4].1 = Cbor::Bytes(vec![1; 32])),
        ),
        (
            "key-too-short",
            PublicKeyInvalid,
            KEY,
            with_key(|key| key[3].1 = Cbor::Bytes(vec![1; 31])),
        ),
        (
            "stored-key-of-small-order",
            PublicKeyInvalid,
            "credential.publicKey",
            authentication(|c| {
                let key = [
                    (1, 1.into()),
                    (3, (-8).into()),
                    (-1, 6.into()),
                    (-2, Cbor::Bytes(vec![0; 32])),
                ];
                c.cose = Some(cose_bytes(&key));
            }),
        ),
        (
            "stored-rsa-key-too-small",
            PublicKeyInvalid,
            "credential.publicKey",
            authentication(|c| {
                let key = [
                    (1, 3.into()),
                    (3, (-257).into()),
                    (-1, Cbor::Bytes(vec![0xff; 128])),
                    (-2, Cbor::Bytes(vec![1, 0, 1])),
                ];
                c.cose = Some(cose_bytes(&key));
            }),
        ),
        (
            "stored-key-too-large",
            CredentialTooLarge,
            "credential.publicKey",
            authenticated(|c| {
                c["credential"]["publicKey"] = json!("A".repeat(5_600));
            }),
        ),
        // 7.1 steps 21 and 22.
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
        // 7.2 steps 21 and 22.
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
        // The relying party's own mistakes.
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
        // The order of the steps decides where two things are wrong.
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
    ];
    table
        .into_iter()
        .map(|(name, code, field, case)| {
            bent(case, |case| {
                let ceremony = case["ceremony"].as_str().unwrap();
                case["name"] = json!(format!("{name}/{ceremony}"));
                case["code"] = json!(code.as_str());
                case["field"] = json!(field);
            })
        })
        .collect()
}

/// A registration with a key that is bent before it is encoded.
fn with_key(bend: impl FnOnce(&mut Vec<(i64, Cbor)>)) -> Value {
    ceremony(|c| {
        let mut key = c.key.cose();
        bend(&mut key);
        c.cose = Some(cose_bytes(&key));
    })
    .registration("")
}

/// A registration with a packed statement that is put together by hand.
fn packed(algorithm: i64, signature: &[u8], certificates: Option<usize>) -> Value {
    ceremony(|c| {
        c.format = "packed";
        let mut statement = vec![
            ("alg".into(), algorithm.into()),
            ("sig".into(), Cbor::Bytes(signature.to_vec())),
        ];
        statement.extend(certificates.map(|n| ("x5c".into(), Cbor::Array(vec![Cbor::Bytes(vec![0]); n]))));
        c.statement = Some(Cbor::Map(statement));
    })
    .registration("")
}
