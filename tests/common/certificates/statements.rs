//! A registration to attest, and the certificate to attest it with, made for tests.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use ciborium::Value;

use super::{AttestationPolicy, Attested, Evidence, evidence};
use crate::cose::CredentialPublicKey;
use crate::error::{ErrorCode, Result};
use crate::signature::PublicKey;
use crate::x509::testing::{BASIC_CONSTRAINTS, Builder, Key, constraints, p256_point};

/// The key pair of the credential, by its number.
pub(super) const CREDENTIAL: u8 = 1;

/// That of the attestation certificate.
pub(super) const ATTESTATION: u8 = 2;

/// What 8.2.1 asks of a subject.
pub(super) const SUBJECT: [(&str, &str); 4] = [
    ("2.5.4.6", "AA"),
    ("2.5.4.10", "Vendor"),
    ("2.5.4.11", "Authenticator Attestation"),
    ("2.5.4.3", "Model"),
];

/// What an authenticator made, and what the relying party asks of it.
pub(super) struct Sample {
    pub(super) authenticator_data: Vec<u8>,
    pub(super) client_data_hash: [u8; 32],
    pub(super) rp_id_hash: [u8; 32],
    pub(super) aaguid: [u8; 16],
    pub(super) credential_id: Vec<u8>,
    pub(super) key: CredentialPublicKey,
    public_key: PublicKey,
    pub(super) policy: AttestationPolicy,
}

impl Sample {
    pub(super) fn new() -> Self {
        let point = p256_point(CREDENTIAL);
        let (x, y) = point[1..].split_at(32);
        let key = cose_key(&[
            (1, 2.into()),
            (3, (-7).into()),
            (-1, 1.into()),
            (-2, Value::Bytes(x.to_vec())),
            (-3, Value::Bytes(y.to_vec())),
        ]);
        Self {
            authenticator_data: b"authenticator data".to_vec(),
            client_data_hash: [3; 32],
            rp_id_hash: [4; 32],
            aaguid: [5; 16],
            credential_id: b"credential".to_vec(),
            public_key: key.public_key().unwrap(),
            key,
            policy: AttestationPolicy::default(),
        }
    }

    pub(super) fn attested(&self) -> Attested<'_> {
        Attested {
            authenticator_data: &self.authenticator_data,
            client_data_hash: &self.client_data_hash,
            rp_id_hash: &self.rp_id_hash,
            aaguid: &self.aaguid,
            credential_id: &self.credential_id,
            key: &self.key,
            public_key: &self.public_key,
            policy: &self.policy,
        }
    }

    pub(super) fn verify(&self, format: &str, statement: Value) -> Result<Evidence> {
        evidence(format, statement, &self.attested())
    }

    /// None if the statement is accepted.
    pub(super) fn refusal(&self, format: &str, statement: Value) -> Option<ErrorCode> {
        self.verify(format, statement).err().map(|error| error.code)
    }
}

/// A credential key of another kind.
pub(super) fn ed25519_key() -> CredentialPublicKey {
    cose_key(&[
        (1, 1.into()),
        (3, (-8).into()),
        (-1, 6.into()),
        (-2, Value::Bytes(vec![7; 32])),
    ])
}

fn cose_key(parameters: &[(i64, Value)]) -> CredentialPublicKey {
    let parameter = |(label, value): &(i64, Value)| ((*label).into(), value.clone());
    CredentialPublicKey::from_value("key", Value::Map(parameters.iter().map(parameter).collect())).unwrap()
}

pub(super) fn sign(key: u8, message: &[u8]) -> Vec<u8> {
    (Key::p256(key).sign)(message)
}

/// A certificate for a key, as 8.2.1 asks for.
pub(super) fn certificate(key: u8) -> Builder {
    Builder::leaf("", &Key::p256(key))
        .subject(&SUBJECT)
        .extension(BASIC_CONSTRAINTS, true, &constraints(false, None))
}

/// The certificate by a CA.
pub(super) fn issue(certificate: &Builder) -> Vec<u8> {
    certificate.signed_by("CA", &Key::p256(9))
}

/// A CBOR map with text keys.
pub(super) fn map(members: &[(&str, Value)]) -> Value {
    let member = |(key, value): &(&str, Value)| (Value::Text((*key).to_string()), value.clone());
    Value::Map(members.iter().map(member).collect())
}

pub(super) fn x5c(certificates: &[Vec<u8>]) -> Value {
    Value::Array(certificates.iter().cloned().map(Value::Bytes).collect())
}
