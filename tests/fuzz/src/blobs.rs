//! FIDO metadata. A payload is not read before its signature is verified, so each payload is signed here with a key of
//! the vectors.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

use crate::metadata::{BlobPolicy, MetadataBlob, MetadataEntry, StatusPolicy};
use crate::x509::TrustAnchor;
use crate::{certificates, seeds};

/// The AAGUID of the entry in the seeds.
const AAGUID: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

const ENTRY: &str = r#"{"aaguid":"01020304-0506-0708-090a-0b0c0d0e0f10","metadataStatement":{"description":"A key","icon":"data:image/png;base64,AAAA","attestationTypes":["basic_full"],"attestationRootCertificates":["ROOT"]},"statusReports":[{"status":"FIDO_CERTIFIED","effectiveDate":"2024-02-29"},{"status":"REVOKED"}],"timeOfLastStatusChange":"2024-02-29"}"#;
const U2F_ENTRY: &str =
    r#"{"attestationCertificateKeyIdentifiers":["0102030405060708090a0b0c0d0e0f1011121314"],"statusReports":[]}"#;

fn policy() -> BlobPolicy {
    let root = TrustAnchor::from_der(certificates::root()).expect("the root of the vectors");
    let mut policy = BlobPolicy::new(vec![root], certificates::now());
    policy.signer = None;
    policy
}

fn signed(payload: &[u8]) -> String {
    let (chain, key) = &*seeds::ATTESTOR;
    let chain: Vec<String> = chain.iter().map(|der| STANDARD.encode(der)).collect();
    let header = serde_json::json!({ "alg": "ES256", "typ": "JWT", "x5c": chain }).to_string();
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let key = SigningKey::from_slice(key).expect("the key of the vectors");
    let signature: Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// A payload: an accepted one is kept unchanged, and its entries are found again after it is loaded from a store.
pub(crate) fn payload(data: &[u8]) {
    let Ok(blob) = MetadataBlob::verify(&signed(data), &policy()) else {
        return;
    };
    assert!(blob.as_bytes().starts_with(data));
    assert!(blob.check_next_update(certificates::now()).is_ok());
    let stored = MetadataBlob::from_bytes(blob.as_bytes().to_vec());
    assert_eq!(stored.as_ref(), Ok(&blob));
    assert_eq!(blob.find(&AAGUID, &[]), blob.find(&AAGUID, &[]));
    let _ = blob.entry_by_key_identifier(&[1; 20]);
}

/// A whole BLOB: only the trusted signer's is accepted.
pub(crate) fn jws(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if MetadataBlob::verify(text, &policy()).is_ok() {
        let payload = text
            .split('.')
            .nth(1)
            .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let known = payloads().iter().any(|known| Some(known) == payload.as_ref());
        assert!(known, "accepts what was never signed");
    }
}

/// Bytes from a store.
pub(crate) fn stored(data: &[u8]) {
    let Ok(blob) = MetadataBlob::from_bytes(data.to_vec()) else {
        return;
    };
    assert_eq!(blob.as_bytes(), data);
    let _ = (blob.number(), blob.next_update(), blob.find(&AAGUID, &[]));
    let _ = (blob.entry(&[0; 16]), blob.entry_by_key_identifier(&[1; 20]));
}

/// One entry, and the policy's verdict on its status.
pub(crate) fn entry(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let Ok(entry) = MetadataEntry::parse(text) else { return };
    assert_eq!(MetadataEntry::parse(text), Ok(entry.clone()));
    // Schemes may be upper or lower case.
    let is_image = |icon: &str| icon.to_ascii_lowercase().starts_with("data:image/");
    assert!(entry.icon.as_deref().is_none_or(is_image));
    let (chain, _) = &*seeds::ATTESTOR;
    let _ = entry.describes(&AAGUID, chain);
    let _ = entry.check_status(&StatusPolicy::default(), chain, certificates::now());
}

fn entries() -> [String; 2] {
    let root = STANDARD.encode(certificates::root());
    [ENTRY.replace("ROOT", &root), U2F_ENTRY.into()]
}

fn payloads() -> Vec<Vec<u8>> {
    let [one, two] = entries();
    let payload = |entries: &str| {
        format!(r#"{{"legalHeader":"","no":15,"nextUpdate":"2030-01-01","entries":[{entries}]}}"#).into_bytes()
    };
    let other = payload(&one).iter().rev().copied().collect();
    vec![
        payload(&one),
        payload(&two),
        payload(&format!("{one},{two}")),
        payload(&format!("{two},{one},{one}")),
        payload(""),
        other,
    ]
}

pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let payloads = payloads();
    let blobs = || payloads.iter().map(|payload| signed(payload));
    match target {
        "metadata-payload" => payloads.clone(),
        "metadata-jws" => blobs().map(String::into_bytes).collect(),
        "metadata-stored" => {
            let stored = blobs().filter_map(|jws| MetadataBlob::verify(&jws, &policy()).ok());
            let stored: Vec<Vec<u8>> = stored.map(MetadataBlob::into_bytes).collect();
            [stored, payloads.clone()].concat()
        }
        _ => {
            let [one, two] = entries();
            let less = |member: &str| one.replace(member, "\"x\"");
            let less = ["\"aaguid\"", "\"metadataStatement\"", "\"status\""].map(less);
            [one.clone(), two]
                .into_iter()
                .chain(less)
                .map(String::into_bytes)
                .collect()
        }
    }
}
