//! Statements that are invalid, whoever issued the certificates.

use ciborium::Value as Cbor;
use serde_json::{Value, json};

use super::{FORMAT, Refusal, SIGNATURE, STATEMENT, X5C, counted, replaced};
use crate::common::certificates::statements::{map, sign};
use crate::common::certificates::{BASIC_CONSTRAINTS, Builder, constraints};
use crate::vectors::attestation::formats::{
    compound, leaf_of_model, packed, packed_by, packed_chain, packed_leaf, packed_self, safetynet, safetynet_leaf,
    safetynet_payload, u2f,
};
use crate::vectors::attestation::registration::Registration;
use crate::vectors::attestation::{ATTESTATION, CREDENTIAL, OTHER, by_root, chain, with};
use touchstone_webauthn::error::ErrorCode::{
    AttestationAaguidMismatch, AttestationAlgorithmMismatch, AttestationCertificateInvalid, AttestationDataMismatch,
    AttestationFormatUnsupported, AttestationKeyMismatch, AttestationStatementMalformed, SignatureInvalid,
};

pub(super) fn cases() -> Vec<Refusal> {
    [packed_cases(), u2f_cases(), safetynet_cases(), compounds()].concat()
}

fn framed() -> Registration {
    let mut registration = Registration::new();
    registration.cross_origin = None;
    registration
}

fn packed_cases() -> Vec<Refusal> {
    let registration = Registration::new();
    let good = || packed(&registration, &packed_chain());
    let case = |statement| registration.case("packed", statement);
    let by = |leaf: &Builder| case(packed(&registration, &chain(leaf)));
    let by_key = |key| case(packed_by(-7, sign(key, &registration.signed_data()), &packed_chain()));
    let other_unit = packed_leaf().subject(&[
        ("2.5.4.6", "AA"),
        ("2.5.4.10", "Vendor"),
        ("2.5.4.11", "Authenticator"),
        ("2.5.4.3", "Model"),
    ]);
    let authority =
        packed_leaf()
            .without(BASIC_CONSTRAINTS)
            .extension(BASIC_CONSTRAINTS, true, &constraints(true, None));
    let invalid = |name, why, case| (name, AttestationCertificateInvalid, X5C, why, case);
    let unsigned = |name, why, case| (name, SignatureInvalid, SIGNATURE, why, case);
    let algorithm = replaced(good(), "alg", (-257).into());
    let more = replaced(good(), "ecdaaKeyId", Cbor::Bytes(vec![]));
    vec![
        unsigned("packed-by-another-key", "the key is nobody's", by_key(OTHER)),
        unsigned(
            "packed-by-the-credential",
            "the leaf's key has to sign",
            by_key(CREDENTIAL),
        ),
        unsigned(
            "packed-of-another-counter",
            "authData is signed",
            counted().case("packed", good()),
        ),
        unsigned(
            "packed-of-other-client-data",
            "clientDataJSON is signed",
            framed().case("packed", good()),
        ),
        (
            "packed-of-another-algorithm",
            AttestationAlgorithmMismatch,
            STATEMENT,
            "the leaf's key is no RSA key",
            case(algorithm),
        ),
        (
            "packed-with-another-member",
            AttestationStatementMalformed,
            STATEMENT,
            "no authenticator makes ECDAA statements",
            case(more),
        ),
        (
            "packed-without-certificates",
            AttestationStatementMalformed,
            STATEMENT,
            "x5c has one at least",
            case(packed(&registration, &[])),
        ),
        invalid("packed-of-another-unit", "8.2.1 prescribes the unit", by(&other_unit)),
        invalid("packed-by-a-ca", "8.2.1 forbids it", by(&authority)),
        (
            "packed-of-another-model",
            AttestationAaguidMismatch,
            STATEMENT,
            "the certificate is of another model",
            by(&leaf_of_model(&[9; 16])),
        ),
    ]
}

fn u2f_cases() -> Vec<Refusal> {
    let registration = Registration::u2f();
    let leaf = by_root(&packed_leaf());
    let good = || u2f(&registration, core::slice::from_ref(&leaf));
    let mut other = Registration::u2f();
    other.credential_id.push(0);
    let rsa = Registration::rsa();
    vec![
        (
            "u2f-of-another-credential",
            SignatureInvalid,
            SIGNATURE,
            "the credential ID is signed",
            other.case("fido-u2f", good()),
        ),
        (
            "u2f-of-an-rsa-key",
            AttestationKeyMismatch,
            STATEMENT,
            "U2F has one kind of key",
            rsa.case("fido-u2f", u2f(&rsa, core::slice::from_ref(&leaf))),
        ),
        (
            "u2f-with-two-certificates",
            AttestationStatementMalformed,
            STATEMENT,
            "x5c has one",
            registration.case("fido-u2f", u2f(&registration, &packed_chain())),
        ),
    ]
}

fn safetynet_cases() -> Vec<Refusal> {
    const RESPONSE: &str = "response.attestationObject.attStmt.response";
    let registration = Registration::new();
    let named = json!({ "attestationFormats": ["android-safetynet"] });
    let case = |payload: &Value, host| {
        let statement = safetynet(payload, &chain(&safetynet_leaf(host)));
        with(registration.case("android-safetynet", statement), &named)
    };
    let host = "attest.android.com";
    let bent =
        |member: &str, value: Value| case(&with(safetynet_payload(&registration), &json!({ member: value })), host);
    vec![
        (
            "safetynet-of-another-nonce",
            AttestationDataMismatch,
            "response.attestationObject.attStmt.response.nonce",
            "the nonce is of another registration",
            case(&safetynet_payload(&counted()), host),
        ),
        (
            "safetynet-of-1970",
            AttestationDataMismatch,
            "response.attestationObject.attStmt.response.timestampMs",
            "the response is not of now",
            bent("timestampMs", json!(1)),
        ),
        (
            "safetynet-of-a-changed-device",
            AttestationDataMismatch,
            "response.attestationObject.attStmt.response.ctsProfileMatch",
            "the device is not as Google approved it",
            bent("ctsProfileMatch", json!(false)),
        ),
        (
            "safetynet-of-another-host",
            AttestationCertificateInvalid,
            RESPONSE,
            "the certificate is of another service",
            case(&safetynet_payload(&registration), "attest.android.com.example.org"),
        ),
    ]
}

fn compounds() -> Vec<Refusal> {
    let registration = Registration::new();
    let good = ("packed", packed(&registration, &packed_chain()));
    let bad = (
        "packed",
        packed_by(-7, sign(ATTESTATION, b"other data"), &packed_chain()),
    );
    let unknown = ("unknown", map(&[]));
    let nested = compound(&[good.clone(), ("packed", packed_self(&registration))]);
    let case = |statements: &[(&str, Cbor)]| registration.case("compound", compound(statements));
    vec![
        (
            "compound-with-one-that-is-invalid",
            SignatureInvalid,
            SIGNATURE,
            "every statement has to be valid",
            case(&[good.clone(), bad]),
        ),
        (
            "compound-with-one-that-is-unknown",
            AttestationFormatUnsupported,
            FORMAT,
            "what it says is not known",
            case(&[good.clone(), unknown]),
        ),
        (
            "compound-of-one",
            AttestationStatementMalformed,
            STATEMENT,
            "a compound has two at least",
            case(core::slice::from_ref(&good)),
        ),
        (
            "compound-in-a-compound",
            AttestationStatementMalformed,
            STATEMENT,
            "8.9 forbids it",
            case(&[good, ("compound", nested)]),
        ),
    ]
}
