//! What is refused: each case differs in one point from an accepted one.

use serde_json::{Value, json};
use touchstone_webauthn::Value as Cbor;
use touchstone_webauthn::error::ErrorCode;

use super::{bent, ceremony};
use crate::common::authenticator::{Ceremony, attestation_object, cose_bytes};
use crate::common::encode;

mod authenticator_data;
mod response;
mod verification;

const CLIENT_DATA: &str = "response.clientDataJSON";
const AUTH_DATA: &str = "response.authenticatorData";
const OBJECT: &str = "response.attestationObject";
const KEY: &str = "response.authenticatorData.credentialPublicKey";
const STATEMENT: &str = "response.attestationObject.attStmt";

/// The name, the code and the field that are expected, and the case.
type Refusal = (&'static str, ErrorCode, &'static str, Value);

pub(super) fn cases() -> Vec<Value> {
    [
        response::json_form(),
        response::client_data(),
        authenticator_data::form(),
        authenticator_data::checks(),
        verification::statements(),
        verification::signatures(),
        verification::policies(),
        verification::order(),
    ]
    .concat()
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

/// A registration in which `bend` changes something before it is signed.
fn registration(bend: impl FnOnce(&mut Ceremony)) -> Value {
    ceremony(bend).registration("")
}

/// An assertion in which `bend` changes something before it is signed.
fn authentication(bend: impl FnOnce(&mut Ceremony)) -> Value {
    ceremony(bend).authentication("")
}

/// A registration that is changed afterwards.
fn registered(bend: impl FnOnce(&mut Value)) -> Value {
    bent(registration(|_| {}), bend)
}

/// An assertion that is changed afterwards.
fn authenticated(bend: impl FnOnce(&mut Value)) -> Value {
    bent(authentication(|_| {}), bend)
}

/// A registration whose attestation object is changed byte by byte.
fn object(bend: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Value {
    registered(|case| {
        let bytes = bend(attestation_object(case));
        case["response"]["response"]["attestationObject"] = json!(encode(&bytes));
    })
}

/// A registration whose credential key is changed before it is encoded.
fn with_key(bend: impl FnOnce(&mut Vec<(i64, Cbor)>)) -> Value {
    registration(|c| {
        let mut key = c.key.cose();
        bend(&mut key);
        c.cose = Some(cose_bytes(&key));
    })
}

/// A registration with a packed statement of these parts.
fn packed(algorithm: i64, signature: &[u8], certificates: Option<usize>) -> Value {
    registration(|c| {
        c.format = "packed";
        let mut statement = vec![
            ("alg".into(), algorithm.into()),
            ("sig".into(), Cbor::Bytes(signature.to_vec())),
        ];
        statement.extend(certificates.map(|n| ("x5c".into(), Cbor::Array(vec![Cbor::Bytes(vec![0]); n]))));
        c.statement = Some(Cbor::Map(statement));
    })
}
