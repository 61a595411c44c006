//! A software authenticator and its client, with fixed keys. It makes the project's own vectors.

use base64::Engine;
use ciborium::cbor;
use ed25519_dalek::Signer;
use p256::ecdsa::signature::SignatureEncoding;
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use touchstone_webauthn::Value as Cbor;

use super::encode;

const RSA_KEY: &str = include_str!("../vectors/keys/rsa-2048.pem");

/// A key pair of one algorithm. The keys are fixed, so that every run makes the same vectors.
pub enum Key {
    Es256(Box<p256::ecdsa::SigningKey>),
    EdDsa(Box<ed25519_dalek::SigningKey>),
    Rs256(Box<RsaPrivateKey>),
}

impl Key {
    pub fn es256(seed: u8) -> Self {
        Self::Es256(Box::new(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap()))
    }

    pub fn eddsa(seed: u8) -> Self {
        Self::EdDsa(Box::new(ed25519_dalek::SigningKey::from_bytes(&[seed; 32])))
    }

    pub fn rs256() -> Self {
        Self::Rs256(Box::new(RsaPrivateKey::from_pkcs8_pem(RSA_KEY).unwrap()))
    }

    pub fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => -7,
            Self::EdDsa(_) => -8,
            Self::Rs256(_) => -257,
        }
    }

    /// The entries of the COSE key in canonical order.
    pub fn cose(&self) -> Vec<(i64, Cbor)> {
        let alg = self.algorithm().into();
        match self {
            Self::Es256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let (x, y) = (point.x().unwrap().to_vec(), point.y().unwrap().to_vec());
                vec![
                    (1, 2.into()),
                    (3, alg),
                    (-1, 1.into()),
                    (-2, Cbor::Bytes(x)),
                    (-3, Cbor::Bytes(y)),
                ]
            }
            Self::EdDsa(key) => {
                let x = key.verifying_key().to_bytes().to_vec();
                vec![(1, 1.into()), (3, alg), (-1, 6.into()), (-2, Cbor::Bytes(x))]
            }
            Self::Rs256(key) => {
                let n = key.n_bytes().into_vec();
                let e = key.e_bytes().into_vec();
                vec![(1, 3.into()), (3, alg), (-1, Cbor::Bytes(n)), (-2, Cbor::Bytes(e))]
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::EdDsa(key) => key.sign(message).to_bytes().to_vec(),
            Self::Rs256(key) => {
                let key = rsa::pkcs1v15::SigningKey::<Sha256>::new((**key).clone());
                key.sign(message).to_vec()
            }
        }
    }
}

