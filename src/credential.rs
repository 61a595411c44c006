//! The JSON form of a `PublicKeyCredential`, as a client sends it, decoded. Spec: 5.1, `RegistrationResponseJSON`,
//! `AuthenticationResponseJSON`.
//!
//! Only the members that verification needs are read. A registration repeats `authenticatorData` and `publicKey`; these
//! copies are ignored, because the attestation object has the originals.

use alloc::vec::Vec;

use crate::base64url;
use crate::error::{Error, ErrorCode, Result};
use crate::limits;

/// A new credential, as the client sends it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RegistrationResponse {
    /// The credential ID that the client names.
    pub raw_id: Vec<u8>,
    /// The client data: the bytes that are hashed.
    pub client_data_json: Vec<u8>,
    /// The attestation object.
    pub attestation_object: Vec<u8>,
}

/// An assertion, as the client sends it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AuthenticationResponse {
    /// The credential ID that the client names.
    pub raw_id: Vec<u8>,
    /// The client data, the very bytes that are hashed.
    pub client_data_json: Vec<u8>,
    /// The authenticator data: the bytes that are signed.
    pub authenticator_data: Vec<u8>,
    /// The signature over the authenticator data and the client data's hash.
    pub signature: Vec<u8>,
    /// The user handle, if the authenticator returned one.
    pub user_handle: Option<Vec<u8>>,
}

/// A JSON object from outside, in any representation.
pub(crate) trait Object {
    /// A member that is an object.
    fn object(&self, key: &'static str) -> Option<&Self>;

    /// A member that is text of at most `max_len` bytes. `None` if it is absent or null.
    fn text(&self, key: &'static str, max_len: usize) -> core::result::Result<Option<&str>, ErrorCode>;
}

impl RegistrationResponse {
    /// Parses a `RegistrationResponseJSON`. Safe on untrusted input; time and memory are bounded by its length.
    ///
    /// # Errors
    ///
    /// `CREDENTIAL_MALFORMED`, `CREDENTIAL_FIELD_MISSING`, `CREDENTIAL_TOO_LARGE`, `CREDENTIAL_TYPE_UNSUPPORTED`,
    /// `CREDENTIAL_ID_MISMATCH`, `ENCODING_MALFORMED`.
    pub fn from_json(json: &str) -> Result<Self> {
        Self::read(&parse_json(json)?)
    }

    pub(crate) fn read(credential: &impl Object) -> Result<Self> {
        let raw_id = read_raw_id(credential)?;
        let response = read_response(credential)?;
        Ok(Self {
            raw_id,
            client_data_json: read_client_data(response)?,
            attestation_object: required(
                response,
                "attestationObject",
                "response.attestationObject",
                limits::ATTESTATION_OBJECT_LEN,
            )?,
        })
    }
}

impl AuthenticationResponse {
    /// Parses an `AuthenticationResponseJSON`. Safe on untrusted input; time and memory are bounded by its length.
    ///
    /// # Errors
    ///
    /// Those of [`RegistrationResponse::from_json`], and `USER_HANDLE_MALFORMED`.
    pub fn from_json(json: &str) -> Result<Self> {
        Self::read(&parse_json(json)?)
    }

    pub(crate) fn read(credential: &impl Object) -> Result<Self> {
        const USER_HANDLE: &str = "response.userHandle";
        let raw_id = read_raw_id(credential)?;
        let response = read_response(credential)?;
        let client_data_json = read_client_data(response)?;
        let authenticator_data = required(
            response,
            "authenticatorData",
            "response.authenticatorData",
            limits::AUTHENTICATOR_DATA_LEN,
        )?;
        let signature = required(response, "signature", "response.signature", limits::SIGNATURE_LEN)?;
        // Some native clients write an empty string instead of omitting the user handle.
        let user_handle = optional(response, "userHandle", USER_HANDLE, limits::CLIENT_DATA_LEN)?
            .filter(|user_handle| !user_handle.is_empty());
        if user_handle
            .as_ref()
            .is_some_and(|user_handle| user_handle.len() > limits::USER_HANDLE_LEN)
        {
            return Err(Error::new(ErrorCode::UserHandleMalformed, USER_HANDLE));
        }
        Ok(Self {
            raw_id,
            client_data_json,
            authenticator_data,
            signature,
            user_handle,
        })
    }
}

/// 5.1: the type is "public-key", and `id` is the base64url of `rawId`.
fn read_raw_id(credential: &impl Object) -> Result<Vec<u8>> {
    let id = required_text(credential, "id", ErrorCode::CredentialIdTooLarge)?;
    let raw_id = required_text(credential, "rawId", ErrorCode::CredentialIdTooLarge)?;
    let bytes = base64url::decode("rawId", raw_id)?;
    if bytes.is_empty() {
        return Err(Error::new(ErrorCode::CredentialFieldMissing, "rawId"));
    }
    if id != raw_id {
        return Err(Error::new(ErrorCode::CredentialIdMismatch, "id"));
    }
    if required_text(credential, "type", ErrorCode::CredentialTypeUnsupported)? != "public-key" {
        return Err(Error::new(ErrorCode::CredentialTypeUnsupported, "type"));
    }
    Ok(bytes)
}

fn read_response<T: Object>(credential: &T) -> Result<&T> {
    credential
        .object("response")
        .ok_or_else(|| Error::new(ErrorCode::CredentialFieldMissing, "response"))
}

fn read_client_data(response: &impl Object) -> Result<Vec<u8>> {
    required(
        response,
        "clientDataJSON",
        "response.clientDataJSON",
        limits::CLIENT_DATA_LEN,
    )
}

fn required(object: &impl Object, key: &'static str, field: &'static str, max_len: usize) -> Result<Vec<u8>> {
    optional(object, key, field, max_len)?.ok_or_else(|| Error::new(ErrorCode::CredentialFieldMissing, field))
}

fn optional(object: &impl Object, key: &'static str, field: &'static str, max_len: usize) -> Result<Option<Vec<u8>>> {
    let text = object
        .text(key, limits::base64url_len(max_len))
        .map_err(|code| Error::new(code, field))?;
    text.map(|text| base64url::decode(field, text)).transpose()
}

/// A member of the credential itself. It is not longer than a credential ID in base64url.
fn required_text<'a>(credential: &'a impl Object, key: &'static str, too_large: ErrorCode) -> Result<&'a str> {
    match credential.text(key, limits::base64url_len(limits::CREDENTIAL_ID_LEN)) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(Error::new(ErrorCode::CredentialFieldMissing, key)),
        Err(ErrorCode::CredentialTooLarge) => Err(Error::new(too_large, key)),
        Err(code) => Err(Error::new(code, key)),
    }
}

fn parse_json(json: &str) -> Result<serde_json::Value> {
    let malformed = Error::new(ErrorCode::CredentialMalformed, "credential");
    let value: serde_json::Value = serde_json::from_str(json).map_err(|_| malformed)?;
    if value.is_object() { Ok(value) } else { Err(malformed) }
}

impl Object for serde_json::Value {
    fn object(&self, key: &'static str) -> Option<&Self> {
        self.get(key).filter(|member| member.is_object())
    }

    fn text(&self, key: &'static str, max_len: usize) -> core::result::Result<Option<&str>, ErrorCode> {
        match self.get(key) {
            None | Some(Self::Null) => Ok(None),
            Some(Self::String(text)) if text.len() <= max_len => Ok(Some(text)),
            Some(Self::String(_)) => Err(ErrorCode::CredentialTooLarge),
            Some(_) => Err(ErrorCode::CredentialMalformed),
        }
    }
}

#[cfg(test)]
mod tests;
