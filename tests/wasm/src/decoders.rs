//! The exports that decode without verifying, also with input that is not a credential.

use js_sys::{Array, JSON, Map, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::case::encode;
use crate::ceremonies::{ATTESTATION, case};
use crate::exports::{self, Message, array, bytes, open};

/// A decoded value as JSON, without bytes and maps.
fn json_of(value: &JsValue) -> Value {
    let text: String = JSON::stringify(value).expect("JSON").into();
    serde_json::from_str(&text).expect("JSON")
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect(name)
}

#[wasm_bindgen_test]
fn client_data_decodes_to_its_members() {
    let case = case(ATTESTATION, "packed/registration");
    let text = encode(&case.member("clientDataJSON"));
    let decoded = open(exports::decode_client_data(&text.into())).expect("client data");
    assert_eq!(
        json_of(&decoded),
        json!({
            "type": "webauthn.create",
            "challenge": case.expected_challenge,
            "origin": case.expected_origin,
            "crossOrigin": false,
        })
    );
}

#[wasm_bindgen_test]
fn an_attestation_object_decodes_down_to_its_key() {
    let case = case(ATTESTATION, "packed/registration");
    let text = JsValue::from(encode(&case.member("attestationObject")));
    let object = open(exports::decode_attestation_object(&text)).expect("an attestation object");
    assert_eq!(get(&object, "fmt"), "packed");
    let statement = Map::from(get(&object, "attStmt"));
    assert_eq!(statement.get(&"alg".into()), -7);

    let data = encode(&bytes(&get(&object, "authData")));
    let data = open(exports::decode_authenticator_data(&data.into())).expect("authenticator data");
    let verified = case.verify().expect("a vector that is accepted");
    assert_eq!(json_of(&get(&data, "flags")), verified["flags"]);
    assert_eq!(get(&data, "counter"), 0);
    for member in ["aaguid", "credentialId"] {
        assert_eq!(json_of(&get(&data, member)), verified[member]);
    }
    assert_eq!(
        encode(&bytes(&get(&data, "publicKey"))),
        verified["credentialPublicKey"]
    );

    let model = Array::from(&open(exports::model_of(&text)).expect("a model"));
    let model = model.get(0).as_string().expect("the text of an answer");
    let [aaguid, key_identifier, ""] = model.split('\0').collect::<Vec<_>>()[..] else {
        panic!("{model:?}");
    };
    assert_eq!(aaguid, verified["aaguid"]);
    assert_eq!(key_identifier.len(), 40);
}

#[wasm_bindgen_test]
fn undecodable_input_is_refused_with_its_code() {
    type Decoder = fn(&JsValue) -> JsValue;
    let decoders: [(Decoder, &str, usize); 3] = [
        (exports::decode_client_data, "clientDataJSON", 10_923),
        (exports::decode_attestation_object, "attestationObject", 65_536),
        (exports::decode_authenticator_data, "authenticatorData", 65_536),
    ];
    for (decode, field, longest) in decoders {
        for (input, code) in [
            (JsValue::from(7), "CREDENTIAL_MALFORMED"),
            (JsValue::NULL, "CREDENTIAL_MALFORMED"),
            (JsValue::from("+"), "ENCODING_MALFORMED"),
            (JsValue::from("A".repeat(longest + 1)), "CREDENTIAL_TOO_LARGE"),
        ] {
            let refused = open(decode(&input)).expect_err(code);
            assert_eq!([refused.code.as_str(), refused.field.as_str()], [code, field]);
        }
    }
}

#[wasm_bindgen_test]
fn a_message_that_does_not_fit_has_no_answer() {
    let mut message = Message::default();
    message.list(&["webauthn.create"]);
    assert!(exports::verify_metadata(&array(&[]), &message.bytes()).is_undefined());
}
