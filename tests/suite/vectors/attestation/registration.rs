//! The attested registration of a software authenticator.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{CREDENTIAL, root};
use crate::common::certificates::statements::{map, sign};
use crate::common::certificates::{NOW, algorithms, p256_point};

const ORIGIN: &str = "https://example.org";
const RP_ID: &str = "example.org";
const CREDENTIAL_ID: &[u8] = b"credential of attestation";

pub(super) const AAGUID: [u8; 16] = [
    0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0,
];
pub(super) const AAGUID_TEXT: &str = "12345678-9abc-def0-1234-56789abcdef0";

pub(super) struct Registration {
    /// The credential's key, a COSE key.
    cose: Vec<u8>,
    aaguid: [u8; 16],
    pub(super) counter: u32,
    pub(super) cross_origin: Option<bool>,
    pub(super) credential_id: Vec<u8>,
}

impl Registration {
    /// A registration of a key on P-256.
    pub(super) fn new() -> Self {
        let point = p256_point(CREDENTIAL);
        let (x, y) = point[1..].split_at(32);
        Self::of_key(&[
            (1, 2.into()),
            (3, (-7).into()),
            (-1, 1.into()),
            (-2, Cbor::Bytes(x.to_vec())),
            (-3, Cbor::Bytes(y.to_vec())),
        ])
    }

    /// A registration of an RSA key of 2048 bits.
    pub(super) fn rsa() -> Self {
        Self::of_key(&[
            (1, 3.into()),
            (3, (-257).into()),
            (-1, Cbor::Bytes(rsa_modulus())),
            (-2, Cbor::Bytes(vec![1, 0, 1])),
        ])
    }

    /// U2F authenticators have no AAGUID.
    pub(super) fn u2f() -> Self {
        Self {
            aaguid: [0; 16],
            ..Self::new()
        }
    }

    fn of_key(parameters: &[(i64, Cbor)]) -> Self {
        let parameter = |(label, value): &(i64, Cbor)| ((*label).into(), value.clone());
        Self {
            cose: cbor(&Cbor::Map(parameters.iter().map(parameter).collect())),
            aaguid: AAGUID,
            counter: 0,
            cross_origin: Some(false),
            credential_id: CREDENTIAL_ID.to_vec(),
        }
    }

    pub(super) fn rp_id_hash() -> [u8; 32] {
        Sha256::digest(RP_ID).into()
    }

    fn client_data(&self) -> Vec<u8> {
        let mut client_data = json!({ "type": "webauthn.create", "challenge": challenge(), "origin": ORIGIN });
        if let Some(cross_origin) = self.cross_origin {
            client_data["crossOrigin"] = cross_origin.into();
        }
        client_data.to_string().into_bytes()
    }

    pub(super) fn client_data_hash(&self) -> [u8; 32] {
        Sha256::digest(self.client_data()).into()
    }

    /// UP, UV and AT are set.
    pub(super) fn authenticator_data(&self) -> Vec<u8> {
        let len = u16::try_from(self.credential_id.len()).unwrap();
        [
            &Self::rp_id_hash()[..],
            &[0x45],
            &self.counter.to_be_bytes(),
            &self.aaguid,
            &len.to_be_bytes(),
            &self.credential_id,
            &self.cose,
        ]
        .concat()
    }

    /// The data that most formats sign.
    pub(super) fn signed_data(&self) -> Vec<u8> {
        [&self.authenticator_data()[..], &self.client_data_hash()].concat()
    }

    /// The signature of the credential's key on P-256.
    pub(super) fn sign(&self) -> Vec<u8> {
        sign(CREDENTIAL, &self.signed_data())
    }

    /// The case of a relying party that trusts only the root.
    pub(super) fn case(&self, format: &str, statement: Cbor) -> Value {
        let object = map(&[
            ("fmt", Cbor::Text(format.into())),
            ("attStmt", statement),
            ("authData", Cbor::Bytes(self.authenticator_data())),
        ]);
        let id = encode(&self.credential_id);
        json!({
            "name": "",
            "ceremony": "registration",
            "expectedChallenge": challenge(),
            "expectedOrigin": ORIGIN,
            "expectedRPID": RP_ID,
            "requireUserVerification": true,
            "allowedAlgorithms": [-8, -7, -257],
            "trustAnchors": [encode(&root())],
            "requireTrustedAttestation": true,
            "now": NOW,
            "response": {
                "id": id,
                "rawId": id,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": encode(&self.client_data()),
                    "attestationObject": encode(&cbor(&object)),
                    "transports": ["usb"],
                },
            },
        })
    }
}

/// The modulus of the RSA key. In DER, the exponent follows it: three bytes and their header.
pub(super) fn rsa_modulus() -> Vec<u8> {
    let public = algorithms::rsa(2048).public;
    public[public.len().saturating_sub(261)..][..256].to_vec()
}

pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn challenge() -> String {
    encode(&Sha256::digest(b"challenge"))
}

fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}
