//! The values that are returned to JavaScript.
//!
//! A refusal is text: its code, its field, its offset or nothing. A successful verification is an array: first a text
//! with its plain values, then the values that are not text. `message.rs` describes the form of the texts. JavaScript
//! reads the values in the order in which they are written here.

use alloc::string::String;
use core::fmt::{Display, Write};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use super::output;
use crate::authentication::Authentication;
use crate::authenticator_data::{Extensions, Flags};
use crate::base64url;
use crate::error::{Error, Result};
use crate::registration::Registration;

/// `None` means that the answer could not be made, which is a bug. JavaScript turns `undefined` into `INTERNAL`.
pub(super) fn answer<T>(result: Result<T>, accepted: impl FnOnce(T) -> Option<JsValue>) -> JsValue {
    match result {
        Ok(value) => accepted(value).unwrap_or(JsValue::UNDEFINED),
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &Error) -> JsValue {
    let mut text = Text::default();
    text.add(error.code.as_str());
    text.add(error.field);
    match error.offset {
        Some(offset) => text.number(offset),
        None => text.add(""),
    }
    text.into()
}

/// `RegistrationAnswer` in `js/src/core/registration.ts`.
pub(super) fn registration(registration: &Registration, attestation_object: &[u8]) -> Option<JsValue> {
    let mut text = Text::default();
    text.common(registration.flags, &registration.origin, &registration.rp_id);
    text.number(registration.sign_count);
    text.add(&base64url::encode(&registration.credential_id));
    text.number(registration.algorithm);
    text.add(&output::uuid(&registration.aaguid));
    text.add(&registration.attestation.format);
    text.add(registration.attestation.attestation_type.as_str());
    text.flag(registration.attestation.trusted);
    let answer = Array::of4(
        &text.into(),
        &extensions(registration.extensions.as_ref())?,
        &Uint8Array::new_from_slice(&registration.credential_public_key),
        &Uint8Array::new_from_slice(attestation_object),
    );
    let certificates = &registration.attestation.certificates;
    if !certificates.is_empty() {
        answer.push(&certificates.iter().map(|der| bytes(der)).collect::<Array>());
        if let Some(anchor) = &registration.attestation.anchor {
            answer.push(&bytes(anchor));
        }
    }
    Some(answer.into())
}

/// An array with one text: the AAGUID as a UUID, and the key identifier in hexadecimal or nothing.
#[cfg(feature = "attestation")]
pub(super) fn model(model: &crate::attestation::Model) -> JsValue {
    let mut text = Text::default();
    text.add(&output::uuid(&model.aaguid));
    text.add(
        &model
            .key_identifier
            .map(|identifier| output::hex(&identifier))
            .unwrap_or_default(),
    );
    Array::of1(&text.into()).into()
}

#[cfg(feature = "attestation")]
pub(super) fn bytes_answer(bytes: &[u8]) -> JsValue {
    Array::of1(&self::bytes(bytes)).into()
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::new_from_slice(bytes).into()
}

/// `AuthenticationAnswer` in `js/src/core/authentication.ts`.
pub(super) fn authentication(authentication: &Authentication) -> Option<JsValue> {
    let mut text = Text::default();
    text.common(authentication.flags, &authentication.origin, &authentication.rp_id);
    text.number(authentication.sign_count);
    text.flag(authentication.counter_regressed);
    text.flag(authentication.backup_eligibility_changed);
    Some(JsValue::from(Array::of2(
        &text.into(),
        &extensions(authentication.extensions.as_ref())?,
    )))
}

fn extensions(extensions: Option<&Extensions>) -> Option<JsValue> {
    extensions.map_or(Some(JsValue::UNDEFINED), |entries| {
        output::to_js(&output::Extensions(entries))
    })
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn common(&mut self, flags: Flags, origin: &str, rp_id: &str) {
        self.flag(flags.user_verified());
        self.flag(flags.backup_eligible());
        self.flag(flags.backed_up());
        self.add(origin);
        self.add(rp_id);
    }

    fn flag(&mut self, flag: bool) {
        self.add(if flag { "1" } else { "0" });
    }

    fn number(&mut self, number: impl Display) {
        // Writing to a String does not fail.
        let _ = write!(self.0, "{number}\0");
    }

    fn add(&mut self, value: &str) {
        self.0.push_str(value);
        self.0.push('\0');
    }
}

impl From<Text> for JsValue {
    fn from(text: Text) -> Self {
        Self::from_str(&text.0)
    }
}
