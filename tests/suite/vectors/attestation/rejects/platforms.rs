//! Invalid statements in the formats of platforms.

use ciborium::Value as Cbor;

use super::{Refusal, SIGNATURE, STATEMENT, X5C, counted, replaced};
use crate::common::certificates::statements::sign;
use crate::common::certificates::{Builder, Key};
use crate::vectors::attestation::formats::{
    FOR_ALL, GENERATED, TO_SIGN, android_key, android_leaf, apple, apple_leaf, packed_by, packed_leaf,
};
use crate::vectors::attestation::registration::Registration;
use crate::vectors::attestation::tpm::{Quote, ecc_area};
use crate::vectors::attestation::{CREDENTIAL, OTHER, chain};
use touchstone_webauthn::error::ErrorCode::{
    AttestationCertificateInvalid, AttestationDataMismatch, AttestationKeyMismatch, AttestationStatementMalformed,
    SignatureInvalid,
};

pub(super) fn cases() -> Vec<Refusal> {
    [tpm(), android(), apple_cases()].concat()
}

fn tpm() -> Vec<Refusal> {
    let registration = Registration::new();
    let bent = |bend: &dyn Fn(&mut Quote)| {
        let mut quote = Quote::es256(&registration);
        bend(&mut quote);
        registration.case("tpm", quote.statement())
    };
    let quote = Quote::es256(&registration);
    let by_other = replaced(quote.statement(), "sig", Cbor::Bytes(sign(OTHER, b"certInfo")));
    let version = replaced(quote.statement(), "ver", Cbor::Text("1.2".into()));
    let no_tpm = chain(&packed_leaf());
    vec![
        (
            "tpm-of-another-key",
            AttestationKeyMismatch,
            STATEMENT,
            "pubArea is of another key than the credential",
            bent(&|quote| quote.public_area = ecc_area(OTHER)),
        ),
        (
            "tpm-of-another-registration",
            AttestationDataMismatch,
            STATEMENT,
            "extraData is the hash of this registration",
            counted().case("tpm", quote.statement()),
        ),
        (
            "tpm-of-another-name",
            AttestationDataMismatch,
            STATEMENT,
            "the certified name is that of pubArea",
            bent(&|quote| quote.name = Some([&[0, 0x0b][..], &[1; 32]].concat())),
        ),
        (
            "tpm-without-its-magic",
            AttestationStatementMalformed,
            "response.attestationObject.attStmt.certInfo",
            "only the TPM itself writes the magic",
            bent(&|quote| quote.magic[3] ^= 1),
        ),
        (
            "tpm-of-an-older-version",
            AttestationStatementMalformed,
            STATEMENT,
            "ver is 2.0",
            registration.case("tpm", version),
        ),
        (
            "tpm-by-another-key",
            SignatureInvalid,
            SIGNATURE,
            "aikCert's key has to sign",
            registration.case("tpm", by_other),
        ),
        (
            "tpm-by-no-tpm-s-certificate",
            AttestationCertificateInvalid,
            X5C,
            "8.3.1 asks for the TPM in the names",
            registration.case("tpm", quote.statement_by(&no_tpm)),
        ),
    ]
}

fn android() -> Vec<Refusal> {
    let registration = Registration::new();
    let hash = registration.client_data_hash();
    let by = |leaf: &Builder| registration.case("android-key", android_key(&registration, &chain(leaf)));
    let good = android_leaf(&hash, 1, &[], &[TO_SIGN, GENERATED]);
    let of_other_key = Builder {
        public: Key::p256(OTHER).public,
        ..good.clone()
    };
    let by_other_key = packed_by(-7, sign(OTHER, &registration.signed_data()), &chain(&of_other_key));
    let invalid = |name, why, case| (name, AttestationCertificateInvalid, X5C, why, case);
    vec![
        (
            "android-key-of-another-challenge",
            AttestationDataMismatch,
            STATEMENT,
            "the challenge is the hash of this client data",
            by(&android_leaf(&[1; 32], 1, &[], &[TO_SIGN, GENERATED])),
        ),
        (
            "android-key-of-another-key",
            AttestationKeyMismatch,
            STATEMENT,
            "the certificate is of another key than the credential",
            registration.case("android-key", by_other_key),
        ),
        (
            "android-key-not-signed",
            SignatureInvalid,
            SIGNATURE,
            "the authenticator data is another",
            counted().case("android-key", android_key(&registration, &chain(&good))),
        ),
        invalid(
            "android-key-for-all-applications",
            "any app could use the key",
            by(&android_leaf(&hash, 1, &[], &[TO_SIGN, FOR_ALL, GENERATED])),
        ),
        invalid(
            "android-key-imported",
            "the key may be elsewhere too",
            by(&android_leaf(&hash, 1, &[], &[TO_SIGN])),
        ),
        invalid(
            "android-key-without-description",
            "nothing says what key it is",
            by(&packed_leaf_of_credential()),
        ),
    ]
}

fn packed_leaf_of_credential() -> Builder {
    Builder {
        public: Key::p256(CREDENTIAL).public,
        ..packed_leaf()
    }
}

fn apple_cases() -> Vec<Refusal> {
    let registration = Registration::new();
    let good = apple_leaf(&registration);
    let of_other_key = Builder {
        public: Key::p256(OTHER).public,
        ..good.clone()
    };
    let by = |leaf: &Builder| registration.case("apple", apple(&chain(leaf)));
    vec![
        (
            "apple-of-another-nonce",
            AttestationDataMismatch,
            STATEMENT,
            "the nonce is of another registration",
            by(&apple_leaf(&counted())),
        ),
        (
            "apple-of-another-key",
            AttestationKeyMismatch,
            STATEMENT,
            "the certificate is of another key than the credential",
            by(&of_other_key),
        ),
        (
            "apple-without-nonce",
            AttestationCertificateInvalid,
            X5C,
            "nothing binds it to the registration",
            by(&packed_leaf_of_credential()),
        ),
    ]
}
