//! The accepted cases, trusted and not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::formats::{
    GENERATED, TO_SIGN, android_key, android_leaf, apple, apple_leaf, compound, leaf_of_model, packed, packed_by,
    packed_chain, packed_leaf, packed_self, safetynet, safetynet_leaf, safetynet_payload, u2f,
};
use super::registration::{AAGUID, AAGUID_TEXT, Registration, encode};
use super::tpm::Quote;
use super::{ROOT, ROOT_NAME, authority, by_intermediate, by_root, chain, root, with};
use crate::common::certificates::{Builder, Key, algorithms};

pub(super) fn cases() -> Vec<Value> {
    let formats = formats();
    let untrusted = formats.iter().map(|(name, fmt, claim, case)| {
        let nobody = json!({ "trustAnchors": [], "requireTrustedAttestation": false });
        accepted(
            &format!("{name}.untrusted"),
            fmt,
            claim,
            false,
            with(case.clone(), &nobody),
        )
    });
    let trusted = formats
        .iter()
        .chain(&paths())
        .map(|(name, fmt, claim, case)| accepted(name, fmt, claim, true, case.clone()))
        .collect::<Vec<_>>();
    let optional = json!({ "requireTrustedAttestation": false, "trustAnchors": [encode(&other_root())] });
    let registration = Registration::new();
    let strange = with(
        registration.case("packed", packed(&registration, &packed_chain())),
        &optional,
    );
    let none = with(registration.case("packed", packed_self(&registration)), &optional);
    let others = [
        accepted("packed.other-anchor", "packed", "basic", false, strange),
        accepted("packed-self.other-anchor", "packed", "self", false, none),
    ];
    trusted.into_iter().chain(untrusted).chain(others).collect()
}

