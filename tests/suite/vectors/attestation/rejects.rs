//! The refused cases: each differs in one point from an accepted one.

use ciborium::Value as Cbor;
use serde_json::{Value, json};

use super::registration::Registration;
use super::with;
use touchstone_webauthn::error::ErrorCode;

mod paths;
mod platforms;
mod policies;
mod statements;

const STATEMENT: &str = "response.attestationObject.attStmt";
const X5C: &str = "response.attestationObject.attStmt.x5c";
const SIGNATURE: &str = "response.attestationObject.attStmt.sig";
const FORMAT: &str = "response.attestationObject.fmt";

/// Name, code, field, why, and the case.
type Refusal = (&'static str, ErrorCode, &'static str, &'static str, Value);

pub(super) fn cases() -> Vec<Value> {
    [
        policies::cases(),
        paths::cases(),
        platforms::cases(),
        statements::cases(),
    ]
    .concat()
    .into_iter()
    .map(|(name, code, field, why, case)| {
        let name = format!("{name}/registration");
        with(
            case,
            &json!({ "name": name, "code": code.as_str(), "field": field, "why": why }),
        )
    })
    .collect()
}

/// The statement with a replaced or additional member.
fn replaced(statement: Cbor, member: &str, value: Cbor) -> Cbor {
    let mut members = statement.into_map().unwrap();
    members.retain(|(key, _)| key.as_text() != Some(member));
    members.push((Cbor::Text(member.into()), value));
    Cbor::Map(members)
}

/// A registration with other authenticator data than was attested.
fn counted() -> Registration {
    let mut registration = Registration::new();
    registration.counter = 1;
    registration
}
