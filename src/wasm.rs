//! The wasm-bindgen face: JavaScript values in, JavaScript values out, no logic.
//!
//! A refusal is a value, not an exception: `{ ok: true, value }` or `{ ok: false, code, field, offset }`. Class and
//! sentence of a code are in the generated table on the other side, so that they cost no bytes here.

#![expect(
    unreachable_pub,
    reason = "wasm-bindgen exports public functions, which nothing in Rust reaches"
)]

use alloc::string::String;
use alloc::vec::Vec;

use ciborium::Value;
use js_sys::{JsString, Reflect};
use serde::{Deserialize, Serialize, Serializer};
use wasm_bindgen::prelude::*;

use crate::attestation::AttestationObject;
use crate::authentication::{self, AuthenticationPolicy, CounterPolicy, CredentialRecord};
use crate::authenticator_data::AuthenticatorData;
use crate::base64url;
use crate::client_data::CollectedClientData;
use crate::credential::{AuthenticationResponse, Object, RegistrationResponse};
use crate::error::{Error, ErrorCode, Result};
use crate::limits;
use crate::policy::{CrossOrigin, Policy, Requirement};
use crate::registration::{self, RegistrationPolicy};

/// Verifies a `RegistrationResponseJSON`.
#[wasm_bindgen]
#[must_use]
pub fn verify_registration(response: &JsValue, policy: JsValue) -> JsValue {
    answer(|| {
        let wire: PolicyInput = input(policy, "options")?;
        let policy = RegistrationPolicy {
            algorithms: wire.algorithms.clone(),
            user_presence: requirement(wire.require_user_presence),
            common: wire.into(),
        };
        let response = RegistrationResponse::read(response)?;
        registration::verify(&response, &policy).map(|registration| RegistrationOutput {
            credential_id: base64url::encode(&registration.credential_id),
            public_key: Bytes(registration.credential_public_key),
            algorithm: registration.algorithm,
            aaguid: Bytes(registration.aaguid.to_vec()),
            counter: registration.sign_count,
            user_verified: registration.flags.user_verified(),
            backup_eligible: registration.flags.backup_eligible(),
            backed_up: registration.flags.backed_up(),
            format: registration.format,
            attestation_type: registration.attestation_type.as_str(),
            attestation_object: Bytes(response.attestation_object),
            extensions: registration.extensions.map(Extensions),
            origin: registration.origin,
            rp_id: registration.rp_id,
        })
    })
}

/// Verifies an `AuthenticationResponseJSON` by a credential record; `public_key` is its COSE key.
#[wasm_bindgen]
#[must_use]
pub fn verify_authentication(response: &JsValue, record: JsValue, public_key: &[u8], policy: JsValue) -> JsValue {
    answer(|| {
        let wire: PolicyInput = input(policy, "options")?;
        let record: RecordInput = input(record, "credential")?;
        let policy = AuthenticationPolicy {
            allow_credentials: wire
                .allow_credentials
                .iter()
                .map(|id| argument("allowCredentials", id))
                .collect::<Result<_>>()?,
            counter: if wire.report_counter {
                CounterPolicy::Report
            } else {
                CounterPolicy::Reject
            },
            common: wire.into(),
        };
        let record = CredentialRecord {
            id: argument("credential.id", &record.id)?,
            public_key: public_key.to_vec(),
            sign_count: record.counter,
            backup_eligible: record.backup_eligible,
            user_handle: record
                .user_handle
                .map(|handle| argument("expectedUserHandle", &handle))
                .transpose()?,
        };
        let response = AuthenticationResponse::read(response)?;
        authentication::verify(&response, &record, &policy).map(|authentication| AuthenticationOutput {
            counter: authentication.sign_count,
            counter_regressed: authentication.counter_regressed,
            user_verified: authentication.flags.user_verified(),
            backup_eligible: authentication.flags.backup_eligible(),
            backed_up: authentication.flags.backed_up(),
            extensions: authentication.extensions.map(Extensions),
            origin: authentication.origin,
            rp_id: authentication.rp_id,
        })
    })
}

