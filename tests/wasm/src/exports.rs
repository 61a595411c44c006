//! The functions that the crate exports to JavaScript, called like JavaScript calls them.
//!
//! They are imported from the glue of this program itself. So a message becomes a JavaScript value and enters wasm
//! through the function that wasm-bindgen made for the export; the answer returns in the same way.

use js_sys::{Array, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use crate::case::{AttestationExpectations, Case, decode, encode};

#[wasm_bindgen(raw_module = "./wasm-bindgen-test")]
extern "C" {
    fn verify_registration(message: &Uint8Array) -> JsValue;
    fn verify_attested_registration(message: &Uint8Array) -> JsValue;
    fn verify_authentication(message: &Uint8Array, public_key: &Uint8Array) -> JsValue;
    pub(crate) fn verify_metadata(blob: &Uint8Array, message: &Uint8Array) -> JsValue;
    pub(crate) fn model_of(attestation_object: &JsValue) -> JsValue;
    pub(crate) fn decode_client_data(text: &JsValue) -> JsValue;
    pub(crate) fn decode_attestation_object(text: &JsValue) -> JsValue;
    pub(crate) fn decode_authenticator_data(text: &JsValue) -> JsValue;
}

#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) field: String,
}

/// The contents of an answer that is not a refusal. `undefined`, which JavaScript turns into `INTERNAL`, is a bug.
pub(crate) fn open(answer: JsValue) -> Result<JsValue, Refusal> {
    assert!(!answer.is_undefined(), "a message that does not fit");
    let Some(text) = answer.as_string() else {
        return Ok(answer);
    };
    let mut values = text.split('\0').map(str::to_owned);
    let mut value = || values.next().expect("code, field and offset");
    Err(Refusal {
        code: value(),
        field: value(),
    })
}

/// Verifies a case with the function without an attestation policy.
pub(crate) fn verify(case: &Case) -> Result<Value, Refusal> {
    match case.ceremony.as_str() {
        "registration" => registration(case, verify_registration(&registration_message(case, |_| {}).bytes())),
        _ => authentication(case),
    }
}

/// Verifies a registration with its attestation policy and, if given, the metadata entry of its model.
pub(crate) fn verify_attested(case: &Case, entry: Option<&str>) -> Result<Value, Refusal> {
    let message = registration_message(case, |message| message.attestation(&case.attestation, entry));
    registration(case, verify_attested_registration(&message.bytes()))
}

fn registration_message(case: &Case, attestation: impl FnOnce(&mut Message)) -> Message {
    let mut message = Message::default();
    message.policy(case, "webauthn.create");
    message.flag(true);
    message.list(&case.allowed_algorithms);
    attestation(&mut message);
    message.members(case, &["clientDataJSON", "attestationObject"]);
    message
}

fn registration(case: &Case, answer: JsValue) -> Result<Value, Refusal> {
    let answer = Array::from(&open(answer)?);
    let text = answer.get(0).as_string().expect("the text of an answer");
    let values: Vec<&str> = text.split('\0').collect();
    let [
        uv,
        be,
        bs,
        origin,
        rp_id,
        counter,
        id,
        algorithm,
        aaguid,
        format,
        kind,
        trusted,
        "",
    ] = values[..]
    else {
        panic!("{}: {values:?}", case.name);
    };
    assert_eq!([origin, rp_id], [&case.expected_origin, &case.expected_rp_id]);
    assert_eq!(bytes(&answer.get(3)), case.member("attestationObject"), "{}", case.name);
    let certificates = answer.get(4);
    let anchor = answer.get(5);
    assert_eq!(!anchor.is_undefined(), trusted == "1", "{}: {anchor:?}", case.name);
    let path: Vec<String> = match certificates.is_undefined() {
        true => Vec::new(),
        false => Array::from(&certificates)
            .iter()
            .map(|der| encode(&bytes(&der)))
            .collect(),
    };
    Ok(json!({
        "fmt": format,
        "attestationType": kind,
        "trusted": trusted == "1",
        "trustPath": path,
        "aaguid": aaguid,
        "credentialId": id,
        "credentialPublicKey": encode(&bytes(&answer.get(2))),
        "alg": algorithm.parse::<i64>().expect("an algorithm"),
        "counter": counter.parse::<u32>().expect("a counter"),
        "flags": { "uv": uv == "1", "be": be == "1", "bs": bs == "1" },
    }))
}

