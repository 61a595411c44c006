//! The results of the decoders, and CBOR: objects that `serde-wasm-bindgen` makes.

use alloc::string::String;
use alloc::vec::Vec;

use ciborium::Value;
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

use crate::attestation::AttestationObject;
use crate::authenticator_data::{self, AuthenticatorData};
use crate::base64url;
use crate::client_data::CollectedClientData;

pub(super) fn to_js(value: &impl Serialize) -> Option<JsValue> {
    serde_wasm_bindgen::to_value(value).ok()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientDataOutput {
    r#type: String,
    challenge: String,
    origin: String,
    cross_origin: Option<bool>,
    top_origin: Option<String>,
}

impl From<CollectedClientData> for ClientDataOutput {
    fn from(client_data: CollectedClientData) -> Self {
        Self {
            r#type: client_data.ceremony_type,
            challenge: client_data.challenge,
            origin: client_data.origin,
            cross_origin: client_data.cross_origin,
            top_origin: client_data.top_origin,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttestationObjectOutput {
    fmt: String,
    att_stmt: OwnedCbor,
    auth_data: Bytes,
}

impl From<AttestationObject> for AttestationObjectOutput {
    fn from(object: AttestationObject) -> Self {
        Self {
            fmt: object.format,
            att_stmt: OwnedCbor(object.statement),
            auth_data: Bytes(object.authenticator_data),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthenticatorDataOutput<'a> {
    rp_id_hash: Bytes,
    flags: FlagsOutput,
    counter: u32,
    aaguid: Option<String>,
    credential_id: Option<String>,
    public_key: Option<Bytes>,
    extensions: Option<Extensions<'a>>,
}

#[derive(Serialize)]
struct FlagsOutput {
    up: bool,
    uv: bool,
    be: bool,
    bs: bool,
}

impl<'a> From<&'a AuthenticatorData<'_>> for AuthenticatorDataOutput<'a> {
    fn from(data: &'a AuthenticatorData<'_>) -> Self {
        let credential = data.attested_credential_data.as_ref();
        Self {
            rp_id_hash: Bytes(data.rp_id_hash.to_vec()),
            flags: FlagsOutput {
                up: data.flags.user_present(),
                uv: data.flags.user_verified(),
                be: data.flags.backup_eligible(),
                bs: data.flags.backed_up(),
            },
            counter: data.sign_count,
            aaguid: credential.map(|credential| uuid(&credential.aaguid)),
            credential_id: credential.map(|credential| base64url::encode(credential.credential_id)),
            public_key: credential.map(|credential| Bytes(credential.credential_public_key.to_vec())),
            extensions: data.extensions.as_ref().map(Extensions),
        }
    }
}

/// An AAGUID as a UUID in lower case.
pub(super) fn uuid(aaguid: &[u8; 16]) -> String {
    let mut text = hex(aaguid);
    for place in [20, 16, 12, 8] {
        text.insert(place, '-');
    }
    text
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Becomes a `Uint8Array`.
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

/// Becomes a `Map`, in which every key is safe.
pub(super) struct Extensions<'a>(pub(super) &'a authenticator_data::Extensions);

impl Serialize for Extensions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, Cbor(value))))
    }
}

fn collect_map<S: Serializer>(entries: &[(Value, Value)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(key, value)| (Cbor(key), Cbor(value))))
}

struct OwnedCbor(Value);

impl Serialize for OwnedCbor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Cbor(&self.0).serialize(serializer)
    }
}

/// CBOR as JavaScript values. Integers outside the safe range become text, so that none is rounded silently.
struct Cbor<'a>(&'a Value);

impl Serialize for Cbor<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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
            // Null; the reader refuses every other kind.
            _ => serializer.serialize_unit(),
        }
    }
}
