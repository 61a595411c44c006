//! Refusals of the attestation object and of the authenticator data.

use serde_json::json;
use touchstone_webauthn::Value as Cbor;
use touchstone_webauthn::error::ErrorCode::*;

use super::{
    AUTH_DATA, KEY, OBJECT, Refusal, authenticated, authentication, bent, object, registered, registration, with_key,
};
use crate::common::authenticator::{AT, BE, BS, ED, UP, UV, cose_bytes};

/// 7.1 step 13.
pub(super) fn form() -> Vec<Refusal> {
    vec![
        (
            "object-truncated",
            CborMalformed,
            OBJECT,
            object(|bytes| bytes[..bytes.len() - 1].to_vec()),
        ),
        (
            "object-trailing",
            CborTrailingData,
            OBJECT,
            object(|bytes| [bytes, vec![0]].concat()),
        ),
        (
            "object-duplicate",
            CborDuplicate,
            OBJECT,
            object(|_| b"\xa2\x63fmt\x64none\x63fmt\x64none".to_vec()),
        ),
        (
            "object-indefinite",
            CborUnsupported,
            OBJECT,
            object(|_| b"\xbf\xff".to_vec()),
        ),
        (
            "object-deep",
            CborTooLarge,
            OBJECT,
            object(|_| [vec![0x81; 100], vec![0]].concat()),
        ),
        (
            "object-of-another-kind",
            AttestationObjectMalformed,
            OBJECT,
            object(|_| b"\xa1\x63fmt\x64none".to_vec()),
        ),
        (
            "object-with-more",
            AttestationObjectMalformed,
            OBJECT,
            object(|bytes| [b"\xa4", &bytes[1..], b"\x61x\x00"].concat()),
        ),
        (
            "object-not-a-map",
            AttestationObjectMalformed,
            OBJECT,
            object(|_| b"\x80".to_vec()),
        ),
        (
            "data-truncated",
            AuthenticatorDataMalformed,
            AUTH_DATA,
            authentication(|c| c.cut = 1),
        ),
        (
            "data-trailing",
            AuthenticatorDataTrailingData,
            AUTH_DATA,
            authentication(|c| c.tail = vec![0]),
        ),
        (
            "data-trailing-key",
            AuthenticatorDataTrailingData,
            AUTH_DATA,
            registration(|c| c.tail = vec![0]),
        ),
        (
            "extensions-missing",
            CborMalformed,
            AUTH_DATA,
            registration(|c| c.flags |= ED),
        ),
        (
            "extensions-not-a-map",
            ExtensionsMalformed,
            AUTH_DATA,
            authentication(|c| {
                c.flags |= ED;
                c.tail = vec![0x80];
            }),
        ),
    ]
}

/// 7.1 steps 14 to 20, 7.2 steps 15 to 19.
pub(super) fn checks() -> Vec<Refusal> {
    vec![
        (
            "another-rp-id",
            RpIdMismatch,
            AUTH_DATA,
            authentication(|c| c.rp_id = "sub.example.org".into()),
        ),
        (
            "not-present",
            UserPresenceMissing,
            AUTH_DATA,
            authentication(|c| c.flags = UV),
        ),
        (
            "not-present-at-registration",
            UserPresenceMissing,
            AUTH_DATA,
            registration(|c| c.flags = UV),
        ),
        (
            "not-verified",
            UserVerificationMissing,
            AUTH_DATA,
            authentication(|c| c.flags = UP | BE),
        ),
        (
            "backed-up-not-eligible",
            BackupStateMismatch,
            AUTH_DATA,
            authentication(|c| c.flags = UP | UV | BS),
        ),
        (
            "eligibility-changed",
            BackupEligibilityMismatch,
            AUTH_DATA,
            authenticated(|c| c["credential"]["backupEligible"] = json!(false)),
        ),
        (
            "no-credential",
            AttestedCredentialDataMissing,
            AUTH_DATA,
            registration(|c| c.flags |= AT),
        ),
        (
            "key-not-offered",
            AlgorithmForbidden,
            KEY,
            registered(|c| c["allowedAlgorithms"] = json!([-8, -257])),
        ),
        (
            "key-of-no-algorithm",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key.retain(|(label, _)| *label != 3)),
        ),
        (
            "key-of-no-type",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key.retain(|(label, _)| *label != 1)),
        ),
        (
            "key-with-its-private-part",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key.push((-4, Cbor::Bytes(vec![1; 32])))),
        ),
        (
            "key-with-a-sign-bit",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key[4].1 = Cbor::Bool(true)),
        ),
        (
            "key-with-operations",
            CoseKeyMalformed,
            KEY,
            with_key(|key| key.insert(2, (4, Cbor::Array(vec![2.into()])))),
        ),
        (
            "key-on-another-curve",
            CoseKeyMismatch,
            KEY,
            with_key(|key| key[2].1 = 2.into()),
        ),
        (
            "key-of-another-algorithm",
            CoseKeyMismatch,
            KEY,
            with_key(|key| key[1].1 = (-257).into()),
        ),
        (
            "key-of-an-unknown-algorithm",
            AlgorithmUnsupported,
            KEY,
            bent(with_key(|key| key[1].1 = (-260).into()), |case| {
                case["allowedAlgorithms"] = json!([-260]);
            }),
        ),
        (
            "key-off-its-curve",
            PublicKeyInvalid,
            KEY,
            with_key(|key| key[4].1 = Cbor::Bytes(vec![1; 32])),
        ),
        (
            "key-too-short",
            PublicKeyInvalid,
            KEY,
            with_key(|key| key[3].1 = Cbor::Bytes(vec![1; 31])),
        ),
        (
            "stored-key-of-small-order",
            PublicKeyInvalid,
            "credential.publicKey",
            authentication(|c| {
                let key = [
                    (1, 1.into()),
                    (3, (-8).into()),
                    (-1, 6.into()),
                    (-2, Cbor::Bytes(vec![0; 32])),
                ];
                c.cose = Some(cose_bytes(&key));
            }),
        ),
        (
            "stored-rsa-key-too-small",
            PublicKeyInvalid,
            "credential.publicKey",
            authentication(|c| {
                let key = [
                    (1, 3.into()),
                    (3, (-257).into()),
                    (-1, Cbor::Bytes(vec![0xff; 128])),
                    (-2, Cbor::Bytes(vec![1, 0, 1])),
                ];
                c.cose = Some(cose_bytes(&key));
            }),
        ),
        (
            "stored-key-too-large",
            CredentialTooLarge,
            "credential.publicKey",
            authenticated(|c| {
                c["credential"]["publicKey"] = json!("A".repeat(5_600));
            }),
        ),
    ]
}
