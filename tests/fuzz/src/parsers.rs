//! The parsers: accepted input is encoded to the same bytes again, or another parser reads the same value.

use ciborium::Value;

use crate::attestation::AttestationObject;
use crate::authenticator_data::AuthenticatorData;
use crate::client_data::CollectedClientData;
use crate::cose::CredentialPublicKey;
use crate::credential::{AuthenticationResponse, RegistrationResponse};
use crate::{cbor, limits};

const FIELD: &str = "fuzz";

pub(crate) fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("memory to write to");
    bytes
}

/// Accepted CBOR has the shortest form, and everything that obeys the rules is accepted.
pub(crate) fn cbor(data: &[u8]) {
    let ours = cbor::parse(FIELD, data).ok();
    if let Some(value) = &ours {
        assert_eq!(write(value), data);
    }
    let library = ciborium::from_reader::<Value, _>(data).ok();
    let canonical = library.filter(|value| write(value) == data && obeys(value, limits::CBOR_DEPTH));
    let items = canonical.as_ref().map(count);
    // Compare only where the library is exact: it accepts too many items, and some malformed ones.
    if items.is_some_and(|items| items <= limits::CBOR_ITEMS) && !data.contains(&0xf7) {
        assert_eq!(ours, canonical);
    } else {
        assert!(ours.is_none() || data.contains(&0xf7));
    }
}

/// No floats, no tags, no duplicate keys, not too deep.
fn obeys(value: &Value, depth_left: usize) -> bool {
    match value {
        Value::Float(_) | Value::Tag(..) => false,
        Value::Array(items) => depth_left > 0 && items.iter().all(|item| obeys(item, depth_left - 1)),
        Value::Map(entries) => {
            let twice = |i: usize| entries[..i].iter().any(|(known, _)| *known == entries[i].0);
            depth_left > 0
                && !(0..entries.len()).any(twice)
                && entries
                    .iter()
                    .all(|(key, value)| obeys(key, depth_left - 1) && obeys(value, depth_left - 1))
        }
        _ => true,
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Map(entries) => entries.iter().map(|(key, value)| count(key) + count(value)).sum(),
        _ => 0,
    }
}

/// An accepted key has the parameters in its bytes, and refuses the input as a signature.
pub(crate) fn cose(data: &[u8]) {
    let Ok(parsed) = CredentialPublicKey::parse(FIELD, data) else {
        return;
    };
    assert!(data.len() <= limits::PUBLIC_KEY_LEN);
    let value = cbor::parse(FIELD, data).expect("a COSE key is CBOR");
    assert_eq!(write(&value), data);
    assert_eq!(
        CredentialPublicKey::from_value(FIELD, value.clone()),
        Ok(parsed.clone())
    );
    let entries = value.into_map().expect("a COSE key is a map");
    let algorithm = entries.iter().find(|(key, _)| *key == 3.into());
    assert_eq!(algorithm.map(|(_, value)| value), Some(&parsed.algorithm.into()));
    if let Ok(key) = parsed.public_key() {
        for signature in [&[][..], data] {
            assert!(key.verify(FIELD, b"message", signature).is_err());
        }
    }
}

/// Accepted client data is JSON for the library too, with the same members.
pub(crate) fn client_data(data: &[u8]) {
    let Ok(parsed) = CollectedClientData::parse(data) else {
        return;
    };
    let text = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let value: serde_json::Value = match serde_json::from_slice(text) {
        Ok(value) => value,
        // Ignored members may have numbers and depths that the library refuses.
        Err(_) => return,
    };
    let members = value.as_object().expect("client data is an object");
    let text = |name: &str| members.get(name).and_then(serde_json::Value::as_str);
    assert_eq!(parsed.ceremony_type, text("type").unwrap_or_default());
    assert_eq!(parsed.challenge, text("challenge").unwrap_or_default());
    assert_eq!(parsed.origin, text("origin").unwrap_or_default());
    assert_eq!(parsed.top_origin.as_deref(), text("topOrigin"));
    let cross_origin = members.get("crossOrigin").and_then(serde_json::Value::as_bool);
    assert_eq!(parsed.cross_origin, cross_origin);
}

/// Accepted authenticator data is the sum of its parts.
pub(crate) fn authenticator_data(data: &[u8]) {
    let Ok(parsed) = AuthenticatorData::parse(data) else {
        return;
    };
    let mut again = [&parsed.rp_id_hash[..], &data[32..33], &parsed.sign_count.to_be_bytes()].concat();
    assert_eq!(parsed.flags, crate::authenticator_data::Flags::new(data[32]));
    assert_eq!(
        parsed.flags.attested_credential_data(),
        parsed.attested_credential_data.is_some()
    );
    assert_eq!(parsed.flags.extension_data(), parsed.extensions.is_some());
    if let Some(credential) = &parsed.attested_credential_data {
        let id = credential.credential_id;
        assert!((1..=limits::CREDENTIAL_ID_LEN).contains(&id.len()));
        again.extend(credential.aaguid);
        again.extend((id.len() as u16).to_be_bytes());
        again.extend(id);
        again.extend(credential.credential_public_key);
        assert_eq!(
            write(&credential.credential_public_key_value),
            credential.credential_public_key
        );
    }
    if let Some(extensions) = parsed.extensions {
        let entries = extensions.into_iter().map(|(name, value)| (name.into(), value));
        again.extend(write(&Value::Map(entries.collect())));
    }
    assert_eq!(again, data);
}

/// An accepted attestation object is a map with these three members.
pub(crate) fn attestation_object(data: &[u8]) {
    let Ok(parsed) = AttestationObject::parse(data) else {
        return;
    };
    let value = cbor::parse(FIELD, data).expect("an attestation object is CBOR");
    assert_eq!(write(&value), data);
    let entries = value.into_map().expect("an attestation object is a map");
    assert_eq!(entries.len(), 3);
    let member = |name: &str| {
        &entries
            .iter()
            .find(|(key, _)| key.as_text() == Some(name))
            .expect(name)
            .1
    };
    assert_eq!(member("fmt").as_text(), Some(parsed.format.as_str()));
    assert_eq!(member("authData").as_bytes(), Some(&parsed.authenticator_data));
    assert_eq!(member("attStmt"), &parsed.statement);
    assert!(parsed.statement.is_map() || parsed.statement.is_array());
    authenticator_data(&parsed.authenticator_data);
}

/// Accepted responses are within the limits.
pub(crate) fn credential(data: &[u8]) {
    let Ok(json) = core::str::from_utf8(data) else { return };
    if let Ok(response) = RegistrationResponse::from_json(json) {
        assert!((1..=limits::CREDENTIAL_ID_LEN).contains(&response.raw_id.len()));
        assert!(response.client_data_json.len() <= limits::CLIENT_DATA_LEN);
        assert!(response.attestation_object.len() <= limits::ATTESTATION_OBJECT_LEN);
    }
    if let Ok(response) = AuthenticationResponse::from_json(json) {
        assert!((1..=limits::CREDENTIAL_ID_LEN).contains(&response.raw_id.len()));
        assert!(response.client_data_json.len() <= limits::CLIENT_DATA_LEN);
        assert!(response.authenticator_data.len() <= limits::AUTHENTICATOR_DATA_LEN);
        assert!(response.signature.len() <= limits::SIGNATURE_LEN);
        let handle = response.user_handle.as_ref();
        assert!(handle.is_none_or(|handle| (1..=limits::USER_HANDLE_LEN).contains(&handle.len())));
    }
}
