//! A registration to attest, for the unit tests of the formats. They call the private [`evidence`].

use alloc::vec;
use alloc::vec::Vec;

use ciborium::Value;

use super::{AttestationPolicy, Attested, Evidence, evidence};
use crate::certificates::p256_point;
use crate::certificates::statements::CREDENTIAL;
use crate::cose::CredentialPublicKey;
use crate::error::{ErrorCode, Result};
use crate::signature::PublicKey;

/// What an authenticator made and what the relying party requires.
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