fn authentication(case: &Case) -> Result<Value, Refusal> {
    let credential = case.credential.as_ref().expect("an authentication has a credential");
    let mut message = Message::default();
    message.policy(case, "webauthn.get");
    message.list(&case.allow_credentials);
    // Neither the counter nor backup eligibility is only reported.
    message.flag(false);
    message.flag(false);
    message.text(&credential.id);
    message.text(credential.counter);
    match credential.backup_eligible {
        Some(eligible) => message.flag(eligible),
        None => message.text(""),
    }
    message.list(credential.user_handle.as_slice());
    message.members(
        case,
        &["clientDataJSON", "authenticatorData", "signature", "userHandle"],
    );

    let answer = verify_authentication(&message.bytes(), &array(&decode(&credential.public_key)));
    let text = Array::from(&open(answer)?).get(0).as_string();
    let text = text.expect("the text of an answer");
    let values: Vec<&str> = text.split('\0').collect();
    let [uv, be, bs, origin, rp_id, counter, "0", "0", ""] = values[..] else {
        panic!("{}: {values:?}", case.name);
    };
    assert_eq!([origin, rp_id], [&case.expected_origin, &case.expected_rp_id]);
    Ok(json!({
        "credentialId": credential.id,
        "counter": counter.parse::<u32>().expect("a counter"),
        "flags": { "uv": uv == "1", "be": be == "1", "bs": bs == "1" },
    }))
}

pub(crate) fn bytes(value: &JsValue) -> Vec<u8> {
    value.dyn_ref::<Uint8Array>().expect("bytes").to_vec()
}

pub(crate) fn array(bytes: &[u8]) -> Uint8Array {
    Uint8Array::new_from_slice(bytes)
}

/// The message that `js/src/core/message.ts` and its callers write.
#[derive(Default)]
pub(crate) struct Message(String);

impl Message {
    pub(crate) fn bytes(self) -> Uint8Array {
        array(self.0.as_bytes())
    }

    pub(crate) fn text(&mut self, value: impl ToString) {
        self.0.push_str(&value.to_string());
        self.0.push('\0');
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.text(u8::from(flag));
    }

    pub(crate) fn list(&mut self, values: &[impl ToString]) {
        self.text(values.len());
        for value in values {
            self.text(value.to_string());
        }
    }

    fn policy(&mut self, case: &Case, ceremony_type: &str) {
        self.list(&[ceremony_type]);
        self.text(&case.expected_challenge);
        self.list(&[&case.expected_origin]);
        self.list(&[&case.expected_rp_id]);
        self.flag(case.cross_origin);
        self.list(case.expected_top_origin.as_slice());
        self.flag(case.require_user_verification);
    }

    fn attestation(&mut self, expected: &AttestationExpectations, entry: Option<&str>) {
        self.list(&expected.attestation_formats);
        self.flag(expected.require_trusted_attestation);
        self.list(&expected.aaguids);
        self.list(&expected.trust_anchors);
        self.text(expected.now.expect("the time of an attestation"));
        let manufacturers = &expected.tpm_manufacturers;
        self.flag(manufacturers == "any");
        let named = manufacturers.as_array().cloned().unwrap_or_default();
        self.list(&named.iter().filter_map(Value::as_str).collect::<Vec<_>>());
        self.flag(expected.android_key_security == "trusted-environment");
        self.flag(expected.allow_rs1);
        self.flag(entry.is_some());
        if entry.is_some() {
            self.list(entry.as_slice());
            self.flag(false);
        }
    }

    fn members(&mut self, case: &Case, names: &[&str]) {
        for name in ["id", "rawId", "type"] {
            self.member(&case.response, name);
        }
        let response = &case.response["response"];
        self.text(if response.is_object() { "=" } else { "?" });
        for name in names {
            self.member(response, name);
        }
    }

    fn member(&mut self, object: &Value, name: &str) {
        const LONGEST: usize = 65_536;
        match (object, &object[name]) {
            (Value::Object(_), Value::Null) => self.text("?"),
            (_, Value::String(text)) if text.len() > LONGEST => self.text(">"),
            (_, Value::String(text)) => self.text(format!("={text}")),
            _ => self.text("!"),
        }
    }
}
