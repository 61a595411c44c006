//! Statements of each format except TPM. They are valid unless the caller passes something wrong.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::registration::Registration;
use super::{ATTESTATION, CREDENTIAL, chain};
use crate::common::certificates::statements::{certificate, map, sign, x5c};
use crate::common::certificates::{Builder, Key, NOW, p256_key, p256_point, sequence, tlv};

/// A packed statement, signed with the attestation key.
pub(super) fn packed(registration: &Registration, certificates: &[Vec<u8>]) -> Cbor {
    packed_by(-7, sign(ATTESTATION, &registration.signed_data()), certificates)
}

pub(super) fn packed_by(algorithm: i64, signature: Vec<u8>, certificates: &[Vec<u8>]) -> Cbor {
    map(&[
        ("alg", algorithm.into()),
        ("sig", Cbor::Bytes(signature)),
        ("x5c", x5c(certificates)),
    ])
}

pub(super) fn packed_leaf() -> Builder {
    certificate(ATTESTATION)
}

pub(super) fn packed_self(registration: &Registration) -> Cbor {
    map(&[("alg", (-7).into()), ("sig", Cbor::Bytes(registration.sign()))])
}

/// A leaf that names its model.
pub(super) fn leaf_of_model(aaguid: &[u8; 16]) -> Builder {
    packed_leaf().extension("1.3.6.1.4.1.45724.1.1.4", false, &tlv(4, &[aaguid]))
}

pub(super) fn u2f(registration: &Registration, certificates: &[Vec<u8>]) -> Cbor {
    let data = [
        &[0][..],
        &Registration::rp_id_hash(),
        &registration.client_data_hash(),
        &registration.credential_id,
        &p256_point(CREDENTIAL),
    ]
    .concat();
    map(&[
        ("sig", Cbor::Bytes(sign(ATTESTATION, &data))),
        ("x5c", x5c(certificates)),
    ])
}

pub(super) fn apple(certificates: &[Vec<u8>]) -> Cbor {
    map(&[("x5c", x5c(certificates))])
}

/// A leaf for the credential's key, with the hash of the registration.
pub(super) fn apple_leaf(registration: &Registration) -> Builder {
    let nonce = Sha256::digest(registration.signed_data());
    let value = sequence(&[&tlv(0xa1, &[&tlv(4, &[&nonce])])]);
    Builder::leaf("Apple", &Key::p256(CREDENTIAL)).extension("1.2.840.113635.100.8.2", false, &value)
}

/// Android's key attestation, signed with the credential's own key.
pub(super) fn android_key(registration: &Registration, certificates: &[Vec<u8>]) -> Cbor {
    packed_by(-7, registration.sign(), certificates)
}

/// A leaf whose key description has these fields in the software list and in the hardware list.
pub(super) fn android_leaf(challenge: &[u8], level: u8, software: &[&[u8]], hardware: &[&[u8]]) -> Builder {
    let version = tlv(2, &[&[1, 0x2c]]);
    let level = tlv(10, &[&[level]]);
    let description = sequence(&[
        &version,
        &level,
        &version,
        &level,
        &tlv(4, &[challenge]),
        &tlv(4, &[]),
        &sequence(software),
        &sequence(hardware),
    ]);
    Builder::leaf("Android Keystore Key", &Key::p256(CREDENTIAL)).extension(
        "1.3.6.1.4.1.11129.2.1.17",
        false,
        &description,
    )
}

/// Fields of a key description: for signing, generated in place, and for all applications.
pub(super) const TO_SIGN: &[u8] = &[0xa1, 5, 0x31, 3, 2, 1, 2];
pub(super) const GENERATED: &[u8] = &[0xbf, 0x85, 0x3e, 3, 2, 1, 0];
pub(super) const FOR_ALL: &[u8] = &[0xbf, 0x84, 0x58, 2, 5, 0];

/// A response of SafetyNet with this payload.
pub(super) fn safetynet(payload: &Value, certificates: &[Vec<u8>]) -> Cbor {
    let certificates: Vec<_> = certificates.iter().map(|der| STANDARD.encode(der)).collect();
    let header = json!({ "alg": "ES256", "x5c": certificates }).to_string();
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload.to_string())
    );
    let signature: Signature = p256_key(ATTESTATION).sign(signed.as_bytes());
    let response = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()));
    map(&[
        ("ver", Cbor::Text("14366018".into())),
        ("response", Cbor::Bytes(response.into_bytes())),
    ])
}

pub(super) fn safetynet_payload(registration: &Registration) -> Value {
    json!({
        "nonce": STANDARD.encode(Sha256::digest(registration.signed_data())),
        "timestampMs": NOW.saturating_mul(1000),
        "apkPackageName": "com.google.android.gms",
        "ctsProfileMatch": true,
        "basicIntegrity": true,
    })
}

pub(super) fn safetynet_leaf(host: &str) -> Builder {
    let names = sequence(&[&tlv(0x82, &[host.as_bytes()])]);
    Builder::leaf(host, &Key::p256(ATTESTATION)).extension("2.5.29.17", false, &names)
}

/// A compound of statements, each with its format.
pub(super) fn compound(statements: &[(&str, Cbor)]) -> Cbor {
    let part = |(format, statement): &(&str, Cbor)| {
        map(&[("fmt", Cbor::Text((*format).into())), ("attStmt", statement.clone())])
    };
    Cbor::Array(statements.iter().map(part).collect())
}

/// The chain of the packed leaf.
pub(super) fn packed_chain() -> Vec<Vec<u8>> {
    chain(&packed_leaf())
}
