//! Valid attestations that the relying party does not accept, and policies that cannot be met.

use serde_json::{Value, json};

use super::{FORMAT, Refusal, X5C};
use crate::common::certificates::statements::map;
use crate::vectors::attestation::accepts::other_root;
use crate::vectors::attestation::formats::{
    GENERATED, TO_SIGN, android_key, android_leaf, compound, packed, packed_chain, packed_self, safetynet,
    safetynet_leaf, safetynet_payload,
};
use crate::vectors::attestation::registration::{Registration, encode};
use crate::vectors::attestation::tpm::Quote;
use crate::vectors::attestation::{chain, with};
use touchstone_webauthn::error::ErrorCode::{
    self, AaguidForbidden, AttestationFormatForbidden, AttestationUntrusted, PolicyMalformed,
};

pub(super) fn cases() -> Vec<Refusal> {
    [malformed(), formats(), trust()].concat()
}

fn good() -> Value {
    let registration = Registration::new();
    registration.case("packed", packed(&registration, &packed_chain()))
}

fn malformed() -> Vec<Refusal> {
    let policy = |name, field, why, policy: Value| (name, PolicyMalformed, field, why, with(good(), &policy));
    vec![
        policy(
            "models-without-trust",
            "requireTrustedAttestation",
            "an AAGUID that nobody vouches for can be made up",
            json!({ "aaguids": ["00000000-0000-0000-0000-000000000001"], "requireTrustedAttestation": false }),
        ),
        policy(
            "trust-without-anchors",
            "trustAnchors",
            "nothing could be trusted",
            json!({ "trustAnchors": [] }),
        ),
        policy(
            "anchor-is-no-certificate",
            "trustAnchors",
            "an anchor is a certificate",
            json!({ "trustAnchors": ["AAAA"] }),
        ),
        policy(
            "anchor-in-half-a-pem",
            "trustAnchors",
            "the file was cut",
            json!({ "trustAnchors": ["-----BEGIN CERTIFICATE-----\nAAAA\n"] }),
        ),
        policy(
            "manufacturer-is-a-name",
            "tpmManufacturers",
            "manufacturers are named as in certificates",
            json!({ "tpmManufacturers": ["Infineon"] }),
        ),
    ]
}

fn formats() -> Vec<Refusal> {
    let registration = Registration::new();
    let refused = |name, why, case| (name, AttestationFormatForbidden, FORMAT, why, case);
    let payload = safetynet_payload(&registration);
    let safetynet = safetynet(&payload, &chain(&safetynet_leaf("attest.android.com")));
    let both = [("packed", packed(&registration, &packed_chain())), ("none", map(&[]))];
    let only = |formats: Value, case| with(case, &json!({ "attestationFormats": formats }));
    vec![
        refused(
            "format-not-accepted",
            "only TPMs are accepted",
            only(json!(["tpm"]), good()),
        ),
        refused(
            "none-not-accepted",
            "only packed is accepted",
            only(json!(["packed"]), registration.case("none", map(&[]))),
        ),
        refused(
            "safetynet-not-named",
            "a format whose service is gone has to be asked for",
            registration.case("android-safetynet", safetynet.clone()),
        ),
        refused(
            "safetynet-not-named-in-a-compound",
            "and not only outside of a compound",
            registration.case(
                "compound",
                compound(&[both[0].clone(), ("android-safetynet", safetynet)]),
            ),
        ),
        refused(
            "compound-of-a-format-not-accepted",
            "each statement is of an accepted format",
            only(
                json!(["compound", "packed"]),
                registration.case("compound", compound(&both)),
            ),
        ),
    ]
}

fn trust() -> Vec<Refusal> {
    let registration = Registration::new();
    let code: ErrorCode = AttestationUntrusted;
    let software = android_leaf(&registration.client_data_hash(), 0, &[TO_SIGN, GENERATED], &[]);
    let software = registration.case("android-key", android_key(&registration, &chain(&software)));
    let quote = Quote::es256(&registration);
    let rsa = Registration::rsa();
    let unregistered = quote.statement_by(&chain(&quote.leaf_by("id:FFFFF1D0")));
    vec![
        (
            "none-where-trust-is-required",
            code,
            X5C,
            "none proves nothing",
            registration.case("none", map(&[])),
        ),
        (
            "packed-self-where-trust-is-required",
            code,
            X5C,
            "a credential's word for itself leads to no anchor",
            registration.case("packed", packed_self(&registration)),
        ),
        (
            "model-not-accepted",
            AaguidForbidden,
            "response.authenticatorData.aaguid",
            "the model is another one than those of the list",
            with(good(), &json!({ "aaguids": ["00000000-0000-0000-0000-000000000001"] })),
        ),
        (
            "anchor-of-the-same-name",
            ErrorCode::CertificateSignatureInvalid,
            X5C,
            "the anchor has the name of the root, and another key",
            with(good(), &json!({ "trustAnchors": [encode(&other_root())] })),
        ),
        (
            "android-key-in-software",
            ErrorCode::AttestationCertificateInvalid,
            X5C,
            "the policy asks for the trusted environment",
            with(software, &json!({ "androidKeySecurity": "trusted-environment" })),
        ),
        (
            "tpm-of-nobody",
            ErrorCode::AttestationCertificateInvalid,
            X5C,
            "the TCG's registry does not have this manufacturer",
            registration.case("tpm", unregistered),
        ),
        (
            "tpm-with-sha-1",
            ErrorCode::AlgorithmForbidden,
            "response.attestationObject.attStmt.alg",
            "nobody asked for RS1",
            rsa.case("tpm", Quote::rs1(&rsa).statement()),
        ),
    ]
}
