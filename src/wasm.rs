//! The wasm-bindgen interface: JavaScript values in, JavaScript values out, no logic.
//!
//! A refusal is a value and not an exception. The class and the sentence of its code are in a generated table on the
//! JavaScript side, so that they need no bytes here. `docs/decisions/package/wasm-message-format.md` explains the
//! format of the values.

#![expect(
    unreachable_pub,
    reason = "wasm-bindgen exports public functions that no Rust code reaches"
)]

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::attestation::{AttestationObject, AttestationPolicy};
use crate::authentication::{
    self, Authentication, AuthenticationPolicy, BackupEligibilityPolicy, CounterPolicy, CredentialRecord,
};
use crate::authenticator_data::AuthenticatorData;
use crate::base64url;
use crate::client_data::CollectedClientData;
use crate::credential::{AuthenticationResponse, RegistrationResponse};
use crate::error::{Error, ErrorCode, Result};
use crate::limits;
use crate::policy::Policy;
use crate::registration::{self, RegistrationPolicy};
use crate::wasm::answer::answer;
use crate::wasm::message::{Members, Message};
use crate::wasm::output::{AttestationObjectOutput, AuthenticatorDataOutput, ClientDataOutput, to_js};

mod answer;
#[cfg(feature = "attestation")]
mod attestation;
mod message;
mod output;

/// Verifies a `RegistrationResponseJSON`. The calls below give the order of the values in `message`.
#[wasm_bindgen]
#[must_use]
pub fn verify_registration(message: &[u8]) -> JsValue {
    registration(message, |_| Some(Ok(AttestationPolicy::default())))
}

/// Verifies a registration with the attestation policy that `attestation` reads.
fn registration(
    message: &[u8],
    attestation: impl FnOnce(&mut Message<'_>) -> Option<Result<AttestationPolicy>>,
) -> JsValue {
    let read = Message::read(message, |message| {
        let common = message.policy()?;
        let user_presence = message.requirement()?;
        let algorithms = message.numbers()?;
        let policy = attestation(message)?.map(|attestation| RegistrationPolicy {
            common,
            algorithms,
            user_presence,
            attestation,
        });
        Some((policy, message.members(message::REGISTRATION)?))
    });
    let Some((policy, members)) = read else {
        return JsValue::UNDEFINED;
    };
    let verified = policy.and_then(|policy| {
        let response = RegistrationResponse::read(&members)?;
        Ok((registration::verify(&response, &policy)?, response.attestation_object))
    });
    answer(verified, |(registration, attestation_object)| {
        answer::registration(&registration, &attestation_object)
    })
}

/// Verifies an `AuthenticationResponseJSON` with a credential record; `public_key` is its COSE key.
#[wasm_bindgen]
#[must_use]
pub fn verify_authentication(message: &[u8], public_key: &[u8]) -> JsValue {
    match Message::read(message, Assertion::read) {
        Some(assertion) => answer(assertion.verify(public_key), |authentication| {
            answer::authentication(&authentication)
        }),
        None => JsValue::UNDEFINED,
    }
}

/// The values of an authentication's message, in their order.
struct Assertion<'a> {
    common: Policy,
    allow_credentials: Vec<String>,
    report_counter: bool,
    report_backup_eligibility: bool,
    id: &'a str,
    counter: u32,
    backup_eligible: Option<bool>,
    /// Zero or one.
    user_handle: Vec<String>,
    members: Members<'a>,
}

impl<'a> Assertion<'a> {
    fn read(message: &mut Message<'a>) -> Option<Self> {
        Some(Self {
            common: message.policy()?,
            allow_credentials: message.texts()?,
            report_counter: message.flag()?,
            report_backup_eligibility: message.flag()?,
            id: message.text()?,
            counter: message.number()?,
            backup_eligible: message.optional_flag()?,
            user_handle: message.texts()?,
            members: message.members(message::AUTHENTICATION)?,
        })
    }

    fn verify(self, public_key: &[u8]) -> Result<Authentication> {
        let allow_credentials = self.allow_credentials.iter();
        let policy = AuthenticationPolicy {
            common: self.common,
            allow_credentials: allow_credentials
                .map(|id| argument("allowCredentials", id))
                .collect::<Result<_>>()?,
            counter: if self.report_counter {
                CounterPolicy::Report
            } else {
                CounterPolicy::Reject
            },
            backup_eligibility: if self.report_backup_eligibility {
                BackupEligibilityPolicy::Report
            } else {
                BackupEligibilityPolicy::Reject
            },
        };
        let record = CredentialRecord {
            id: argument("credential.id", self.id)?,
            public_key: public_key.to_vec(),
            sign_count: self.counter,
            backup_eligible: self.backup_eligible,
            user_handle: self
                .user_handle
                .first()
                .map(|handle| argument("expectedUserHandle", handle))
                .transpose()?,
        };
        authentication::verify(&AuthenticationResponse::read(&self.members)?, &record, &policy)
    }
}

/// Parses a `clientDataJSON` in base64url, unverified.
#[wasm_bindgen]
#[must_use]
pub fn decode_client_data(text: &JsValue) -> JsValue {
    let decoded =
        decode(text, "clientDataJSON", limits::CLIENT_DATA_LEN).and_then(|bytes| CollectedClientData::parse(&bytes));
    answer(decoded, |client_data| to_js(&ClientDataOutput::from(client_data)))
}

/// Parses an `attestationObject` in base64url, unverified.
#[wasm_bindgen]
#[must_use]
pub fn decode_attestation_object(text: &JsValue) -> JsValue {
    let decoded = decode(text, "attestationObject", limits::ATTESTATION_OBJECT_LEN)
        .and_then(|bytes| AttestationObject::parse(&bytes));
    answer(decoded, |object| to_js(&AttestationObjectOutput::from(object)))
}

/// Parses an `authenticatorData` in base64url, unverified.
#[wasm_bindgen]
#[must_use]
pub fn decode_authenticator_data(text: &JsValue) -> JsValue {
    let decoded = decode(text, "authenticatorData", limits::ATTESTATION_OBJECT_LEN);
    let parsed = decoded
        .as_deref()
        .map_err(|error| *error)
        .and_then(AuthenticatorData::parse);
    answer(parsed, |data| to_js(&AuthenticatorDataOutput::from(&data)))
}

fn argument(field: &'static str, text: &str) -> Result<Vec<u8>> {
    base64url::decode(field, text).map_err(|_| Error::new(ErrorCode::PolicyMalformed, field))
}

/// The length of the text is checked before it is copied, because wasm memory never shrinks.
fn decode(text: &JsValue, field: &'static str, max_len: usize) -> Result<Vec<u8>> {
    let text = text
        .dyn_ref::<JsString>()
        .ok_or_else(|| Error::new(ErrorCode::CredentialMalformed, field))?;
    if usize::try_from(text.length()).is_ok_and(|len| len <= limits::base64url_len(max_len)) {
        base64url::decode(field, &String::from(text))
    } else {
        Err(Error::new(ErrorCode::CredentialTooLarge, field))
    }
}
