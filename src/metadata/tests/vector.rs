//! `tests/vectors/metadata.json`: a BLOB for the tests of the npm package. `make gen` writes the file, a plain run
//! compares.

use alloc::string::ToString;

use serde_json::{Value, json};

use super::*;

/// The root and the model of `tests/vectors/attestation.json`.
const MODEL: &str = "12345678-9abc-def0-1234-56789abcdef0";

fn model_root() -> Vec<u8> {
    let key = Key::p256(10);
    Builder::authority("Touchstone test root", &key).signed_by("Touchstone test root", &key)
}

fn entry(aaguid: &str, description: &str, status: &str) -> String {
    json!({
        "aaguid": aaguid,
        "metadataStatement": {
            "description": description,
            "icon": "data:image/png;base64,iVBORw0KGgo=",
            "attestationTypes": ["basic_full", "attca", "anonca"],
            "attestationRootCertificates": [STANDARD.encode(model_root())],
        },
        "statusReports": [{ "status": status, "effectiveDate": "2025-01-01" }],
    })
    .to_string()
}

fn blob(number: u64, next_update: &str, status: &str) -> String {
    let entries = [
        entry(MODEL, "Touchstone test authenticator", status),
        entry(AAGUID, "Another one", "NOT_FIDO_CERTIFIED"),
    ];
    let entries = entries.each_ref().map(String::as_str);
    Draft::new(&payload(number, next_update, &entries)).signed()
}

fn vector() -> Value {
    json!({
        "about": "FIDO metadata BLOBs of one service; nextUpdate of \"stale\" is past, \"revoked\" revokes the first model",
        "trustAnchors": [URL_SAFE_NO_PAD.encode(root())],
        "signer": SIGNER,
        "now": NOW,
        "models": [MODEL, AAGUID],
        "current": blob(7, "2025-07-01", "FIDO_CERTIFIED_L1"),
        "stale": blob(6, "2025-06-01", "FIDO_CERTIFIED_L1"),
        "revoked": blob(8, "2025-07-01", "REVOKED"),
    })
}

#[test]
fn the_metadata_vector_is_fresh() {
    let text = format!("{:#}\n", vector());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/metadata.json");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == text,
        "{path} is out of date: run `make gen`"
    );
}