/// Parses a `clientDataJSON` in base64url, unverified.
#[wasm_bindgen]
#[must_use]
pub fn decode_client_data(text: &JsValue) -> JsValue {
    answer(|| {
        let bytes = decode(text, "clientDataJSON", limits::CLIENT_DATA_LEN)?;
        let client_data = CollectedClientData::parse(&bytes)?;
        Ok(ClientDataOutput {
            r#type: client_data.ceremony_type,
            challenge: client_data.challenge,
            origin: client_data.origin,
            cross_origin: client_data.cross_origin,
            top_origin: client_data.top_origin,
        })
    })
}

/// Parses an `attestationObject` in base64url, unverified.
#[wasm_bindgen]
#[must_use]
pub fn decode_attestation_object(text: &JsValue) -> JsValue {
    answer(|| {
        let bytes = decode(text, "attestationObject", limits::ATTESTATION_OBJECT_LEN)?;
        let object = AttestationObject::parse(&bytes)?;
        Ok(AttestationObjectOutput {
            fmt: object.format,
            att_stmt: CborMap(object.statement.into_entries()),
            auth_data: Bytes(object.authenticator_data),
        })
    })
}

/// Parses an `authenticatorData` in base64url, unverified.
#[wasm_bindgen]
#[must_use]
pub fn decode_authenticator_data(text: &JsValue) -> JsValue {
    answer(|| {
        let bytes = decode(text, "authenticatorData", limits::ATTESTATION_OBJECT_LEN)?;
        let data = AuthenticatorData::parse(&bytes)?;
        let credential = data.attested_credential_data.as_ref();
        Ok(AuthenticatorDataOutput {
            rp_id_hash: Bytes(data.rp_id_hash.to_vec()),
            flags: FlagsOutput {
                up: data.flags.user_present(),
                uv: data.flags.user_verified(),
                be: data.flags.backup_eligible(),
                bs: data.flags.backed_up(),
            },
            counter: data.sign_count,
            aaguid: credential.map(|credential| Bytes(credential.aaguid.to_vec())),
            credential_id: credential.map(|credential| base64url::encode(credential.credential_id)),
            public_key: credential.map(|credential| Bytes(credential.credential_public_key.to_vec())),
            extensions: data.extensions.map(Extensions),
        })
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyInput {
    types: Vec<String>,
    challenge: String,
    origins: Vec<String>,
    rp_ids: Vec<String>,
    allow_cross_origin: bool,
    top_origins: Vec<String>,
    require_user_verification: bool,
    #[serde(default)]
    require_user_presence: bool,
    #[serde(default)]
    algorithms: Vec<i64>,
    #[serde(default)]
    allow_credentials: Vec<String>,
    #[serde(default)]
    report_counter: bool,
}

impl From<PolicyInput> for Policy {
    fn from(wire: PolicyInput) -> Self {
        Self {
            types: wire.types,
            challenge: wire.challenge,
            origins: wire.origins,
            rp_ids: wire.rp_ids,
            cross_origin: if wire.allow_cross_origin {
                CrossOrigin::Allow
            } else {
                CrossOrigin::Refuse
            },
            top_origins: wire.top_origins,
            user_verification: requirement(wire.require_user_verification),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordInput {
    id: String,
    counter: u32,
    #[serde(default)]
    backup_eligible: Option<bool>,
    #[serde(default)]
    user_handle: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RegistrationOutput {
    credential_id: String,
    public_key: Bytes,
    algorithm: i64,
    aaguid: Bytes,
    counter: u32,
    user_verified: bool,
    backup_eligible: bool,
    backed_up: bool,
    format: String,
    attestation_type: &'static str,
    attestation_object: Bytes,
    extensions: Option<Extensions>,
    origin: String,
    rp_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticationOutput {
    counter: u32,
    counter_regressed: bool,
    user_verified: bool,
    backup_eligible: bool,
    backed_up: bool,
    extensions: Option<Extensions>,
    origin: String,
    rp_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClientDataOutput {
    r#type: String,
    challenge: String,
    origin: String,
    cross_origin: Option<bool>,
    top_origin: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttestationObjectOutput {
    fmt: String,
    att_stmt: CborMap,
    auth_data: Bytes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticatorDataOutput {
    rp_id_hash: Bytes,
    flags: FlagsOutput,
    counter: u32,
    aaguid: Option<Bytes>,
    credential_id: Option<String>,
    public_key: Option<Bytes>,
    extensions: Option<Extensions>,
}

#[derive(Serialize)]
struct FlagsOutput {
    up: bool,
    uv: bool,
    be: bool,
    bs: bool,
}

#[derive(Serialize)]
struct Success<T> {
    ok: bool,
    value: T,
}

#[derive(Serialize)]
struct Failure {
    ok: bool,
    code: &'static str,
    field: &'static str,
    offset: Option<u32>,
}

fn answer<T: Serialize>(verify: impl FnOnce() -> Result<T>) -> JsValue {
    let answered = match verify() {
        Ok(value) => serde_wasm_bindgen::to_value(&Success { ok: true, value }),
        Err(Error { code, field, offset }) => serde_wasm_bindgen::to_value(&Failure {
            ok: false,
            code: code.as_str(),
            field,
            offset,
        }),
    };
    // Nothing in these types fails to serialize; if it did, the other side would report INTERNAL.
    answered.unwrap_or(JsValue::UNDEFINED)
}

fn input<T: for<'de> Deserialize<'de>>(value: JsValue, field: &'static str) -> Result<T> {
    serde_wasm_bindgen::from_value(value).map_err(|_| Error::new(ErrorCode::PolicyMalformed, field))
}

fn argument(field: &'static str, text: &str) -> Result<Vec<u8>> {
    base64url::decode(field, text).map_err(|_| Error::new(ErrorCode::PolicyMalformed, field))
}

fn decode(text: &JsValue, field: &'static str, max_len: usize) -> Result<Vec<u8>> {
    base64url::decode(
        field,
        &bounded_text(text, limits::base64url_len(max_len)).map_err(|code| Error::new(code, field))?,
    )
}

/// Text is measured before it is copied: memory that wasm has grown to is never given back.
fn bounded_text(value: &JsValue, max_len: usize) -> core::result::Result<String, ErrorCode> {
    let text = value.dyn_ref::<JsString>().ok_or(ErrorCode::CredentialMalformed)?;
    if usize::try_from(text.length()).is_ok_and(|len| len <= max_len) {
        Ok(text.into())
    } else {
        Err(ErrorCode::CredentialTooLarge)
    }
}

const fn requirement(required: bool) -> Requirement {
    if required {
        Requirement::Required
    } else {
        Requirement::NotRequired
    }
}

impl Object for JsValue {
    fn object(&self, key: &'static str) -> Option<Self> {
        Reflect::get(self, &Self::from_str(key)).ok().filter(Self::is_object)
    }

    fn text(&self, key: &'static str, max_len: usize) -> core::result::Result<Option<String>, ErrorCode> {
        let member = Reflect::get(self, &Self::from_str(key)).map_err(|_| ErrorCode::CredentialMalformed)?;
        if member.is_null() || member.is_undefined() {
            return Ok(None);
        }
        bounded_text(&member, max_len).map(Some)
    }
}

/// Becomes a `Uint8Array`.
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

/// Becomes a `Map`, which no key can turn into something else.
struct Extensions(crate::authenticator_data::Extensions);

impl Serialize for Extensions {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, Cbor(value))))
    }
}

struct CborMap(Vec<(Value, Value)>);

impl Serialize for CborMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        collect_map(&self.0, serializer)
    }
}

fn collect_map<S: Serializer>(entries: &[(Value, Value)], serializer: S) -> core::result::Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(key, value)| (Cbor(key), Cbor(value))))
}

/// CBOR as JavaScript has it: integers beyond the safe ones become text, so that none is rounded in silence.
struct Cbor<'a>(&'a Value);

impl Serialize for Cbor<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
        match self.0 {
            Value::Integer(integer) => match i64::try_from(*integer) {
                Ok(safe) if safe.unsigned_abs() <= MAX_SAFE_INTEGER => serializer.serialize_i64(safe),
                _ => serializer.collect_str(&i128::from(*integer)),
            },
            Value::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Bool(bool) => serializer.serialize_bool(*bool),
            Value::Array(items) => serializer.collect_seq(items.iter().map(Cbor)),
            Value::Map(entries) => collect_map(entries, serializer),
            // Null; the reader lets no other kind through.
            _ => serializer.serialize_unit(),
        }
    }
}