type Case = (&'static str, &'static str, &'static str, Value);

fn accepted(name: &str, fmt: &str, claim: &str, trusted: bool, case: Value) -> Value {
    let aaguid = if fmt == "fido-u2f" {
        "00000000-0000-0000-0000-000000000000"
    } else {
        AAGUID_TEXT
    };
    let expect = json!({ "fmt": fmt, "attestationType": claim, "trusted": trusted, "aaguid": aaguid });
    with(
        case,
        &json!({ "name": format!("{name}/registration"), "expect": expect }),
    )
}

/// Every format as real authenticators make it.
fn formats() -> Vec<Case> {
    let registration = Registration::new();
    let rsa = Registration::rsa();
    let old = Registration::u2f();
    let tpm = |registration: &Registration, quote: Quote| registration.case("tpm", quote.statement());
    // Android includes its root.
    let android = android_leaf(&registration.client_data_hash(), 1, &[], &[TO_SIGN, GENERATED]);
    let android = [chain(&android), vec![root()]].concat();
    let safetynet = safetynet(
        &safetynet_payload(&registration),
        &chain(&safetynet_leaf("attest.android.com")),
    );
    let safetynet = with(
        registration.case("android-safetynet", safetynet),
        &json!({ "attestationFormats": ["android-safetynet"] }),
    );
    let both = [
        ("packed", packed_self(&registration)),
        ("packed", packed(&registration, &packed_chain())),
    ];
    vec![
        (
            "packed",
            "packed",
            "basic",
            registration.case("packed", packed(&registration, &packed_chain())),
        ),
        (
            "tpm.ES256",
            "tpm",
            "attca",
            tpm(&registration, Quote::es256(&registration)),
        ),
        ("tpm.RS256", "tpm", "attca", tpm(&rsa, Quote::rs256(&rsa))),
        (
            "tpm.RS1",
            "tpm",
            "attca",
            with(tpm(&rsa, Quote::rs1(&rsa)), &json!({ "allowRS1": true })),
        ),
        (
            "android-key",
            "android-key",
            "basic",
            registration.case("android-key", android_key(&registration, &android)),
        ),
        (
            "apple",
            "apple",
            "anonca",
            registration.case("apple", apple(&chain(&apple_leaf(&registration)))),
        ),
        (
            "fido-u2f",
            "fido-u2f",
            "basic",
            old.case("fido-u2f", u2f(&old, &[by_root(&packed_leaf())])),
        ),
        ("android-safetynet", "android-safetynet", "basic", safetynet),
        (
            "compound",
            "compound",
            // The claim of the first, untrusted statement, and what the trusted one proves.
            "basic",
            registration.case("compound", compound(&[both[1].clone(), both[0].clone()])),
        ),
    ]
}

/// Anchors, chains and keys of all kinds.
fn paths() -> Vec<Case> {
    let registration = Registration::new();
    let by = |certificates: &[Vec<u8>]| registration.case("packed", packed(&registration, certificates));
    let anchored = |anchors: Value, case| with(case, &json!({ "trustAnchors": anchors }));
    let model = leaf_of_model(&AAGUID);
    let expired = authority().validity("200101000000Z", "210101000000Z");
    let pem = format!("{}and in the same file\n{}", pem(&other_root()), pem(&root()));
    let ed25519 = Key::ed25519(7);
    let rsa = algorithms::rsa(2048);
    let leaf_by = |key: &Key| Builder {
        public: key.public.clone(),
        ..packed_leaf()
    };
    let signed = |key: &Key, algorithm| {
        let signature = (key.sign)(&registration.signed_data());
        registration.case("packed", packed_by(algorithm, signature, &chain(&leaf_by(key))))
    };
    let leaf_only = [by_root(&packed_leaf())];
    let whole = [packed_chain(), vec![root()]].concat();
    let android = android_leaf(&registration.client_data_hash(), 2, &[], &[TO_SIGN, GENERATED]);
    let android = registration.case("android-key", android_key(&registration, &chain(&android)));
    let both = [
        ("packed", packed_self(&registration)),
        ("packed", packed(&registration, &packed_chain())),
    ];
    let cases = vec![
        ("packed.leaf-only", by(&leaf_only)),
        ("packed.with-its-root", by(&whole)),
        (
            "packed.leaf-is-anchor",
            anchored(json!([encode(&leaf_only[0])]), by(&leaf_only)),
        ),
        (
            "packed.intermediate-is-anchor",
            anchored(
                json!([encode(&by_root(&authority()))]),
                by(&[by_intermediate(&packed_leaf())]),
            ),
        ),
        (
            "packed.expired-anchor",
            anchored(json!([encode(&by_root(&expired))]), by(&packed_chain()[..1])),
        ),
        ("packed.anchors-in-pem", anchored(json!([pem]), by(&packed_chain()))),
        (
            "packed.second-anchor",
            anchored(json!([encode(&other_root()), encode(&root())]), by(&packed_chain())),
        ),
        ("packed.EdDSA", signed(&ed25519, -8)),
        ("packed.RS256", signed(&rsa, -257)),
        (
            "packed.known-model",
            with(
                by(&chain(&model)),
                &json!({ "aaguids": [AAGUID_TEXT], "attestationFormats": ["packed"] }),
            ),
        ),
    ];
    let mut cases: Vec<Case> = cases
        .into_iter()
        .map(|(name, case)| (name, "packed", "basic", case))
        .collect();
    let trusted_environment = json!({ "androidKeySecurity": "trusted-environment" });
    cases.push((
        "android-key.strong-box",
        "android-key",
        "basic",
        with(android, &trusted_environment),
    ));
    let quote = Quote::es256(&registration);
    let unregistered = registration.case("tpm", quote.statement_by(&chain(&quote.leaf_by("id:FFFFF1D0"))));
    for (name, manufacturers) in [
        ("tpm.any-manufacturer", json!("any")),
        ("tpm.named-manufacturer", json!(["id:fffff1d0"])),
    ] {
        let case = with(unregistered.clone(), &json!({ "tpmManufacturers": manufacturers }));
        cases.push((name, "tpm", "attca", case));
    }
    cases.push((
        "compound.second-is-trusted",
        "compound",
        "basic",
        registration.case("compound", compound(&both)),
    ));
    cases
}

/// A root with the same name and another key.
pub(super) fn other_root() -> Vec<u8> {
    let key = Key::p256(ROOT.saturating_add(2));
    Builder::authority(ROOT_NAME, &key).signed_by(ROOT_NAME, &key)
}

fn pem(der: &[u8]) -> String {
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(der)
    )
}