pub fn cbor_bytes(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub fn cose_bytes(entries: &[(i64, Cbor)]) -> Vec<u8> {
    cbor_bytes(&Cbor::Map(
        entries
            .iter()
            .map(|(label, value)| ((*label).into(), value.clone()))
            .collect(),
    ))
}

pub const UP: u8 = 0x01;
pub const UV: u8 = 0x04;
pub const BE: u8 = 0x08;
pub const BS: u8 = 0x10;
pub const AT: u8 = 0x40;
pub const ED: u8 = 0x80;

/// A ceremony before it is signed. Every part can be changed, and the signature covers the change.
pub struct Ceremony {
    pub key: Key,
    pub credential_id: Vec<u8>,
    pub challenge: Vec<u8>,
    pub origin: String,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    pub user_handle: Option<Vec<u8>>,
    /// Members of the client data that are added to type, challenge and origin, or replace them.
    pub client_data: Value,
    /// Replaces the client data's JSON.
    pub client_data_bytes: Option<Vec<u8>>,
    /// Replaces the bytes of the COSE key.
    pub cose: Option<Vec<u8>>,
    /// Bytes at the end of the authenticator data, after the parts that its flags announce.
    pub tail: Vec<u8>,
    /// How many bytes are cut from the end of the authenticator data.
    pub cut: usize,
    pub format: &'static str,
    /// Replaces the attestation statement of the format.
    pub statement: Option<Cbor>,
}

pub const ORIGIN: &str = "https://example.org";
pub const RP_ID: &str = "example.org";

impl Ceremony {
    pub fn new(key: Key) -> Self {
        Self {
            key,
            credential_id: Sha256::digest(b"credential").to_vec(),
            challenge: Sha256::digest(b"challenge").to_vec(),
            origin: ORIGIN.into(),
            rp_id: RP_ID.into(),
            flags: UP | UV | BE | BS,
            counter: 0,
            user_handle: Some(b"handle of the user".to_vec()),
            client_data: json!({}),
            client_data_bytes: None,
            cose: None,
            tail: Vec::new(),
            cut: 0,
            format: "none",
            statement: None,
        }
    }

    fn client_data(&self, ceremony_type: &str) -> Vec<u8> {
        let mut client_data = json!({
            "type": ceremony_type,
            "challenge": encode(&self.challenge),
            "origin": self.origin,
            "crossOrigin": false,
        });
        for (member, value) in self.client_data.as_object().unwrap() {
            client_data[member] = value.clone();
        }
        self.client_data_bytes
            .clone()
            .unwrap_or_else(|| client_data.to_string().into_bytes())
    }

    pub fn public_key(&self) -> Vec<u8> {
        self.cose.clone().unwrap_or_else(|| cose_bytes(&self.key.cose()))
    }

    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.rp_id.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        if flags & AT != 0 {
            data.extend([0; 16]);
            data.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
            data.extend(&self.credential_id);
            data.extend(self.public_key());
        }
        data.extend(&self.tail);
        data.truncate(data.len() - self.cut);
        data
    }

    /// The case of a registration. It succeeds unless something was changed.
    pub fn registration(&self, name: &str) -> Value {
        let client_data = self.client_data("webauthn.create");
        // If a test sets AT, the credential is left out.
        let flags = if self.flags & AT == 0 {
            self.flags | AT
        } else {
            self.flags & !AT
        };
        let data = self.authenticator_data(flags);
        let statement = self.statement.clone().unwrap_or_else(|| match self.format {
            "packed" => {
                let signature = self.key.sign(&[&data[..], &Sha256::digest(&client_data)].concat());
                cbor!({ "alg" => self.key.algorithm(), "sig" => Cbor::Bytes(signature) }).unwrap()
            }
            _ => cbor!({}).unwrap(),
        });
        let object = cbor!({ "fmt" => self.format, "attStmt" => statement, "authData" => Cbor::Bytes(data) }).unwrap();
        let id = encode(&self.credential_id);
        json!({
            "name": name,
            "ceremony": "registration",
            "expectedChallenge": encode(&Sha256::digest(b"challenge")),
            "expectedOrigin": ORIGIN,
            "expectedRPID": RP_ID,
            "requireUserVerification": true,
            "allowedAlgorithms": [-8, -7, -257],
            "response": {
                "id": id,
                "rawId": id,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": encode(&client_data),
                    "attestationObject": encode(&cbor_bytes(&object)),
                    "transports": ["internal"],
                },
            },
        })
    }

    /// The case of an assertion. It succeeds unless something was changed.
    pub fn authentication(&self, name: &str) -> Value {
        let client_data = self.client_data("webauthn.get");
        let data = self.authenticator_data(self.flags);
        let signature = self.key.sign(&[&data[..], &Sha256::digest(&client_data)].concat());
        let id = encode(&self.credential_id);
        json!({
            "name": name,
            "ceremony": "authentication",
            "expectedChallenge": encode(&Sha256::digest(b"challenge")),
            "expectedOrigin": ORIGIN,
            "expectedRPID": RP_ID,
            "requireUserVerification": true,
            "credential": { "id": id, "publicKey": encode(&self.public_key()), "counter": 0 },
            "response": {
                "id": id,
                "rawId": id,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": encode(&client_data),
                    "authenticatorData": encode(&data),
                    "signature": encode(&signature),
                    "userHandle": self.user_handle.as_ref().map(|handle| encode(handle)),
                },
            },
        })
    }
}

/// The bytes of an attestation object, for changes that the encoder would not write.
pub fn attestation_object(case: &Value) -> Vec<u8> {
    let text = case["response"]["response"]["attestationObject"].as_str().unwrap();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}
